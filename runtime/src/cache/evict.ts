import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

/** How much of the limit is left after an eviction, so that not each commit evicts. */
const LOW_WATER = 0.9;

/** What is in a cache's folder. */
export interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  /** Last use, milliseconds since the epoch. */
  readonly usedAt: number;
}

/** The files of all entries, in no order. */
export function storedFiles(folder: string): StoredFile[] {
  const files: StoredFile[] = [];
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    const stats = statSync(file, { throwIfNoEntry: false }); // another process may have removed it
    if (stats?.isFile() === true) files.push({ path: file, bytes: stats.size, usedAt: stats.mtimeMs });
  }
  return files;
}

/**
 * Which files to remove so that no more than `limit` bytes are left: the least recently used first, never `keep`.
 *
 * A last use in the future (a clock was set back) counts as now, and goes first among those of now.
 */
export function filesToEvict(
  files: readonly StoredFile[],
  { limit, now, keep }: { readonly limit: number; readonly now: number; readonly keep: string },
): StoredFile[] {
  let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= limit) return [];
  const oldestFirst = files
    .filter((file) => file.path !== keep)
    .sort((a, b) => Math.min(a.usedAt, now) - Math.min(b.usedAt, now) || b.usedAt - a.usedAt);
  const evicted: StoredFile[] = [];
  for (const file of oldestFirst) {
    if (total <= limit * LOW_WATER) break;
    evicted.push(file);
    total -= file.bytes;
  }
  return evicted;
}

/** Removes least recently used entries until the limit holds; returns the bytes that are left. */
export function evict(
  folder: string,
  options: { readonly limit: number; readonly now: number; readonly keep: string },
): number {
  const files = storedFiles(folder);
  const evicted = filesToEvict(files, options);
  for (const file of evicted) rmSync(file.path, { force: true });
  const sum = (list: readonly StoredFile[]) => list.reduce((total, { bytes }) => total + bytes, 0);
  return sum(files) - sum(evicted);
}
