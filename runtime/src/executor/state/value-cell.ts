import type { ValueState } from '../../model/state.ts';
import type { StateLog } from './state-log.ts';

/** Entries: the value; the last one counts. */
export class ValueCell implements ValueState<unknown> {
  readonly #log: StateLog;
  #isLoaded = false;
  #value: unknown;
  #isSet = false;

  constructor(log: StateLog) {
    this.#log = log;
  }

  read(): unknown {
    if (!this.#isLoaded) for (const entry of this.#log.read()) this.#set(entry);
    this.#isLoaded = true;
    return this.#value;
  }

  write(value: unknown): void {
    this.clear();
    this.#set(value);
    this.#log.append(value);
  }

  clear(): void {
    this.#isLoaded = true;
    this.#value = undefined;
    this.#isSet = false;
    this.#log.clear();
  }

  entries(): Iterable<unknown> {
    const value = this.read();
    return this.#isSet ? [value] : [];
  }

  #set(value: unknown): void {
    this.#value = value;
    this.#isSet = true;
  }
}
