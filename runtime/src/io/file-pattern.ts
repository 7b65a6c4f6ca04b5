import { accessSync, constants, readdirSync, statSync, type BigIntStats } from 'node:fs';
import path from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';

import { nearByNames } from '../model/near-by-names.ts';
import { errorCode, FileError, fileError } from './file-error.ts';
import { localPath, shownPath } from './local-path.ts';

/** A file that a pattern named, as it was when the pattern was matched. */
export interface MatchedFile {
  /** Absolute. */
  readonly path: string;
  readonly size: number;
  /** Last change, nanoseconds since the epoch. */
  readonly mtimeNs: bigint;
  /** Device and inode: the same for a file that was renamed, another for one that took its name. */
  readonly inode: string;
}

/** How matchFiles matches. */
export interface MatchFilesOptions {
  /** A pattern without a match names no file, yet: no error. */
  readonly mayBeMissing?: boolean;
}

/**
 * The files that `patterns` name now: in the order of the patterns, sorted by path within each, each file once.
 *
 * A pattern that names an existing file is that file, also if the name holds brackets or stars. Otherwise `*`, `**`,
 * `?`, `[…]` and `{a,b}` mean what they mean in a shell: `*` matches no leading dot, and folders are not files.
 *
 * @throws {FileError} if a pattern matches nothing (unless it may), names what is not a file, or is in a folder that
 *   cannot be listed.
 */
export async function matchFiles(
  patterns: readonly string[],
  options: MatchFilesOptions = {},
): Promise<readonly MatchedFile[]> {
  const files = new Map<string, MatchedFile>();
  for (const pattern of patterns) {
    for (const file of await matchOne(pattern, options)) files.set(file.path, files.get(file.path) ?? file);
  }
  return [...files.values()];
}

async function matchOne(
  pattern: string,
  { mayBeMissing = false }: MatchFilesOptions,
): Promise<readonly MatchedFile[]> {
  const absolute = localPath(pattern, 'read');
  const stats = statOf(absolute);
  if (stats !== undefined) return [literalFile(absolute, stats)];
  const { folder, rest } = splitPattern(absolute);
  if (!isDynamicPattern(rest)) {
    if (mayBeMissing) return [];
    throw missingFile(pattern, absolute);
  }
  requireListable(folder);
  const names = await glob(rest, { cwd: folder, absolute: true, expandDirectories: false });
  const files = names.sort().flatMap((name) => {
    const found = statOf(path.resolve(name));
    return found?.isFile() === true ? [literalFile(path.resolve(name), found)] : [];
  });
  if (files.length === 0 && !mayBeMissing) throw emptyGlob(pattern, folder);
  return files;
}

function literalFile(absolute: string, stats: BigIntStats): MatchedFile {
  if (stats.isDirectory()) {
    const all = path.join(shownPath(absolute), '*');
    throw new FileError(
      `Cannot read "${shownPath(absolute)}" as text is read from files: received a folder`,
      {
        hint: `Name the files in it: '${all}'`,
      },
    );
  }
  if (!stats.isFile()) {
    throw new FileError(
      `Cannot read "${shownPath(absolute)}" as text is read from files: received a pipe, socket or device`,
      { hint: 'Copy what comes out of it to a file first' },
    );
  }
  const { size, mtimeNs, dev, ino } = stats;
  return { path: absolute, size: Number(size), mtimeNs, inode: `${dev}:${ino}` };
}

/** The glob takes a folder that it may not list for an empty one. */
function requireListable(folder: string): void {
  try {
    accessSync(folder, constants.R_OK);
  } catch (error) {
    throw fileError('read', shownPath(folder), error);
  }
}

/** Splits off the leading folders that exist as they are written, so that only the rest is a pattern. */
function splitPattern(absolute: string): { readonly folder: string; readonly rest: string } {
  const { root } = path.parse(absolute);
  const parts = absolute.slice(root.length).split(path.sep);
  let folder = root;
  while (parts.length > 1) {
    const deeper = path.join(folder, parts[0] ?? '');
    if (statOf(deeper)?.isDirectory() !== true) break;
    folder = deeper;
    parts.shift();
  }
  return { folder, rest: parts.join('/') };
}

/** Undefined if nothing is there. */
function statOf(file: string): BigIntStats | undefined {
  try {
    return statSync(file, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    // Below a file there is nothing; Node 20 throws here, Node 24 does not.
    if (errorCode(error) === 'ENOTDIR') return undefined;
    throw fileError('read', shownPath(file), error);
  }
}

function missingFile(pattern: string, absolute: string): FileError {
  const { folder, rest } = splitPattern(absolute);
  const [wanted = rest, ...deeper] = rest.split('/');
  const what = deeper.length === 0 ? 'file' : 'folder';
  const nearest = path.join(folder, wanted);
  if (statOf(nearest) !== undefined) {
    return new FileError(`Cannot read "${pattern}" as a part of its path is a file, not a folder`, {
      hint: `${nearest} is a file`,
    });
  }
  // It is there, and yet leads to nothing.
  if (namesIn(folder).includes(wanted)) {
    return new FileError(`Cannot read "${pattern}" as it must exist: received a symbolic link to nothing`, {
      hint: `${nearest} points to a file that is not there`,
    });
  }
  return new FileError(`Cannot read "${pattern}" as it must exist: received no such file`, {
    hint: `There is no ${what} "${wanted}" in ${folder}${suggestion(folder, wanted)}`,
  });
}

function suggestion(folder: string, wanted: string): string {
  const near = nearByNames(wanted, namesIn(folder));
  return near.length === 0 ? '' : `: did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`;
}

function emptyGlob(pattern: string, folder: string): FileError {
  const names = namesIn(folder).filter((name) => !name.startsWith('.'));
  const some = names
    .slice(0, 3)
    .map((name) => `"${name}"`)
    .join(', ');
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return new FileError(`Cannot read "${pattern}" as the pattern must match a file: received none`, {
    hint: names.length === 0 ? `${folder} is empty` : `Looked in ${folder}, which holds ${some}${more}`,
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return []; // this is for a hint only
  }
}
