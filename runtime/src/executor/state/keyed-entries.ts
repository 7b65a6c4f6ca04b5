import type { KeyIdentity } from '../../coders/key-identity.ts';
import type { StateLog } from './state-log.ts';

/** A log may be longer than what it holds by so many entries, and twice as long, before it is written anew. */
const MOST_DEAD = 16;

/** One entry: what was put under a key, or, without a value, that the key was removed. */
type Entry = readonly [key: unknown] | readonly [key: unknown, value: unknown];

/**
 * Something for each key, made of a log of what was put and removed; read whole when it is first looked at. A log that
 * is mostly of what was replaced or removed is written anew.
 */
export class KeyedEntries<Held> {
  readonly #log: StateLog;
  readonly #identity: KeyIdentity;
  readonly #put: (held: Held | undefined, value: unknown) => Held;
  readonly #valuesOf: (held: Held) => Iterable<unknown>;
  #held: Map<unknown, { readonly key: unknown; held: Held }> | undefined;

  constructor(
    log: StateLog,
    options: {
      readonly identity: KeyIdentity;
      /** What is held under a key once another value was put there. */
      readonly put: (held: Held | undefined, value: unknown) => Held;
      /** The values that make what is held, for a log that is written anew. */
      readonly valuesOf: (held: Held) => Iterable<unknown>;
    },
  ) {
    this.#log = log;
    this.#identity = options.identity;
    this.#put = options.put;
    this.#valuesOf = options.valuesOf;
  }

  get size(): number {
    return this.#load().size;
  }

  get(key: unknown): Held | undefined {
    return this.#load().get(this.#identity.of(key))?.held;
  }

  has(key: unknown): boolean {
    return this.#load().has(this.#identity.of(key));
  }

  put(key: unknown, value: unknown): void {
    this.#set(this.#load(), key, value);
    this.#log.append([key, value]);
  }

  remove(key: unknown): void {
    if (this.#load().delete(this.#identity.of(key))) this.#log.append([key]);
  }

  /** What is held now, by key: what is put later is not seen by who goes through it. */
  entries(): readonly { readonly key: unknown; readonly held: Held }[] {
    return [...this.#load().values()];
  }

  /** What a log that makes it anew has: each key with each of its values. */
  live(): readonly (readonly [key: unknown, value: unknown])[] {
    return this.entries().flatMap(({ key, held }) =>
      Array.from(this.#valuesOf(held), (value) => [key, value] as const),
    );
  }

  clear(): void {
    this.#held = new Map();
    this.#log.clear();
  }

  #set(to: Map<unknown, { readonly key: unknown; held: Held }>, key: unknown, value: unknown): void {
    const id = this.#identity.of(key);
    const known = to.get(id);
    if (known === undefined) to.set(id, { key: key === 0 ? 0 : key, held: this.#put(undefined, value) });
    else known.held = this.#put(known.held, value);
  }

  #load(): Map<unknown, { readonly key: unknown; held: Held }> {
    if (this.#held !== undefined) return this.#held;
    const held = new Map<unknown, { readonly key: unknown; held: Held }>();
    let entries = 0;
    // Only `put` and `remove` append to it.
    for (const entry of this.#log.read() as Iterable<Entry>) {
      entries += 1;
      if (entry.length === 1) held.delete(this.#identity.of(entry[0]));
      else this.#set(held, entry[0], entry[1]);
    }
    this.#held = held;
    const live = this.live();
    if (entries > 2 * live.length + MOST_DEAD) {
      this.#log.clear();
      for (const entry of live) this.#log.append(entry);
    }
    return held;
  }
}
