import type { RunMemory } from './run-memory.ts';
import { sizeOf } from './size-of.ts';

/** One of so many elements is looked at, at least. */
const MOST_BETWEEN = 64;

/**
 * Says which elements are looked at to estimate the size of all: each if they are large, one of 64 if they are small beside
 * the budget.
 */
export class SampledSizes {
  readonly #step: number;
  /** Elements that the next sample stands for. */
  #every = 1;
  #left = 1;

  /** @param memory Undefined where nothing is counted. */
  constructor(memory: RunMemory | undefined) {
    this.#step = memory === undefined ? Infinity : memory.budget.bytes / 1024;
    if (memory === undefined) this.#left = Infinity;
  }

  /** Called for each element; true for those whose size is to be taken. */
  isDue(): boolean {
    return --this.#left <= 0;
  }

  /** Bytes that the elements since the last sample take, if they are like this one; `extra` is for each of them. */
  take(value: unknown, extra: number): number {
    const size = sizeOf(value) + extra;
    const bytes = size * this.#every;
    this.#every = Math.max(1, Math.min(MOST_BETWEEN, Math.floor(this.#step / size)));
    this.#left = this.#every;
    return bytes;
  }
}
