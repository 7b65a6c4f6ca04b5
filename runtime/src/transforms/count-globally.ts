import type { CombineFn } from '../model/combine-fn.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { combineGlobally } from './combine-globally.ts';
import { requirePCollection } from './require-input.ts';

/** Counts all elements: one number, 0 for none. */
export function countGlobally<T>(): PTransform<PCollection<T>, PCollection<number>> {
  return {
    name: 'CountGlobally',
    expand: (input) => requirePCollection(input, 'CountGlobally').apply(combineGlobally(count())),
  };
}

/** Counts inputs: `combinePerKey(beam.count())`. */
export function count(): CombineFn<unknown, number, number> {
  return COUNT;
}

const COUNT: CombineFn<unknown, number, number> = {
  name: 'Count',
  createAccumulator: () => 0,
  addInput: (total) => total + 1,
  mergeAccumulators: (totals) => totals.reduce((total, each) => total + each, 0),
  extractOutput: (total) => total,
};
