import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import { givenName, type PTransform } from '../model/ptransform.ts';
import { groupByKey } from './group-by-key.ts';
import { requirePCollection } from './require-input.ts';

/**
 * Groups elements by what a function, or a property, says of them: `groupBy((e) => e.user)`, `groupBy('user')`.
 *
 * Gives `{ key, value: elements }`; keys compare as in groupByKey.
 *
 * @throws {NonDeterministicKeyError} when it runs, for a key without a deterministic encoding.
 */
export function groupBy<T, K>(
  key: (element: T) => K | PromiseLike<K>,
): PTransform<PCollection<T>, PCollection<KV<K, Iterable<T>>>>;
export function groupBy<T, P extends keyof T>(
  property: P,
): PTransform<PCollection<T>, PCollection<KV<T[P], Iterable<T>>>>;
export function groupBy<T>(
  by: PropertyKey | ((element: T) => unknown),
): PTransform<PCollection<T>, PCollection<KV<unknown, Iterable<T>>>> {
  // An element that is no object has properties too: "length" of a string.
  const keyOf =
    typeof by === 'function' ? by : (element: T) => (element as Readonly<Record<PropertyKey, unknown>>)[by];
  const detail = typeof by === 'function' ? by.name : String(by);
  const withKey = (element: T) => {
    const key = keyOf(element);
    return isPromise(key)
      ? key.then((settled): KV<unknown, T> => ({ key: settled, value: element }))
      : { key, value: element };
  };
  const name =
    (typeof by === 'function' ? givenName(by) : undefined) ??
    (detail === '' ? 'GroupBy' : `GroupBy(${detail})`);
  return {
    name,
    expand: (input) => requirePCollection(input, name).map(withKey).apply(groupByKey()),
  };
}

function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise;
}
