import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { combinePerKey } from './combine-per-key.ts';
import { sum } from './sum.ts';
import { requirePCollection } from './require-input.ts';

/** Counts how often each element is there: `{ key: element, value: count }`. Elements compare as keys do. */
export function countPerElement<T>(): PTransform<PCollection<T>, PCollection<KV<T, number>>> {
  return {
    name: 'CountPerElement',
    expand: (input) =>
      requirePCollection(input, 'CountPerElement')
        .map(pairWithOne<T>)
        .apply(combinePerKey(sum())),
  };
}

function pairWithOne<T>(element: T): KV<T, number> {
  return { key: element, value: 1 };
}
