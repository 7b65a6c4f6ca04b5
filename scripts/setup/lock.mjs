import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A live holder touches its lock file this often, milliseconds. */
const HEARTBEAT_MS = 1_000;

/** A lock that nobody touched for so long has no holder, whatever process now has its number. */
const STALE_MS = 30_000;

/**
 * Runs `work` while no other process holds `file`, and waits for its turn.
 *
 * A holder that was killed leaves its file behind: it is taken over as soon as its process is gone.
 *
 * @template T
 * @param {string} file
 * @param {{ readonly onWait: (holder: number) => void }} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, { onWait }, work) {
  mkdirSync(path.dirname(file), { recursive: true });
  let told = false;
  while (!create(file)) {
    const holder = readHolder(file);
    if (holder === undefined) continue;
    if (!told && holder.alive) onWait(holder.pid);
    told ||= holder.alive;
    if (holder.alive) await delay(200);
    else takeAway(file, holder.text);
  }
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_MS);
  const release = () => {
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

/** @param {string} file */
function create(file) {
  try {
    writeFileSync(file, `${process.pid} ${Date.now()}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} file */
function readHolder(file) {
  try {
    const text = readFileSync(file, 'utf8');
    const pid = Number.parseInt(text, 10); // NaN while the holder has created the file and not yet written it
    const fresh = Date.now() - statSync(file).mtimeMs < STALE_MS;
    return { text, pid, alive: fresh && (Number.isNaN(pid) || isAlive(pid)) };
  } catch {
    return undefined; // released in this moment
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * Removes a dead holder's lock. Two waiters may try: the rename lets one of them have the file, and a lock that
 * turns out to be a living one's is put back.
 *
 * @param {string} file
 * @param {string} text
 */
function takeAway(file, text) {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readFileSync(aside, 'utf8') === text) rmSync(aside);
    else renameSync(aside, file);
  } catch {
    // Another waiter was faster.
  }
}

/** @param {string} file */
function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // The folder was removed under us; the step itself will fail and say so.
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
