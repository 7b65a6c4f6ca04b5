import type { KeyIdentity } from '../../coders/key-identity.ts';
import type { MapState } from '../../model/state.ts';
import { KeyedEntries } from './keyed-entries.ts';
import type { StateLog } from './state-log.ts';

/** Entries: what was put and removed; the last one of a key counts. */
export class MapCell implements MapState<unknown, unknown> {
  readonly #values: KeyedEntries<{ readonly value: unknown }>;

  constructor(log: StateLog, identity: KeyIdentity) {
    this.#values = new KeyedEntries(log, {
      identity,
      put: (_, value) => ({ value }),
      valuesOf: ({ value }) => [value],
    });
  }

  get(key: unknown): unknown {
    return this.#values.get(key)?.value;
  }

  has(key: unknown): boolean {
    return this.#values.has(key);
  }

  put(key: unknown, value: unknown): void {
    this.#values.put(key, value);
  }

  putIfAbsent(key: unknown, value: unknown): unknown {
    const held = this.#values.get(key);
    if (held === undefined) this.#values.put(key, value);
    return held?.value;
  }

  remove(key: unknown): void {
    this.#values.remove(key);
  }

  keys(): Iterable<unknown> {
    return this.#values.entries().map(({ key }) => key);
  }

  values(): Iterable<unknown> {
    return this.#values.entries().map(({ held }) => held.value);
  }

  entries(): Iterable<readonly [unknown, unknown]> {
    return this.#values.entries().map(({ key, held }) => [key, held.value] as const);
  }

  isEmpty(): boolean {
    return this.#values.size === 0;
  }

  clear(): void {
    this.#values.clear();
  }
}
