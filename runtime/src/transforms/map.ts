import type { MapFn } from '../model/do-fn.ts';
import type { PCollection } from '../model/pcollection.ts';
import { givenName, type PTransform } from '../model/ptransform.ts';
import { requirePCollection } from './require-input.ts';

/** The transform that `pcollection.map(fn, context)` applies, for `apply` and for composites. */
export function map<T, O, C extends object = object>(
  fn: MapFn<T, O, C>,
  context?: C,
): PTransform<PCollection<T>, PCollection<O>> {
  const name = nameOf('Map', fn);
  return { name, expand: (input) => requirePCollection(input, name).map(fn, context) };
}

/** What the graph calls an element-wise transform of `fn`. */
export function nameOf(kind: string, fn: { readonly name: string }): string {
  const received: unknown = fn; // the types do not hold in plain JavaScript
  if (typeof received !== 'function') return kind; // PCollection refuses it, when it is applied
  return givenName(fn) ?? (fn.name === '' ? kind : `${kind}(${fn.name})`);
}
