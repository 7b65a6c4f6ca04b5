import { encodeKey } from './key-encoding.ts';

/**
 * A Map by key as grouping compares keys: equal encodings are equal keys (Beam's meaning).
 *
 * A primitive key is looked up as it is, which has the same meaning as its encoding (1 and "1" differ, NaN equals NaN,
 * -0 equals 0) and costs one Map lookup. Other keys are encoded first.
 */
export class KeyTable<E> {
  readonly #transform: string;
  readonly #primitive = new Map<unknown, E>();
  readonly #encoded = new Map<string, E>();
  #entries: E[] = [];

  /** @param transform Full name, for the error that refuses a key. */
  constructor(transform: string) {
    this.#transform = transform;
  }

  get size(): number {
    return this.#entries.length;
  }

  /**
   * The entry of `key`; `create` makes it at first sight.
   *
   * @throws {NonDeterministicKeyError} for a key without a deterministic encoding.
   */
  getOrAdd(key: unknown, create: (key: unknown) => E): E {
    const isPrimitive =
      typeof key === 'string' ||
      key === null ||
      (typeof key !== 'object' && typeof key !== 'function' && typeof key !== 'symbol');
    return isPrimitive
      ? this.#in(this.#primitive, key, key, create)
      : this.#in(this.#encoded, encodeKey(key, this.#transform), key, create);
  }

  /** Gives all entries in the order of first sight, and is empty after. */
  drain(): E[] {
    const entries = this.#entries;
    this.#entries = [];
    this.#primitive.clear();
    this.#encoded.clear();
    return entries;
  }

  #in<I>(table: Map<I, E>, identity: I, key: unknown, create: (key: unknown) => E): E {
    const found = table.get(identity);
    if (found !== undefined) return found;
    const entry = create(key);
    table.set(identity, entry);
    this.#entries.push(entry);
    return entry;
  }
}
