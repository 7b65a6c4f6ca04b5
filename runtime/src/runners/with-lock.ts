import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A living holder touches its lock file this often, in milliseconds. */
const HEARTBEAT_MS = 1000;

/** A lock that nobody touched for so long has no holder, whatever process now has its number. */
const STALE_MS = 15_000;

/**
 * Runs `work` while no other process, nor another call of this one, holds `file`, and waits for its turn.
 *
 * A holder that was killed leaves its file behind: it is taken over as soon as its process is gone.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<T> {
  mkdirSync(path.dirname(file), { recursive: true });
  while (!create(file)) {
    signal?.throwIfAborted();
    removeStale(file);
    await delay(50, undefined, { signal });
  }
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_MS);
  const release = (): void => {
    clearInterval(heartbeat);
    rmSync(file, { force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function create(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Two waiters may try: the rename lets one of them have the file, and a lock that turns out fresh is put back. */
function removeStale(file: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    if (!isStale(file)) return;
    renameSync(file, aside);
    if (isStale(aside)) rmSync(aside);
    else renameSync(aside, file);
  } catch {
    // Released in this moment, or another waiter was faster.
  }
}

function isStale(file: string): boolean {
  if (Date.now() - statSync(file).mtimeMs > STALE_MS) return true;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10); // NaN while it is created and not yet written
  if (Number.isNaN(pid)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'EPERM');
  }
}

function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // The folder was removed under us; the work itself will fail and say so.
  }
}
