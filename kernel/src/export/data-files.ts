import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync, constants } from 'node:zlib';
import { globSync, isDynamicPattern } from 'tinyglobby';

/** A file that goes into the project. */
export interface DataFile {
  /** Absolute. */
  readonly from: string;
  /** Below the folder that takes the data. */
  readonly to: string;
  readonly size: number;
}

/** The files that a pattern names, and what names them once they have been copied. */
export interface MatchedPattern {
  readonly files: readonly DataFile[];
  /** The pattern, below the folder that takes the data. */
  readonly pattern: string;
}

/** The most files and lines that a sample takes of one pattern. */
const SAMPLE_FILES = 3;
const SAMPLE_LINES = 200;
const SAMPLE_BYTES = 64 * 1024;

/** Whether a text is the name of a file, or a pattern of names, in or near `directory`. */
export function isFilePattern(text: string, directory: string): boolean {
  if (
    !/[./]/.test(text) ||
    text.length > 500 ||
    /[\s<>"|]/.test(text) ||
    /^[a-z][a-z0-9+.-]+:\/\//i.test(text)
  ) {
    return false;
  }
  return (matchPattern(text, directory)?.files.length ?? 0) > 0;
}

/** Finds the files of a pattern as `readFromText` does; undefined for what is no pattern of local files. */
export function matchPattern(pattern: string, directory: string): MatchedPattern | undefined {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(pattern)) return undefined;
  const absolute = path.resolve(directory, pattern);
  if (existsSync(absolute)) {
    const stats = statSync(absolute);
    if (!stats.isFile()) return undefined;
    const name = path.basename(absolute);
    return { files: [{ from: absolute, to: name, size: stats.size }], pattern: name };
  }
  const { folder, rest } = splitPattern(absolute);
  if (!isDynamicPattern(rest) || !existsSync(folder)) return { files: [], pattern: rest };
  const names = globSync(rest, { cwd: folder, expandDirectories: false }).sort();
  const files = names.map((name) => {
    const from = path.join(folder, name);
    return { from, to: name.replaceAll('\\', '/'), size: statSync(from).size };
  });
  return { files, pattern: rest };
}

/** Splits off the leading folders that exist as they are written, so that only the rest is a pattern. */
function splitPattern(absolute: string): { readonly folder: string; readonly rest: string } {
  const { root } = path.parse(absolute);
  const parts = absolute.slice(root.length).split(path.sep);
  let folder = root;
  while (parts.length > 1 && existsSync(path.join(folder, parts[0] ?? ''))) {
    folder = path.join(folder, parts.shift() ?? '');
  }
  return { folder, rest: parts.join('/') };
}

/** The first lines of the first files, whole lines only; gzip stays gzip. */
export function sampleOf(
  files: readonly DataFile[],
): readonly { readonly to: string; readonly content: Buffer }[] {
  return files.slice(0, SAMPLE_FILES).map(({ from, to }) => {
    const bytes = readFileSync(from);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const text = isGzip
      ? gunzipSync(bytes.subarray(0, 4 * SAMPLE_BYTES), { finishFlush: constants.Z_SYNC_FLUSH })
      : bytes;
    const lines = firstLines(text);
    return { to, content: isGzip ? gzipSync(lines) : lines };
  });
}

function firstLines(text: Buffer): Buffer {
  if (text.length <= SAMPLE_BYTES && count(text, text.length) <= SAMPLE_LINES) return text;
  let end = 0;
  for (let line = 0; line < SAMPLE_LINES; line++) {
    const next = text.indexOf(0x0a, end);
    if (next < 0 || (next >= SAMPLE_BYTES && end > 0)) break;
    end = next + 1;
  }
  return text.subarray(0, end === 0 ? text.length : end);
}

function count(text: Buffer, end: number): number {
  let lines = 0;
  for (let at = text.indexOf(0x0a); at >= 0 && at < end; at = text.indexOf(0x0a, at + 1)) lines += 1;
  return lines;
}
