import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

import type { Receiver } from '../model/windowed-value.ts';
import type { CacheEntry } from './cache-entry.ts';
import { ChunkEncoder } from './chunk.ts';
import { entryEnd, type ChunkPlace, type Manifest } from './entry-file.ts';
import { NotCacheableError } from './errors.ts';
import { pathTo, Unfaithful } from '../coders/faithful.ts';

/** What is said of a PCollection that was computed. */
export interface CommitMeta {
  /** Full name of the transform that made it. */
  readonly name: string;
  /** Time that it took to compute, in milliseconds. */
  readonly costMs: number;
  /** Anything that JSON can hold. */
  readonly provenance?: unknown;
}

/** Takes the elements of one PCollection; they become an entry by `commit`, and nothing without it. */
export interface CacheWriter {
  /** Never throws and never waits: what cannot be stored makes the writer uncacheable. */
  readonly add: Receiver;
  /** Why nothing is stored: an element that would come back changed, a full disk; undefined while all is well. */
  readonly uncacheable: string | undefined;
  /** @throws {NotCacheableError} if it is uncacheable, or becomes so while the rest is written. */
  commit(meta: CommitMeta): Promise<CacheEntry>;
  /** Removes what was written; does nothing after commit. */
  abort(): Promise<void>;
}

/** What a DiskWriter needs of its manager. */
export interface DiskWriterOptions {
  readonly fingerprint: string;
  readonly temporary: string;
  readonly final: string;
  readonly sizeLimit: number;
  readonly now: () => number;
  /** Why nothing can be written at all. */
  readonly unusable: string | undefined;
  /** The disk refused to write: the user is told once. */
  readonly onDiskError: (error: unknown) => void;
  readonly onCommit: (manifest: Manifest, bytes: number) => CacheEntry;
}

/** Encoded bytes are written to disk in pieces of this size. */
const WRITE_BYTES = 512 * 1024;

/**
 * Writes an entry's file under a temporary name, and renames it when it is whole.
 *
 * It encodes as elements come and writes synchronously, into the page cache. A small entry touches the disk in commit
 * only.
 */
export class DiskWriter implements CacheWriter {
  readonly add: Receiver;
  readonly #options: DiskWriterOptions;
  readonly #encoder = new ChunkEncoder();
  readonly #chunks: ChunkPlace[] = [];
  #descriptor: number | undefined;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** Bytes of the file, written or waiting. */
  #bytes = 0;
  #count = 0;
  #state: 'open' | 'committed' | 'aborted' = 'open';
  #uncacheable: string | undefined;

  constructor(options: DiskWriterOptions) {
    this.#options = options;
    this.#uncacheable = options.unusable;
    this.add = (value, timestamp, windows, pane) => {
      if (this.#uncacheable !== undefined || this.#state !== 'open') return;
      try {
        this.#encoder.add(value, timestamp, windows, pane);
        this.#count++;
        if (this.#encoder.isFull) this.#flush();
      } catch (error) {
        this.#refuse(error, value);
      }
    };
  }

  get uncacheable(): string | undefined {
    return this.#uncacheable;
  }

  commit(meta: CommitMeta): Promise<CacheEntry> {
    // A promise by contract; the work is short and synchronous.
    return new Promise((resolve) => {
      resolve(this.#commit(meta));
    });
  }

  abort(): Promise<void> {
    if (this.#state === 'open') {
      this.#state = 'aborted';
      this.#discard();
    }
    return Promise.resolve();
  }

  #commit({ name, costMs, provenance }: CommitMeta): CacheEntry {
    if (this.#state !== 'open') {
      throw new RangeError(
        `Cannot commit a cache entry as its writer must be open: received one ${this.#state}`,
      );
    }
    const { fingerprint, temporary, final, now, onCommit } = this.#options;
    let manifest: Manifest | undefined;
    if (this.#uncacheable === undefined) {
      try {
        this.#flush();
        const made = { createdAt: now(), node: process.versions.node, chunks: this.#chunks };
        manifest = { fingerprint, name, count: this.#count, costMs, provenance, ...made };
        this.#push(entryEnd(manifest));
        this.#write();
        this.#close();
        renameSync(temporary, final);
      } catch (error) {
        this.#refuse(error, undefined);
      }
    }
    if (this.#uncacheable !== undefined || manifest === undefined) {
      throw new NotCacheableError(this.#uncacheable ?? 'nothing');
    }
    this.#state = 'committed';
    return onCommit(manifest, this.#bytes);
  }

  #flush(): void {
    const { count } = this.#encoder;
    if (count === 0) return;
    const chunk = this.#encoder.take();
    this.#chunks.push({ offset: this.#bytes, bytes: chunk.length, crc: crc32(chunk), count });
    this.#push(chunk);
    if (this.#waitingBytes >= WRITE_BYTES) this.#write();
  }

  #push(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#bytes += bytes.length;
    if (this.#bytes <= this.#options.sizeLimit) return;
    throw new NotCacheableError(`more than the cache's limit of ${this.#options.sizeLimit} bytes`);
  }

  #write(): void {
    this.#descriptor ??= openSync(this.#options.temporary, 'wx');
    const bytes =
      this.#waiting.length === 1 && this.#waiting[0] ? this.#waiting[0] : Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (let done = 0; done < bytes.length;) done += writeSync(this.#descriptor, bytes, done);
  }

  /** Turns uncacheable; whatever was written goes. */
  #refuse(error: unknown, value: unknown): void {
    if (error instanceof Unfaithful) {
      this.#uncacheable = `an element${pathTo(value, error.culprit)} is ${error.what}`;
    } else if (error instanceof NotCacheableError) {
      this.#uncacheable = error.reason;
    } else if (error instanceof RangeError) {
      this.#uncacheable = `an element is too big or too deeply nested to store (${error.message})`;
    } else if (error instanceof Error && 'syscall' in error) {
      this.#uncacheable = `the cache's disk could not be written (${error.message})`;
      this.#options.onDiskError(error);
    } else {
      // An element's own code: a trap of a Proxy, a getter.
      this.#uncacheable = `an element threw while it was read (${String(error)})`;
    }
    this.#discard();
  }

  #discard(): void {
    this.#waiting = [];
    try {
      this.#close();
      rmSync(this.#options.temporary, { force: true });
    } catch {
      // The disk is in trouble, which was said: the file goes when the next process starts.
    }
  }

  #close(): void {
    if (this.#descriptor === undefined) return;
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    closeSync(descriptor);
  }
}
