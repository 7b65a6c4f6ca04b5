import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OutputBytes } from '../../coders/output-bytes.ts';
import { PipelineError } from '../../errors.ts';
import { megabytes } from './memory-budget.ts';
import { removeStale, temporaryName } from './temporary-files.ts';

/** A file that is longer is followed by another, so that what was read can go. */
const FILE_BYTES = 256 * 2 ** 20;
/** Bytes that are written at once. */
const WRITE_BYTES = 2 ** 20;

/** The file system, as spilling needs it: node:fs, or a test's. */
export interface SpillFiles {
  open(file: string): number;
  /** Gives how many of the bytes it wrote. */
  write(descriptor: number, bytes: Uint8Array): number;
  /** Gives how many bytes it read. */
  read(descriptor: number, into: Uint8Array, position: number): number;
  close(descriptor: number): void;
  remove(file: string): void;
}

const NODE_FILES: SpillFiles = Object.freeze({
  open: (file: string) => openSync(file, 'wx+'),
  write: (descriptor: number, bytes: Uint8Array) => writeSync(descriptor, bytes),
  read: (descriptor: number, into: Uint8Array, position: number) =>
    readSync(descriptor, into, 0, into.length, position),
  close: closeSync,
  remove: (file: string) => rmSync(file, { force: true }),
});

interface OpenFile {
  readonly path: string;
  readonly descriptor: number;
  length: number;
  /** Segments that may still be read. */
  segments: number;
}

/** A part of a spilled file; nobody but its store looks into it. */
export interface Segment {
  readonly file: number;
  readonly start: number;
  readonly end: number;
}

/** Where a run spills to, unless it is told: a folder of the system's for temporary files. */
export function defaultSpillFolder(): string {
  return path.join(tmpdir(), 'millrace-spill');
}

/**
 * The files that one run spills to: written one segment after the other, and removed as soon as nothing in them can be read
 * any more, at the end, and after a crash when the next run in this folder starts.
 *
 * Files are written and read synchronously, through the page cache.
 */
export class SpillStore {
  readonly #folder: string;
  readonly #fs: SpillFiles;
  readonly #open = new Map<number, OpenFile>();
  #files = 0;
  #current: OpenFile | undefined;
  #isReady = false;
  #isClosed = false;
  #bytes = 0;

  /** Removes what processes that are gone have left in `folder`, which is made when it is first written to. */
  constructor(folder: string, files: SpillFiles = NODE_FILES) {
    this.#folder = folder;
    this.#fs = files;
    try {
      removeStale(folder, Date.now());
    } catch {
      // It is not there, or cannot be read: writing will tell.
    }
  }

  /** Bytes that were spilled so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** False once it was closed: nothing can be read any more. */
  get isOpen(): boolean {
    return !this.#isClosed;
  }

  /** Begins a segment; one must end before the next begins. */
  begin(): SegmentWriter {
    if (this.#current === undefined || this.#current.length > FILE_BYTES) this.#current = this.#nextFile();
    const file = this.#current;
    const number = this.#files;
    file.segments += 1;
    const start = file.length;
    return new SegmentWriter({
      write: (bytes) => this.#write(file, bytes),
      end: () => ({ file: number, start, end: file.length }),
    });
  }

  /** Reads up to so many bytes of a segment, from `position` in its file on. */
  read({ file, end }: Segment, position: number, most: number): Buffer {
    const open = this.#open.get(file);
    if (open === undefined) throw new SpillGoneError();
    const bytes = Buffer.allocUnsafe(Math.min(most, end - position));
    for (let done = 0; done < bytes.length;) {
      const read = this.#fs.read(open.descriptor, bytes.subarray(done), position + done);
      if (read === 0)
        throw new RangeError('Cannot read a spilled file as it must be whole: received its end');
      done += read;
    }
    return bytes;
  }

  /** A segment is not read any more. */
  release({ file }: Segment): void {
    const open = this.#open.get(file);
    if (open === undefined || --open.segments > 0) return;
    if (open === this.#current) this.#current = undefined;
    this.#open.delete(file);
    this.#remove(open);
  }

  /** Removes all files. */
  close(): void {
    this.#isClosed = true;
    this.#current = undefined;
    for (const [number, open] of this.#open) {
      this.#open.delete(number);
      this.#remove(open);
    }
  }

  #nextFile(): OpenFile {
    return this.#onDisk(() => {
      if (!this.#isReady) mkdirSync(this.#folder, { recursive: true });
      this.#isReady = true;
      const number = ++this.#files;
      // A run has one store, but a process may have several runs.
      const file = path.join(this.#folder, temporaryName(`${crypto.randomUUID()}-${number}`));
      const open = { path: file, descriptor: this.#fs.open(file), length: 0, segments: 0 };
      this.#open.set(number, open);
      return open;
    });
  }

  #write(file: OpenFile, bytes: Uint8Array): void {
    this.#onDisk(() => {
      for (let done = 0; done < bytes.length;) {
        done += this.#fs.write(file.descriptor, bytes.subarray(done));
      }
    });
    file.length += bytes.length;
    this.#bytes += bytes.length;
  }

  /** After an error of the disk nothing of this run is of use: its files go at once. */
  #onDisk<R>(action: () => R): R {
    if (this.#isClosed) throw new SpillGoneError();
    try {
      return action();
    } catch (cause) {
      const spilled = megabytes(this.#bytes);
      this.close();
      throw new SpillError(this.#folder, spilled, cause);
    }
  }

  #remove({ descriptor, path: file }: OpenFile): void {
    try {
      this.#fs.close(descriptor);
    } finally {
      this.#fs.remove(file);
    }
  }
}

/** Writes one segment. */
export class SegmentWriter {
  /** What is written next goes here; `flush` when a part is whole. */
  readonly bytes = new OutputBytes(WRITE_BYTES + (WRITE_BYTES >> 2));
  readonly #to: { readonly write: (bytes: Uint8Array) => void; readonly end: () => Segment };
  #written = 0;

  constructor(to: { readonly write: (bytes: Uint8Array) => void; readonly end: () => Segment }) {
    this.#to = to;
  }

  /** Bytes of the segment so far. */
  get position(): number {
    return this.#written + this.bytes.length;
  }

  /** Writes to the disk, if there is enough for it. */
  flush(): void {
    if (this.bytes.length >= WRITE_BYTES) this.#write();
  }

  /** Writes the rest. */
  end(): Segment {
    if (this.bytes.length > 0) this.#write();
    return this.#to.end();
  }

  #write(): void {
    this.#written += this.bytes.length;
    this.#to.write(this.bytes.view());
    this.bytes.truncate(0);
  }
}

/** The disk refused what a run had to spill. */
export class SpillError extends PipelineError {
  constructor(folder: string, spilled: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const isFull = (cause as { readonly code?: unknown } | undefined)?.code === 'ENOSPC';
    super(
      `Cannot spill to ${folder} as its disk must ${isFull ? 'have room' : 'take it'}: received ${why}, after ${spilled}; what was spilled is removed`,
      {
        hint: 'Make room there, name another folder (ib.options.cacheRoot, or run({ spillFolder })), or raise memoryBudget',
        cause,
      },
    );
  }
}

/** Values that were spilled are read after their run has ended. */
export class SpillGoneError extends PipelineError {
  constructor() {
    super(
      'Cannot read values that were spilled as their run must not have ended: received a read after its end',
      {
        hint: 'Copy what is needed of a group in the function that gets it: [...values]',
      },
    );
  }
}
