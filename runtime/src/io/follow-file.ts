import { open, type FileHandle } from 'node:fs/promises';

import type { PollOptions } from '../model/unbounded-source.ts';
import { localBytes } from './local-bytes.ts';
import { errorCode, fileError } from './file-error.ts';
import type { MatchedFile } from './file-pattern.ts';
import { unread, type FileProgress } from './file-progress.ts';
import { LineSplitter } from './line-splitter.ts';
import { shownPath } from './local-path.ts';
import { TailBytes } from './tail-bytes.ts';

const LF = 10;
const BLOCK_BYTES = 64 * 1024;

/** How a file is read on. */
export interface FollowFileOptions extends PollOptions<string> {
  readonly invalidUtf8: 'refuse' | 'replace';
  /** Nothing more will be written: what is left without a line's end is a line. */
  readonly isFinished: boolean;
}

/** How far reading on came. */
export interface Followed {
  readonly progress: FileProgress;
  readonly emitted: number;
  /** It was written anew, so it was read from its start. */
  readonly isRestarted: boolean;
}

/**
 * Emits the lines that a file has beyond `known`, each with the time of now.
 *
 * The progress has `seen` once the end of the file was reached; without it the limit came first.
 *
 * @returns undefined if the file is gone.
 * @throws {FileError} if it cannot be read. @throws `signal.reason` once aborted.
 */
export async function followFile(
  file: MatchedFile,
  known: FileProgress,
  options: FollowFileOptions,
): Promise<Followed | undefined> {
  const name = shownPath(file.path);
  try {
    const isRestarted = !(await reading(name, () => holdsAnchor(file, known)));
    const from = isRestarted ? unread(file) : known;
    return { ...(await readOn(file, from, options)), isRestarted };
  } catch (error) {
    if (error instanceof GoneError) return undefined;
    throw error;
  }
}

async function readOn(
  file: MatchedFile,
  from: FileProgress,
  { emit, now, limit, signal, invalidUtf8, isFinished }: FollowFileOptions,
): Promise<Omit<Followed, 'isRestarted'>> {
  const name = shownPath(file.path);
  const splitter = new LineSplitter({
    file: from.countedFrom === 0 ? name : `${name} from byte ${from.countedFrom} on`,
    emit: (line) => emit(line, now),
    signal,
    skip: 0,
    linesBefore: from.lines,
    invalidUtf8,
  });
  const tail = new TailBytes(from.anchor);
  let { offset } = from;
  let [emitted, pendingBytes, isAtEnd] = [0, 0, false];
  const chunks = localBytes(file.path, { from: offset });
  try {
    while (emitted < limit) {
      signal.throwIfAborted();
      const { value: chunk } = await reading(name, () => chunks.next());
      if (chunk === undefined) {
        isAtEnd = true;
        break;
      }
      const { end, count } = endOfLines(chunk, limit - emitted);
      if (count > 0) {
        tail.end(chunk.subarray(0, end));
        offset += pendingBytes + end;
        pendingBytes = 0;
        emitted += count;
      }
      const rest = emitted < limit ? chunk.subarray(end) : chunk.subarray(end, end);
      tail.keep(rest);
      pendingBytes += rest.length;
      await splitter.push(chunk.subarray(0, end + rest.length));
    }
  } finally {
    await chunks.return();
  }
  if (isAtEnd && isFinished && pendingBytes > 0) {
    await splitter.end();
    offset += pendingBytes;
    emitted += 1;
  }
  const seen = { size: file.size, mtimeNs: String(file.mtimeNs) };
  const { inode } = file;
  const { countedFrom } = from;
  const progress = { inode, offset, lines: from.lines + emitted, countedFrom, anchor: tail.toString() };
  return { progress: isAtEnd ? { ...progress, seen } : progress, emitted };
}

/** Where the first `most` lines of `chunk` end, or all that end in it. */
function endOfLines(chunk: Buffer, most: number): { readonly end: number; readonly count: number } {
  let [end, count] = [0, 0];
  while (count < most) {
    const next = chunk.indexOf(LF, end) + 1;
    if (next === 0) break;
    end = next;
    count += 1;
  }
  return { end, count };
}

/** False if what was read of the file is there no more: it was cut, or written anew. */
async function holdsAnchor({ path }: MatchedFile, { offset, anchor }: FileProgress): Promise<boolean> {
  if (offset === 0) return true;
  const wanted = Buffer.from(anchor, 'base64');
  return await withFile(path, async (handle) => {
    const found = Buffer.alloc(wanted.length);
    const { bytesRead } = await handle.read(found, 0, found.length, offset - found.length);
    return bytesRead === wanted.length && found.equals(wanted);
  });
}

/**
 * The progress of one who has read all of a file but its last line, if that has no end yet: reading begins with what is
 * written from now on.
 *
 * @returns undefined if the file is gone.
 */
export async function readUpToNow(file: MatchedFile): Promise<FileProgress | undefined> {
  try {
    return await reading(shownPath(file.path), () =>
      withFile(file.path, async (handle) => {
        const offset = await lastLineStart(handle, file.size);
        const tail = new TailBytes('');
        const bytes = Buffer.alloc(Math.min(offset, BLOCK_BYTES));
        await handle.read(bytes, 0, bytes.length, offset - bytes.length);
        tail.end(bytes);
        return { inode: file.inode, offset, lines: 0, countedFrom: offset, anchor: tail.toString() };
      }),
    );
  } catch (error) {
    if (error instanceof GoneError) return undefined;
    throw error;
  }
}

async function lastLineStart(handle: FileHandle, size: number): Promise<number> {
  const block = Buffer.alloc(BLOCK_BYTES);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const { bytesRead } = await handle.read(block, 0, end - start, start);
    const lineEnd = block.subarray(0, bytesRead).lastIndexOf(LF);
    if (lineEnd >= 0) return start + lineEnd + 1;
    end = start;
  }
  return 0;
}

async function withFile<R>(path: string, use: (handle: FileHandle) => Promise<R>): Promise<R> {
  const handle = await open(path);
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

/** It was there when files were matched. */
class GoneError extends TypeError {}

async function reading<R>(name: string, read: () => Promise<R>): Promise<R> {
  try {
    return await read();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw new GoneError(`Cannot read "${name}" as it is gone`);
    throw fileError('read', name, error);
  }
}
