import type { ValueState } from '../../model/state.ts';
import type { StateLog } from './state-log.ts';

/** Entries: the value; the last one counts. */
export class ValueCell implements ValueState<unknown> {
  readonly #log: StateLog;
  #isLoaded = false;
  #value: unknown;

  constructor(log: StateLog) {
    this.#log = log;
  }

  read(): unknown {
    if (!this.#isLoaded) for (const entry of this.#log.read()) this.#value = entry;
    this.#isLoaded = true;
    return this.#value;
  }

  write(value: unknown): void {
    this.clear();
    this.#value = value;
    this.#log.append(value);
  }

  clear(): void {
    this.#isLoaded = true;
    this.#value = undefined;
    this.#log.clear();
  }
}
