import { isPrimitiveKey } from '../../coders/key-index.ts';
import { KeyWriter } from '../../coders/key-writer.ts';
import { InputBytes } from '../../coders/input-bytes.ts';
import { OutputBytes } from '../../coders/output-bytes.ts';
import type { Pacer } from '../../executor/pacer.ts';
import type { SpillCoder } from './spill-coder.ts';
import type { Segment, SegmentWriter, SpillStore } from './spill-store.ts';

/** Bytes that are read at once. */
const READ_BYTES = 128 * 1024;
/** A record's hash and length take no more. */
const HEAD_BYTES = 4 + 8;

/** What is held by key, in the order of first sight. */
export interface HeldByKey {
  readonly keys: readonly unknown[];
  readonly held: readonly unknown[];
}

/**
 * Hashes keys and tells equal ones, as grouping compares them.
 *
 * @see FNV-1a, and the finalizer of MurmurHash3, as FNV's low bits alone are no good order
 */
export class KeyHash {
  readonly #writer: KeyWriter;
  readonly #bytes = new OutputBytes();

  constructor(transform: string) {
    this.#writer = new KeyWriter(transform);
  }

  /** 32 bits, not negative. */
  of(key: unknown): number {
    this.#bytes.truncate(0);
    this.#writer.write(key, this.#bytes);
    const bytes = this.#bytes.view();
    let hash = 0x811c9dc5;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }

  isSame(a: unknown, b: unknown): boolean {
    if (isPrimitiveKey(a) || isPrimitiveKey(b)) return a === b || Object.is(a, b);
    return this.#text(a) === this.#text(b);
  }

  #text(key: unknown): string {
    this.#bytes.truncate(0);
    this.#writer.write(key, this.#bytes);
    return this.#bytes.view().toString('latin1');
  }
}

/** The numbers of keys by their hashes, least first. */
export async function sortByHash(
  keys: readonly unknown[],
  hash: KeyHash,
  pacer: Pacer,
): Promise<{ readonly order: Uint32Array; readonly hashes: Uint32Array }> {
  const hashes = new Uint32Array(keys.length);
  // The hash and the number in one double, which sorts by itself: 32 + 21 bits; beyond two million keys by comparison.
  for (let number = 0; number < keys.length; number++) {
    hashes[number] = hash.of(keys[number]);
    const wait = pacer.pause();
    if (wait !== undefined) await wait;
  }
  const order = new Uint32Array(keys.length);
  if (keys.length < 2 ** 21) {
    const packed = new Float64Array(keys.length);
    for (let number = 0; number < keys.length; number++)
      packed[number] = (hashes[number] ?? 0) * 2 ** 21 + number;
    packed.sort();
    for (let at = 0; at < keys.length; at++) order[at] = (packed[at] ?? 0) % 2 ** 21;
  } else {
    for (let number = 0; number < keys.length; number++) order[number] = number;
    order.sort((a, b) => (hashes[a] ?? 0) - (hashes[b] ?? 0) || a - b);
  }
  return { order, hashes };
}

/**
 * Writes what is held as a segment: records by the hashes of their keys, so that several such segments can be merged.
 *
 * A record is a hash (32 bits), the length of what follows, the key, and what is held: one value, or of a list a piece of its
 * values, which the next records of the same key go on with.
 */
export async function writeSorted(
  to: SegmentWriter,
  { keys, held }: HeldByKey,
  options: {
    readonly coder: SpillCoder;
    readonly hash: KeyHash;
    readonly isList: boolean;
    readonly pacer: Pacer;
  },
): Promise<Segment> {
  const { coder, hash, isList, pacer } = options;
  const { order, hashes } = await sortByHash(keys, hash, pacer);
  const { bytes } = to;
  for (const number of order) {
    let at = 0;
    const values = held[number];
    do {
      bytes.uint32(hashes[number] ?? 0);
      const start = bytes.length;
      coder.write(keys[number], bytes);
      // A list, as `isList` says.
      if (isList) at = coder.writePiece(values as readonly unknown[], at, bytes);
      else coder.write(values, bytes);
      bytes.prefixLength(start);
      to.flush();
      const wait = pacer.pause();
      if (wait !== undefined) await wait;
    } while (isList && at < (values as readonly unknown[]).length);
  }
  return to.end();
}

/** Reads the records of a segment one after the other. */
export class SegmentCursor {
  readonly segment: Segment;
  readonly #store: SpillStore;
  /** Where `#input` begins, in the segment's file. */
  #base: number;
  #input = new InputBytes(new Uint8Array());
  #recordStart = 0;
  #bodyStart = 0;
  #recordEnd = 0;
  /** Of the record that `next` came to. */
  hash = -1;

  /** @param position In the segment's file; its start unless told. */
  constructor(store: SpillStore, segment: Segment, position = segment.start) {
    this.#store = store;
    this.segment = segment;
    this.#base = position;
  }

  /** Where the record begins, in the segment's file. */
  get position(): number {
    return this.#base + this.#recordStart;
  }

  /** Goes to the next record; false after the last. */
  next(): boolean {
    this.#recordStart = this.#recordEnd;
    if (this.position >= this.segment.end) return false;
    this.#need(HEAD_BYTES);
    this.#input.position = this.#recordStart;
    this.hash = this.#input.uint32();
    const length = this.#input.count();
    this.#bodyStart = this.#input.position;
    const whole = this.#bodyStart + length - this.#recordStart;
    if (whole > this.#bytesLeft()) {
      const head = this.#bodyStart - this.#recordStart;
      this.#need(whole);
      this.#bodyStart = head;
    }
    this.#recordEnd = this.#recordStart + whole;
    return true;
  }

  /** The key of the record; what is held can be read after it. */
  key(coder: SpillCoder): unknown {
    this.#input.position = this.#bodyStart;
    return coder.read(this.#input);
  }

  /** What is held, after `key`. */
  value(coder: SpillCoder): unknown {
    return coder.read(this.#input);
  }

  /** The next value of a list's piece, after `key`; `hasValue` says whether there is one. */
  get hasValue(): boolean {
    return this.#input.position < this.#recordEnd;
  }

  /** Bytes of the record. */
  get length(): number {
    return this.#recordEnd - this.#recordStart;
  }

  /** The record as it is written. */
  raw(): Buffer {
    this.#input.position = this.#recordStart;
    return this.#input.raw(this.length);
  }

  #bytesLeft(): number {
    this.#input.position = this.#recordStart;
    return this.#input.left;
  }

  /** Has so many bytes from the record's start on, or all that are left. */
  #need(bytes: number): void {
    if (this.#bytesLeft() >= bytes) return;
    this.#base += this.#recordStart;
    this.#recordStart = this.#recordEnd = 0;
    const left = this.segment.end - this.#base;
    if (bytes > left && bytes > HEAD_BYTES) {
      throw new RangeError('Cannot read a spilled segment as its records must be whole: received its end');
    }
    this.#input = new InputBytes(this.#store.read(this.segment, this.#base, Math.max(bytes, READ_BYTES)));
  }
}
