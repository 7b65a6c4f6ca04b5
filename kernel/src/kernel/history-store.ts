import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import type { HistoryRequest, HistoryTuple } from '../protocol/index.ts';
import { globToRegExp } from './glob.ts';

/** The file is cut to half of this when it grows past it, in bytes. */
const SIZE_LIMIT = 4 << 20;
/** A longer cell is remembered by its own kernel only, in bytes. */
const LINE_LIMIT = 256 << 10;

interface Entry {
  readonly session: number;
  readonly line: number;
  readonly input: string;
  readonly output: string | null;
}

/**
 * What was run, in this kernel and in earlier ones, of all kernels and REPLs of one user.
 *
 * The file holds JSON lines. A session takes the next free number by appending a line with its own id: the first
 * such line with a number owns it. Appending is atomic, so kernels share the file without a lock; when the file
 * is cut, a cell that another kernel appends in the very same moment can be lost. A file that cannot be written is
 * told once, and the history then lives as long as the kernel does.
 */
export class HistoryStore {
  readonly #path: string | undefined;
  readonly #sizeLimit: number;
  readonly #onNotice: (notice: string) => void;
  readonly #id = randomUUID();
  readonly #own: Entry[] = [];
  #session: number | undefined;
  #isBroken = false;

  /** @param options.path undefined: nothing is kept on disk. */
  constructor(options: {
    readonly path: string | undefined;
    readonly sizeLimit?: number;
    readonly onNotice?: (notice: string) => void;
  }) {
    this.#path = options.path;
    this.#sizeLimit = options.sizeLimit ?? SIZE_LIMIT;
    this.#onNotice = options.onNotice ?? (() => undefined);
  }

  /** Remembers a cell that was run; `line` is its execution count. */
  add(cell: { readonly line: number; readonly input: string; readonly output: string | null }): void {
    if (cell.input.trim() === '') return;
    const entry = { session: this.#ownSession(), ...cell };
    this.#own.push(entry);
    const { session, line, input, output } = entry;
    this.#append({ s: session, n: line, in: input, out: output });
  }

  /** Answers a history_request, oldest first. */
  query(request: HistoryRequest): HistoryTuple[] {
    const own = this.#ownSession();
    const all = [...this.#stored().filter((entry) => entry.session !== own), ...this.#own];
    const tuple = ({ session, line, input, output }: Entry): HistoryTuple =>
      request.output ? [session, line, [input, output]] : [session, line, input];
    switch (request.hist_access_type) {
      case 'tail':
        return last(all, request.n).map(tuple);
      case 'range': {
        const session = request.session > 0 ? request.session : own + request.session;
        const stop = request.stop ?? Infinity;
        return all
          .filter((entry) => entry.session === session && entry.line >= request.start && entry.line < stop)
          .map(tuple);
      }
      case 'search': {
        const pattern = globToRegExp(request.pattern);
        const found = all.filter((entry) => pattern.test(entry.input));
        const kept = request.unique ? latestOfEach(found) : found;
        return last(kept, request.n ?? kept.length).map(tuple);
      }
    }
  }

  /** This kernel's number; claimed on first use. */
  #ownSession(): number {
    if (this.#session !== undefined) return this.#session;
    for (;;) {
      const lines = this.#lines();
      const number = lines.reduce((highest, line) => Math.max(highest, integerOf(line.s)), 0) + 1;
      this.#append({ s: number, id: this.#id });
      const owner = this.#lines().find((line) => line.s === number && line.id !== undefined);
      // No owner: nothing can be written, and nobody else reads it.
      if (owner === undefined || owner.id === this.#id) {
        this.#session = number;
        return number;
      }
    }
  }

  #stored(): Entry[] {
    return this.#lines().flatMap(({ s, n, in: input, out }) => {
      if (typeof input !== 'string') return [];
      return [
        { session: integerOf(s), line: integerOf(n), input, output: typeof out === 'string' ? out : null },
      ];
    });
  }

  /** All lines that can be read: a line that a full disk cut short is skipped. */
  #lines(): Readonly<Record<string, unknown>>[] {
    if (this.#path === undefined) return [];
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch {
      return []; // there is none yet, or append tells why
    }
    return text.split('\n').flatMap((line): Readonly<Record<string, unknown>>[] => {
      try {
        const value: unknown = JSON.parse(line);
        return typeof value === 'object' && value !== null ? [{ ...value }] : [];
      } catch {
        return [];
      }
    });
  }

  #append(value: object): void {
    const line = `${JSON.stringify(value)}\n`;
    if (this.#path === undefined || this.#isBroken || line.length > LINE_LIMIT) return;
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      appendFileSync(this.#path, line, { mode: 0o600 });
      if (statSync(this.#path).size > this.#sizeLimit) this.#cut(this.#path);
    } catch (error) {
      this.#isBroken = true;
      const why = error instanceof Error ? error.message : String(error);
      this.#onNotice(`Cannot keep the history on disk: ${why}`);
    }
  }

  /** Keeps the newest half; the new file takes the place of the old one at once. */
  #cut(path: string): void {
    const lines = readFileSync(path, 'utf8').split('\n');
    const kept: string[] = [];
    let size = 0;
    for (let index = lines.length - 1; index >= 0 && size < this.#sizeLimit / 2; index--) {
      const line = lines[index] ?? '';
      size += Buffer.byteLength(line) + 1;
      kept.unshift(line);
    }
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, kept.join('\n'), { mode: 0o600 });
    renameSync(temporary, path);
  }
}

function integerOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : 0;
}

function last<T>(items: readonly T[], n: number): readonly T[] {
  return n > 0 ? items.slice(-n) : [];
}

/** Each input once, where it stands last. */
function latestOfEach(entries: readonly Entry[]): Entry[] {
  const latest = new Map<string, Entry>();
  for (const entry of entries) {
    latest.delete(entry.input);
    latest.set(entry.input, entry);
  }
  return [...latest.values()];
}
