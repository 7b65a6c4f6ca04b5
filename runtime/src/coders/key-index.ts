import { KeyWriter } from './key-writer.ts';
import { OutputBytes } from './output-bytes.ts';

/**
 * Numbers keys from 0 in the order of first sight, compared as grouping compares them: equal encodings are equal keys
 * (Beam's meaning). What belongs to a key is held by its user, in an array by number: one table of small integers is
 * faster to look up than a table of objects.
 *
 * A primitive key is looked up as it is, which has the same meaning as its encoding (1 and "1" differ, NaN equals NaN,
 * -0 equals 0 and becomes it, as in a Map) and costs one Map lookup. Other keys are encoded first.
 */
export class KeyIndex {
  readonly #writer: KeyWriter;
  readonly #bytes = new OutputBytes();
  readonly #primitive = new Map<unknown, number>();
  readonly #encoded = new Map<string, number>();
  #keys: unknown[] = [];

  /** @param transform Full name, for the error that refuses a key. */
  constructor(transform: string) {
    this.#writer = new KeyWriter(transform);
  }

  /** Keys so far. */
  get size(): number {
    return this.#keys.length;
  }

  /**
   * The number of `key`; a new key gets the number that `size` was.
   *
   * @throws {NonDeterministicKeyError} for a key without a deterministic encoding.
   */
  numberOf(key: unknown): number {
    if (typeof key === 'string' || key === null) return this.#in(this.#primitive, key, key);
    return isPrimitiveKey(key)
      ? this.#in(this.#primitive, key, key)
      : this.#in(this.#encoded, this.#encode(key), key);
  }

  /** The number of a key that is there; undefined for any other. @throws {NonDeterministicKeyError} */
  find(key: unknown): number | undefined {
    return isPrimitiveKey(key) ? this.#primitive.get(key) : this.#encoded.get(this.#encode(key));
  }

  /** The key with this number, as it was at first sight. */
  at(number: number): unknown {
    return this.#keys[number];
  }

  /** Gives all keys by number, each as it was at first sight, and is empty after. */
  drain(): unknown[] {
    const keys = this.#keys;
    this.#keys = [];
    this.#primitive.clear();
    this.#encoded.clear();
    return keys;
  }

  #encode(key: unknown): string {
    this.#bytes.truncate(0);
    this.#writer.write(key, this.#bytes);
    return this.#bytes.view().toString('latin1');
  }

  #in<I>(table: Map<I, number>, identity: I, key: unknown): number {
    const found = table.get(identity);
    if (found !== undefined) return found;
    const number = this.#keys.length;
    table.set(identity, number);
    this.#keys.push(key === 0 ? 0 : key); // -0 is 0 in what a runner gives back, too
    return number;
  }
}

/** True for a key that is compared as it is, and not by its encoding. */
export function isPrimitiveKey(key: unknown): boolean {
  return key === null || (typeof key !== 'object' && typeof key !== 'function' && typeof key !== 'symbol');
}
