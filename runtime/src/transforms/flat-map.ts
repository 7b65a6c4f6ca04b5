import type { FlatMapFn } from '../model/do-fn.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { nameOf } from './map.ts';
import { requirePCollection } from './require-input.ts';

/** The transform that `pcollection.flatMap(fn, context)` applies, for `apply` and for composites. */
export function flatMap<T, O, C extends object = object>(
  fn: FlatMapFn<T, O, C>,
  context?: C,
): PTransform<PCollection<T>, PCollection<O>> {
  const name = nameOf('FlatMap', fn);
  return { name, expand: (input) => requirePCollection(input, name).flatMap(fn, context) };
}
