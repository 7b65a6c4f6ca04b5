import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { requireGroupable } from './require-groupable.ts';

/**
 * Brings the values of each key (and window) together: `{ key, value: values }`.
 *
 * - Keys are equal if their encodings are: 1 and "1" differ, the order of an object's properties does not matter. The
 *   first key seen of equal ones comes out.
 * - Values come in the order of arrival here; a distributed runner promises no order, and gives an iterable that need
 *   not be an array.
 * - What is beyond the memory budget is on disk until its window is due. A key with more values than memory should hold (an
 *   eighth of the budget) gives an iterable that reads them from disk, and makes new objects, each time that it is gone through,
 *   and only while the run lasts. What is spilled must be data: an instance of a class is refused then.
 * - Where values are only added up, `combinePerKey` moves and holds less.
 *
 * @throws {NonDeterministicKeyError} when it runs, for a key without a deterministic encoding: a Map, a Set, a function,
 *   a symbol, an instance of a class.
 */
export function groupByKey<K, V>(): PTransform<PCollection<KV<K, V>>, PCollection<KV<K, Iterable<V>>>> {
  return {
    name: 'GroupByKey',
    expand: (input) =>
      requireGroupable(input, 'GroupByKey').pipeline.addPrimitive({
        label: 'GroupByKey',
        spec: { kind: 'groupByKey' },
        inputs: [input],
      }).main as PCollection<KV<K, Iterable<V>>>, // groups of what the input's type says
  };
}
