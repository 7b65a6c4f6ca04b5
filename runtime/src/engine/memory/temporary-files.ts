import { readdirSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

/** A file of another machine, whose processes cannot be seen, is left alone for so long: a week, in milliseconds. */
const FOREIGN_AGE = 7 * 24 * 3600 * 1000;

/** A name that says whose it is: machine, process, and something unique in it. */
export function temporaryName(unique: string): string {
  return `${machine()}.${process.pid}.${unique}.tmp`;
}

/** Removes the temporary files of processes that are gone; never those of a process that lives. */
export function removeStale(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    const [owner, pid] = name.split('.');
    const file = path.join(folder, name);
    const isStale = owner === machine() ? !isAlive(Number(pid)) : isOlder(file, now - FOREIGN_AGE);
    if (isStale) rmSync(file, { force: true });
  }
}

function machine(): string {
  return hostname().replace(/[^\w-]/g, '_');
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0); // sends nothing: asks whether it is there
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // there, and another user's
  }
}

function isOlder(file: string, time: number): boolean {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats !== undefined && stats.mtimeMs < time;
}
