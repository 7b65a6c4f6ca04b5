/**
 * A cache entry cannot be read: it is damaged, or was evicted since it was looked up.
 *
 * The manager has removed it and said so; whoever reads computes the PCollection again. It is thrown before the first
 * element was handed out, unless the file changes while it is read.
 */
export class DamagedEntryError extends Error {
  override readonly name = 'DamagedEntryError';
  readonly fingerprint: string;

  constructor(fingerprint: string, reason: string) {
    super(`Cannot read cache entry ${fingerprint} as it must be whole: received ${reason}`);
    this.fingerprint = fingerprint;
  }
}

/** Elements were not stored: some would come back changed, or the disk has no room. The computation is not affected. */
export class NotCacheableError extends Error {
  override readonly name = 'NotCacheableError';
  /** As a sentence part: "an element's .socket is an instance of Socket". */
  readonly reason: string;

  constructor(reason: string) {
    super(`Cannot cache a PCollection as its elements must be storable: received ${reason}`);
    this.reason = reason;
  }
}
