import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { crc32 } from 'node:zlib';

/**
 * The form of an entry's file, of which there is one for each fingerprint:
 *
 *     chunk …                         chunk.ts; each with its length and checksum in the manifest
 *     manifest                        JSON
 *     trailer                         16 bytes: manifest length, its CRC-32, FORMAT, "MLRC" (little-endian)
 *
 * It is written under another name and renamed when it is whole, so that a kill leaves no half entry. A reader opens it
 * once and needs nothing else: to evict it meanwhile does no harm.
 */
const FORMAT = 1;
const MAGIC = 0x43524c4d;
const TRAILER_BYTES = 16;
/** Read at once from the end: a small entry comes whole, and most manifests do. */
const TAIL_BYTES = 64 * 1024;

/** Where a chunk is in its file. */
export interface ChunkPlace {
  readonly offset: number;
  readonly bytes: number;
  readonly crc: number;
  /** Elements in it. */
  readonly count: number;
}

/** What a file says of itself. */
export interface Manifest {
  readonly fingerprint: string;
  readonly name: string;
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Time that it took to compute, in milliseconds. */
  readonly costMs: number;
  readonly provenance: unknown;
  /** For whoever wonders about an old file; no part of reading it. */
  readonly node: string;
  readonly chunks: readonly ChunkPlace[];
}

/** An entry's file, open. */
export interface OpenEntry {
  readonly descriptor: number;
  readonly manifest: Manifest;
  readonly stats: Stats;
}

/** The name of the file of a fingerprint, which may hold any characters. */
export function entryFileName(fingerprint: string): string {
  return `${createHash('sha256').update(fingerprint).digest('hex').slice(0, 40)}.entry`;
}

/** What follows the chunks. */
export function entryEnd(manifest: Manifest): Buffer {
  const json = Buffer.from(JSON.stringify(manifest));
  const trailer = Buffer.allocUnsafe(TRAILER_BYTES);
  trailer.writeUInt32LE(json.length, 0);
  trailer.writeUInt32LE(crc32(json), 4);
  trailer.writeUInt32LE(FORMAT, 8);
  trailer.writeUInt32LE(MAGIC, 12);
  return Buffer.concat([json, trailer]);
}

/**
 * Opens an entry's file and reads its manifest; the caller closes it. Undefined if there is none.
 *
 * @throws {RangeError} if it is damaged.
 */
export function openEntry(path: string): OpenEntry | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // node:fs throws nothing else
    // ENOTDIR: a file is where the cache's directory should be, so no entry is there either.
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
  try {
    const stats = fstatSync(descriptor);
    return { descriptor, manifest: readManifest(descriptor, stats.size), stats };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** The bytes of a chunk. @throws {RangeError} if they are not those that were written. */
export function readChunk(descriptor: number, { offset, bytes, crc }: ChunkPlace): Buffer {
  const chunk = readBytes(descriptor, offset, bytes);
  if (crc32(chunk) !== crc) throw new RangeError('a chunk with a wrong checksum');
  return chunk;
}

function readManifest(descriptor: number, size: number): Manifest {
  if (size < TRAILER_BYTES) throw new RangeError('a file that was cut off');
  const tail = readBytes(descriptor, Math.max(0, size - TAIL_BYTES), Math.min(size, TAIL_BYTES));
  const trailer = tail.subarray(tail.length - TRAILER_BYTES);
  if (trailer.readUInt32LE(12) !== MAGIC || trailer.readUInt32LE(8) !== FORMAT) {
    throw new RangeError('a file with another end');
  }
  const length = trailer.readUInt32LE(0);
  if (length > size - TRAILER_BYTES) throw new RangeError('a manifest with a wrong length');
  const json =
    length + TRAILER_BYTES <= tail.length
      ? tail.subarray(tail.length - TRAILER_BYTES - length, tail.length - TRAILER_BYTES)
      : readBytes(descriptor, size - TRAILER_BYTES - length, length);
  if (crc32(json) !== trailer.readUInt32LE(4)) throw new RangeError('a manifest with a wrong checksum');
  return JSON.parse(json.toString()) as Manifest; // what entryEnd wrote: the checksum holds
}

function readBytes(descriptor: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length;) {
    const read = readSync(descriptor, bytes, done, length - done, offset + done);
    if (read === 0) throw new RangeError('a file that was cut off');
    done += read;
  }
  return bytes;
}
