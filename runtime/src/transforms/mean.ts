import type { CombineFn } from '../model/combine-fn.ts';

/** What a mean has added up so far. */
export interface MeanAccumulator {
  sum: number;
  count: number;
}

/** The arithmetic mean of numbers; of none it is NaN, as in Beam Python. */
export function mean(): CombineFn<number, MeanAccumulator, number> {
  return MEAN;
}

const MEAN: CombineFn<number, MeanAccumulator, number> = {
  name: 'Mean',
  createAccumulator: () => ({ sum: 0, count: 0 }),
  addInput(accumulator, value) {
    accumulator.sum += value;
    accumulator.count += 1;
    return accumulator;
  },
  mergeAccumulators: (accumulators) => ({
    sum: accumulators.reduce((sum, each) => sum + each.sum, 0),
    count: accumulators.reduce((count, each) => count + each.count, 0),
  }),
  extractOutput: ({ sum, count }) => sum / count,
};
