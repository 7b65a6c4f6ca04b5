import type { BagState } from '../../model/state.ts';
import type { StateLog } from './state-log.ts';

/** Entries: the values. */
export class BagCell implements BagState<unknown> {
  readonly #log: StateLog;

  constructor(log: StateLog) {
    this.#log = log;
  }

  add(value: unknown): void {
    this.#log.append(value);
  }

  read(): Iterable<unknown> {
    return this.#log.read();
  }

  isEmpty(): boolean {
    for (const _ of this.#log.read()) return false;
    return true;
  }

  clear(): void {
    this.#log.clear();
  }

  entries(): Iterable<unknown> {
    return this.#log.read();
  }
}
