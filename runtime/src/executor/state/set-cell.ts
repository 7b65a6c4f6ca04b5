import type { KeyIdentity } from '../../coders/key-identity.ts';
import type { SetState } from '../../model/state.ts';
import { KeyedEntries } from './keyed-entries.ts';
import type { StateLog } from './state-log.ts';

/** Entries: what was put and removed. */
export class SetCell implements SetState<unknown> {
  readonly #members: KeyedEntries<null>;

  constructor(log: StateLog, identity: KeyIdentity) {
    this.#members = new KeyedEntries(log, { identity, put: () => null, valuesOf: (member) => [member] });
  }

  add(value: unknown): void {
    this.addIfAbsent(value);
  }

  addIfAbsent(value: unknown): boolean {
    if (this.#members.has(value)) return false;
    this.#members.put(value, null);
    return true;
  }

  contains(value: unknown): boolean {
    return this.#members.has(value);
  }

  remove(value: unknown): void {
    this.#members.remove(value);
  }

  read(): Iterable<unknown> {
    return this.#members.entries().map(({ key }) => key);
  }

  /** As they are in its log. */
  entries(): Iterable<unknown> {
    return this.#members.live();
  }

  isEmpty(): boolean {
    return this.#members.size === 0;
  }

  clear(): void {
    this.#members.clear();
  }
}
