import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * What a step was made from: a name for people to the hash (or the value itself) of that input.
 *
 * @typedef {Record<string, string>} Inputs
 */

/**
 * Hashes files, and folders file by file. What does not exist hashes as such: its appearing is a change too.
 *
 * @param {string} root
 * @param {readonly string[]} names Relative to `root`.
 * @returns {Inputs}
 */
export function hashFiles(root, names) {
  return Object.fromEntries(
    names.flatMap((name) => filesIn(root, name)).map((file) => [file, hashFile(path.join(root, file))]),
  );
}

/**
 * @param {string} root
 * @param {string} name
 * @returns {string[]}
 */
function filesIn(root, name) {
  const found = statSync(path.join(root, name), { throwIfNoEntry: false });
  if (!found?.isDirectory()) return [name];
  return readdirSync(path.join(root, name))
    .sort()
    .flatMap((entry) => filesIn(root, `${name}/${entry}`));
}

/** @param {string} file */
function hashFile(file) {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return 'missing';
  }
}

/** The stamps of one clone: what each finished step was made from. */
export class Stamps {
  #folder;

  /** @param {string} folder */
  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * Returns what the step was last made from; undefined if it never was, or did not finish.
   *
   * @param {string} step
   * @returns {Inputs | undefined}
   */
  read(step) {
    try {
      const stamp = /** @type {unknown} */ (JSON.parse(readFileSync(this.#file(step), 'utf8')));
      return typeof stamp === 'object' && stamp !== null ? /** @type {Inputs} */ (stamp) : undefined;
    } catch {
      return undefined; // absent, or half-written by a machine that lost power: the step runs again
    }
  }

  /**
   * @param {string} step
   * @param {Inputs} inputs
   */
  write(step, inputs) {
    mkdirSync(this.#folder, { recursive: true });
    const temporary = `${this.#file(step)}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify(inputs, undefined, 1));
    renameSync(temporary, this.#file(step));
  }

  /** @param {string} step */
  remove(step) {
    rmSync(this.#file(step), { force: true });
  }

  /** @param {string} step */
  #file(step) {
    return path.join(this.#folder, `${step.replaceAll(' ', '-')}.json`);
  }
}

/**
 * Says in a few words why a step has to run: "first time", "package-lock.json changed", "12 inputs changed".
 * Returns undefined if nothing changed.
 *
 * @param {Inputs | undefined} before
 * @param {Inputs} now
 */
export function whyChanged(before, now) {
  if (before === undefined) return 'first time';
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  const changed = [...names].filter((name) => before[name] !== now[name]);
  if (changed.length === 0) return undefined;
  return changed.length === 1 ? `${changed[0]} changed` : `${changed.length} inputs changed`;
}
