import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { combinePerKey } from './combine-per-key.ts';
import { keys } from './keys.ts';
import { requirePCollection } from './require-input.ts';

/** Each element once, however often it is there. Elements compare as keys do; the first of equal ones stays. */
export function distinct<T>(): PTransform<PCollection<T>, PCollection<T>> {
  return {
    name: 'Distinct',
    expand: (input) =>
      requirePCollection(input, 'Distinct')
        .map(asKey<T>)
        .apply(combinePerKey(eitherNull))
        .apply(keys<T>()),
  };
}

function asKey<T>(element: T): KV<T, null> {
  return { key: element, value: null };
}

function eitherNull(): null {
  return null;
}
