import type { KeyIdentity } from '../../coders/key-identity.ts';
import type { MultimapState } from '../../model/state.ts';
import { KeyedEntries } from './keyed-entries.ts';
import type { StateLog } from './state-log.ts';

/** Entries: what was put, and which keys were removed. */
export class MultimapCell implements MultimapState<unknown, unknown> {
  readonly #values: KeyedEntries<unknown[]>;

  constructor(log: StateLog, identity: KeyIdentity) {
    this.#values = new KeyedEntries<unknown[]>(log, {
      identity,
      put(held, value) {
        if (held === undefined) return [value];
        held.push(value);
        return held;
      },
      valuesOf: (held) => held,
    });
  }

  get(key: unknown): Iterable<unknown> {
    return [...(this.#values.get(key) ?? [])];
  }

  has(key: unknown): boolean {
    return this.#values.has(key);
  }

  put(key: unknown, value: unknown): void {
    this.#values.put(key, value);
  }

  remove(key: unknown): void {
    this.#values.remove(key);
  }

  keys(): Iterable<unknown> {
    return this.#values.entries().map(({ key }) => key);
  }

  entries(): Iterable<readonly [unknown, unknown]> {
    return this.#values.entries().flatMap(({ key, held }) => held.map((value) => [key, value] as const));
  }

  isEmpty(): boolean {
    return this.#values.size === 0;
  }

  clear(): void {
    this.#values.clear();
  }
}
