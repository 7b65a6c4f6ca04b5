import type { FilterFn } from '../model/do-fn.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { nameOf } from './map.ts';
import { requirePCollection } from './require-input.ts';

/** The transform that `pcollection.filter(fn, context)` applies, for `apply` and for composites. */
export function filter<T, C extends object = object>(
  fn: FilterFn<T, C>,
  context?: C,
): PTransform<PCollection<T>, PCollection<T>> {
  const name = nameOf('Filter', fn);
  return { name, expand: (input) => requirePCollection(input, name).filter(fn, context) };
}
