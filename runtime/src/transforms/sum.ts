import type { CombineFn } from '../model/combine-fn.ts';

/** Adds numbers up; of none it is 0. */
export function sum(): CombineFn<number, number, number> {
  return SUM;
}

const SUM: CombineFn<number, number, number> = {
  name: 'Sum',
  createAccumulator: () => 0,
  addInput: (total, value) => total + value,
  mergeAccumulators: (totals) => totals.reduce((total, value) => total + value, 0),
  extractOutput: (total) => total,
};
