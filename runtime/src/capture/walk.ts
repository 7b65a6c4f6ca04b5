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
  /** The path of the part that it was found in. */
  readonly owner: string;
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
  /** Each object's place in the order of all of them. */
  readonly #objects = new Map<object, number>();
  /** For each part begun, how many objects came before it; to find an object's part. */
  readonly #begun: { readonly path: string; readonly objects: number }[] = [];
  /** For each part, the variables that have a part of their own: by name, with the value and the path. */
  readonly #variables = new Map<string, Map<string, { readonly value: unknown; readonly path: string }>>();
  readonly #instantiated = new Set<object>();
  readonly #nodeFunctions = new Set<object>();
  readonly #keys = new Map<string, number>();
  #current: Task;

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
    this.#begun.push({ path: task.path, objects: this.#objects.size });
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

  /**
   * The path of the part of a captured variable, which is written later if it is new.
   *
   * A variable that the function around has captured as well, like a class's for its methods, is one part.
   */
  variablePath(name: string, value: unknown, options: () => TaskOptions): string {
    const { owner } = this.#current;
    const known = this.#variables.get(owner)?.get(name);
    const path =
      known !== undefined && Object.is(known.value, value) ? known.path : this.add(value, options());
    const variables = this.#variables.get(this.#current.path);
    if (variables !== undefined) variables.set(name, { value, path });
    else this.#variables.set(this.#current.path, new Map([[name, { value, path }]]));
    return path;
  }

  /**
   * Notes that an object is an instance of `constructor`, or that `fn` is a function of Node's own.
   *
   * @returns False if one function is both: such an instance holds what only Node can read.
   */
  note(fn: object, what: 'instantiated' | 'node'): boolean {
    const [own, other] =
      what === 'node' ? [this.#nodeFunctions, this.#instantiated] : [this.#instantiated, this.#nodeFunctions];
    own.add(fn);
    return !other.has(fn);
  }

  /** Queues a part within the current one, and gives its path. */
  add(value: unknown, { label, subject, from, isMember = false }: TaskOptions): string {
    const base = this.#current.path === '' ? label : `${this.#current.path}${ARROW}${label}`;
    let path = base;
    for (let n = 2; this.#paths.has(path); n++) path = `${base} (${n})`;
    this.#paths.add(path);
    this.#tasks.push({ path, subject, from, value, isMember, owner: this.#current.path });
    return path;
  }

  /** Where `object` was written before; notes that it is written now if it was not. */
  seen(object: object): { readonly path: string; readonly index: number } | undefined {
    const known = this.#objects.get(object);
    if (known === undefined) {
      this.#objects.set(object, this.#objects.size);
      return undefined;
    }
    const part = this.#begun.findLast(({ objects }) => objects <= known);
    return part && { path: part.path, index: known - part.objects };
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
