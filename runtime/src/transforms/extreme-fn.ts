import type { CombineFn } from '../model/combine-fn.ts';
import type { Ordered } from './natural-order.ts';

/**
 * Keeps the one input that comes first by `isBefore`; of equal ones the first to arrive. NaN wins over all, as in
 * Math.min. The accumulator is an array of that input, or empty.
 */
export class ExtremeFn<T extends Ordered> implements CombineFn<T, readonly T[], T> {
  readonly name: string;
  readonly needsInput = true;
  readonly #isBefore: (a: T, b: T) => boolean;

  constructor(name: string, isBefore: (a: T, b: T) => boolean) {
    this.name = name;
    this.#isBefore = isBefore;
  }

  createAccumulator(): readonly T[] {
    return [];
  }

  addInput(accumulator: readonly T[], input: T): readonly T[] {
    // By its length: undefined can be an element, whatever the types say.
    if (accumulator.length === 0) return [input];
    const [best] = accumulator as readonly [T];
    if (Number.isNaN(best)) return accumulator;
    return Number.isNaN(input) || this.#isBefore(input, best) ? [input] : accumulator;
  }

  mergeAccumulators(accumulators: readonly (readonly T[])[]): readonly T[] {
    return accumulators.flat().reduce((merged: readonly T[], value) => this.addInput(merged, value), []);
  }

  extractOutput(accumulator: readonly T[]): T {
    if (accumulator.length === 0) {
      throw new RangeError(`Cannot take the ${this.name} as there must be an element: received none`);
    }
    const [best] = accumulator as readonly [T];
    return best;
  }
}
