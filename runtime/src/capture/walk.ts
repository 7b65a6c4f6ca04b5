import type { Builtins } from './builtins.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { FunctionSources } from './function-source.ts';
import type { ThreadInspector } from './inspector.ts';
import type { Scripts } from './scripts.ts';

/** What all digests of a thread share. Nothing in it can go stale. */
export interface Toolbox {
  readonly inspector: ThreadInspector;
  readonly sources: FunctionSources;
  readonly scripts: Scripts;
  readonly builtins: Builtins;
  readonly writer: ByteWriter;
}

/** One part of a digest, to be written: a function with its own part, or a captured value. */
export interface Task {
  /** Unique in the digest: `helper "stem" → value "suffixes"`; the root's is empty. */
  readonly path: string;
  /** How an error calls it: `"suffixes"`. */
  readonly subject: string;
  /** How an error says where it came from: ` captured by "stem"`; may be empty. */
  readonly from: string;
  readonly value: unknown;
  /** It was found in its class or its prototype, so that `super` in it is known. */
  readonly isMember: boolean;
}

/** What a part that is found in another one is given. */
export interface TaskOptions {
  /** `helper "stem"`. */
  readonly label: string;
  readonly subject: string;
  readonly from: string;
  readonly isMember?: boolean;
}

/** Separates the steps of a part's path. */
export const ARROW = ' → ';

/**
 * One digest under way: which parts there are, what was seen, what is still to be written.
 *
 * Functions and captured values become parts of their own, written one after another in the order in which they
 * were found; within a part a value is written in depth. So the answer depends on the values alone.
 */
export class Walk {
  readonly tools: Toolbox;
  readonly #tasks: Task[] = [];
  readonly #paths = new Set<string>();
  readonly #functions = new Map<object, string>();
  readonly #objects = new Map<object, { readonly path: string; readonly index: number }>();
  readonly #keys = new Map<string, number>();
  #current: Task;
  #objectCount = 0;

  constructor(tools: Toolbox, root: Task) {
    this.tools = tools;
    this.#current = root;
    this.#tasks.push(root);
    this.#paths.add(root.path);
    if (typeof root.value === 'function') this.#functions.set(root.value, root.path);
  }

  get writer(): ByteWriter {
    return this.tools.writer;
  }

  /** The part that is being written. */
  get current(): Task {
    return this.#current;
  }

  /** Takes the next part to write; undefined when all are. */
  next(): Task | undefined {
    const task = this.#tasks.shift();
    if (task === undefined) return undefined;
    this.#current = task;
    this.#objectCount = 0;
    this.#keys.clear();
    return task;
  }

  /** The path of the part of `fn`, which is written later if it was not seen yet. */
  functionPath(fn: object, options: () => TaskOptions): string {
    let path = this.#functions.get(fn);
    if (path === undefined) {
      path = this.add(fn, options());
      this.#functions.set(fn, path);
    }
    return path;
  }

  /** Queues a part within the current one, and gives its path. */
  add(value: unknown, { label, subject, from, isMember = false }: TaskOptions): string {
    const base = this.#current.path === '' ? label : `${this.#current.path}${ARROW}${label}`;
    let path = base;
    for (let n = 2; this.#paths.has(path); n++) path = `${base} (${n})`;
    this.#paths.add(path);
    this.#tasks.push({ path, subject, from, value, isMember });
    return path;
  }

  /** Where `object` was written before; notes that it is written now if it was not. */
  seen(object: object): { readonly path: string; readonly index: number } | undefined {
    const place = this.#objects.get(object);
    if (place === undefined) {
      this.#objects.set(object, { path: this.#current.path, index: this.#objectCount++ });
    }
    return place;
  }

  /** Writes a property name; in full only the first time in a part. */
  writeKey(key: string): void {
    const known = this.#keys.get(key);
    if (known !== undefined) {
      this.writer.count(known);
      return;
    }
    this.writer.count(this.#keys.size);
    this.#keys.set(key, this.#keys.size);
    this.writer.string(key);
  }
}
