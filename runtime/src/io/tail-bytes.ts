/** How many bytes are kept. */
const KEPT = 128;

/** The last bytes of a line-wise stream, up to its last line's end. */
export class TailBytes {
  #ended: Buffer;
  #pending: Buffer = Buffer.alloc(0);

  /** @param base64 Where it goes on from: an earlier toString(). */
  constructor(base64: string) {
    this.#ended = Buffer.from(base64, 'base64');
  }

  /** Bytes after the last line's end. */
  keep(bytes: Buffer): void {
    this.#pending = last([this.#pending, bytes]);
  }

  /** Bytes that end with a line's end. */
  end(bytes: Buffer): void {
    this.#ended = last([this.#ended, this.#pending, bytes]);
    this.#pending = Buffer.alloc(0);
  }

  toString(): string {
    return this.#ended.toString('base64');
  }
}

/** A copy: chunks are used again. */
function last(parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts.map((part) => part.subarray(-KEPT))).subarray(-KEPT);
}
