import type { CombineFn } from '../../model/combine-fn.ts';
import type { CombiningState } from '../../model/state.ts';
import type { StateLog } from './state-log.ts';

/** Entries: accumulators, of which a bundle that does not read adds one. */
export class CombiningCell implements CombiningState<unknown, unknown> {
  readonly #log: StateLog;
  readonly #fn: CombineFn<unknown, unknown, unknown>;
  /** What was added here, and all that the log has, once it was read. */
  #accumulator: { readonly value: unknown } | undefined;
  #isLoaded = false;
  #isChanged = false;

  constructor(log: StateLog, fn: CombineFn<unknown, unknown, unknown>) {
    this.#log = log;
    this.#fn = fn;
  }

  add(input: unknown): void {
    const accumulator =
      this.#accumulator === undefined ? this.#fn.createAccumulator() : this.#accumulator.value;
    this.#accumulator = { value: this.#fn.addInput(accumulator, input) };
    this.#isChanged = true;
  }

  read(): unknown {
    this.#load();
    return this.#fn.extractOutput(
      this.#accumulator === undefined ? this.#fn.createAccumulator() : this.#accumulator.value,
    );
  }

  isEmpty(): boolean {
    this.#load();
    return this.#accumulator === undefined;
  }

  clear(): void {
    this.#accumulator = undefined;
    this.#isLoaded = true;
    this.#isChanged = false;
    this.#log.clear();
  }

  entries(): Iterable<unknown> {
    this.#load();
    return this.#accumulator === undefined ? [] : [this.#accumulator.value];
  }

  commit(): void {
    if (!this.#isChanged || this.#accumulator === undefined) return;
    if (this.#isLoaded) this.#log.clear(); // what is in it is in the accumulator
    this.#log.append(this.#accumulator.value);
    this.#isChanged = false;
  }

  #load(): void {
    if (this.#isLoaded) return;
    this.#isLoaded = true;
    const stored = [...this.#log.read()];
    if (stored.length === 0) return;
    const all = this.#accumulator === undefined ? stored : [...stored, this.#accumulator.value];
    this.#accumulator = { value: all.length === 1 ? all[0] : this.#fn.mergeAccumulators(all) };
    if (stored.length > 1) this.#isChanged = true;
  }
}
