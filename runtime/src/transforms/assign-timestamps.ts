import type { MapFn } from '../model/do-fn.ts';
import type { PCollection } from '../model/pcollection.ts';
import { givenName, type PTransform } from '../model/ptransform.ts';
import { requirePCollection } from './require-input.ts';

/**
 * Gives each element the time at which it happened: `assignTimestamps((event) => Date.parse(event.time))`.
 *
 * @param fn Milliseconds since the epoch; sync or async. A fraction is cut off.
 * @param context Given to `fn` as its second argument; counters and the like are bound first.
 */
export function assignTimestamps<T, C extends object = object>(
  fn: MapFn<T, number, C>,
  context?: C,
): PTransform<PCollection<T>, PCollection<T>> {
  const received: unknown = fn; // the types do not hold in plain JavaScript
  if (typeof received !== 'function') {
    throw new TypeError(
      `Cannot assign timestamps as it takes a function of an element: received ${received === null ? 'null' : typeof received}`,
    );
  }
  const label = fn.name === '' ? 'AssignTimestamps' : `AssignTimestamps(${fn.name})`;
  return {
    name: givenName(fn) ?? label,
    expand: (input) =>
      requirePCollection(input, label).pipeline.addPrimitive({
        label,
        name: givenName(fn),
        // The signature above has checked the function against the element type.
        spec: { kind: 'assignTimestamps', fn, context: context ?? {} },
        inputs: [input],
      }).main as PCollection<T>, // the elements stay as they are
  };
}
