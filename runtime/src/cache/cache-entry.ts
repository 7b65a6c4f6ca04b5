import { closeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

import type { Receiver, WindowedValue } from '../model/windowed-value.ts';
import { decodeChunk } from './chunk.ts';
import { openEntry, readChunk, type ChunkPlace, type Manifest, type OpenEntry } from './entry-file.ts';

/** What is known of an entry without reading its elements. */
export interface CacheEntryInfo {
  readonly fingerprint: string;
  /** Full name of the transform that made it. */
  readonly name: string;
  /** Elements in it. */
  readonly count: number;
  /** Its size on disk. */
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. */
  readonly lastUsedAt: number;
  /** Time that it took to compute, in milliseconds. */
  readonly costMs: number;
  /** What the writer gave with it. */
  readonly provenance: unknown;
}

/** A PCollection that was computed before; an ElementSource. Each read makes new objects. */
export interface CacheEntry {
  readonly info: CacheEntryInfo;
  readonly count: number;
  /**
   * Gives all elements in order.
   *
   * All checksums are compared before the first element is given.
   *
   * @throws {DamagedEntryError} if it is damaged, or gone: compute the PCollection again.
   */
  read(receiver: Receiver, signal: AbortSignal): Promise<void>;
  /** The elements numbered `start` to `start + length`, as far as there are; decodes only the chunks that they are in. */
  page(start: number, length: number): Promise<WindowedValue<unknown>[]>;
}

/** Bytes of checked chunks that are kept for reading; those of a bigger entry are read, and checked, twice. */
const KEPT_BYTES = 128 * 1024 * 1024;

/** An entry on disk. It holds no file open between reads. */
export class DiskEntry implements CacheEntry {
  readonly info: CacheEntryInfo;
  readonly #path: string;
  /** Makes the error for a damaged or missing file, after it has removed the file. */
  readonly #damaged: (reason: unknown) => unknown;

  constructor(options: {
    readonly path: string;
    readonly info: CacheEntryInfo;
    readonly damaged: (reason: unknown) => unknown;
  }) {
    this.#path = options.path;
    this.info = options.info;
    this.#damaged = options.damaged;
  }

  get count(): number {
    return this.info.count;
  }

  async read(receiver: Receiver, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const opened = this.#open();
    try {
      const { chunks } = opened.manifest;
      const kept = new Map<ChunkPlace, Buffer>();
      let bytes = 0;
      for (const place of chunks) {
        const chunk = this.#chunk(opened, place);
        if ((bytes += chunk.length) <= KEPT_BYTES) kept.set(place, chunk);
        else if (bytes % KEPT_BYTES < chunk.length) await setImmediate();
        signal.throwIfAborted();
      }
      for (const [index, place] of chunks.entries()) {
        const chunk = kept.get(place) ?? this.#chunk(opened, place);
        kept.delete(place);
        await decodeChunk(chunk, receiver, { from: 0, to: Infinity, signal });
        if (index % 16 === 15) await setImmediate(); // so that an abort gets through
        signal.throwIfAborted();
      }
    } finally {
      closeSync(opened.descriptor);
    }
  }

  async page(start: number, length: number): Promise<WindowedValue<unknown>[]> {
    const rows: WindowedValue<unknown>[] = [];
    if (start >= this.count || length <= 0) return rows;
    const opened = this.#open();
    try {
      const { signal } = new AbortController();
      let first = 0;
      for (const place of opened.manifest.chunks) {
        const [from, to] = [Math.max(0, start - first), start + length - first];
        first += place.count;
        if (to <= 0) break;
        if (from >= place.count) continue;
        const receiver: Receiver = (value, timestamp, windows, pane) =>
          void rows.push({ value, timestamp, windows, pane });
        await decodeChunk(this.#chunk(opened, place), receiver, { from, to, signal });
      }
      return rows;
    } finally {
      closeSync(opened.descriptor);
    }
  }

  #open(): OpenEntry {
    let opened: OpenEntry | undefined;
    try {
      opened = openEntry(this.#path);
    } catch (error) {
      throw this.#damaged(error);
    }
    if (opened === undefined) throw this.#damaged('no file: it was evicted');
    return opened;
  }

  #chunk({ descriptor }: OpenEntry, place: ChunkPlace): Buffer {
    try {
      return readChunk(descriptor, place);
    } catch (error) {
      throw this.#damaged(error);
    }
  }
}

/** What an entry's file tells of it. */
export function infoOf(
  manifest: Manifest,
  { size, mtimeMs }: { readonly size: number; readonly mtimeMs: number },
): CacheEntryInfo {
  const { fingerprint, name, count, createdAt, costMs, provenance } = manifest;
  return { fingerprint, name, count, bytes: size, createdAt, lastUsedAt: mtimeMs, costMs, provenance };
}
