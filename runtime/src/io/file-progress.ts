import type { MatchedFile } from './file-pattern.ts';

/** How far a file that grows was read: plain data. */
export interface FileProgress {
  /** Which file it is, whatever its name. */
  readonly inode: string;
  /** Bytes up to the end of the last line that was read. */
  readonly offset: number;
  /** Lines that were read, from the byte `countedFrom` on. */
  readonly lines: number;
  readonly countedFrom: number;
  /** The last bytes before the offset, base64: a file in which something else stands there was written anew. */
  readonly anchor: string;
  /** What the file was like when it was last read to its end; absent while there is more to read. */
  readonly seen?: { readonly size: number; readonly mtimeNs: string };
}

/** Nothing is read yet of `file`. */
export function unread({ inode }: MatchedFile): FileProgress {
  return { inode, offset: 0, lines: 0, countedFrom: 0, anchor: '' };
}

/** True if nothing was written since the file was read to its end. */
export function isReadToEnd({ size, mtimeNs }: MatchedFile, { seen }: FileProgress): boolean {
  return seen?.size === size && seen.mtimeNs === String(mtimeNs);
}

/** What is known of files, by path; `gone` are those that had no name when last looked for. */
export interface KnownFiles {
  readonly files: Readonly<Record<string, FileProgress>>;
  readonly gone: readonly FileProgress[];
}

/** The files that are there, each with its progress. */
export interface FollowedFiles {
  readonly files: readonly { readonly file: MatchedFile; readonly progress: FileProgress }[];
  readonly gone: readonly FileProgress[];
  /** How many names now stand for another file, while the one before is gone. */
  readonly replaced: number;
}

/**
 * Finds files again after the time that passed.
 *
 * A file is known by its inode: one that was renamed goes on where it was, and one that took the name of another begins
 * at its start. What has no name any more is remembered once, as a rename may have hidden it from the listing.
 */
export function followFiles(matched: readonly MatchedFile[], known: KnownFiles): FollowedFiles {
  const nameless = new Map(known.gone.map((progress) => [progress.inode, progress]));
  const now = new Map(matched.map(({ path, inode }) => [path, inode]));
  const inodes = new Set(now.values());
  const left = new Map<string, FileProgress>();
  for (const [path, progress] of Object.entries(known.files)) {
    if (now.get(path) === progress.inode) continue;
    nameless.set(progress.inode, progress);
    left.set(progress.inode, progress);
  }
  let replaced = 0;
  const files = matched.map((file) => {
    const own = known.files[file.path];
    if (own?.inode === file.inode) return { file, progress: own };
    const renamed = nameless.get(file.inode);
    nameless.delete(file.inode);
    left.delete(file.inode);
    if (own !== undefined && renamed === undefined && !inodes.has(own.inode)) replaced += 1;
    return { file, progress: renamed ?? unread(file) };
  });
  return { files, gone: [...left.values()], replaced };
}
