import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import { givenName, type PTransform } from '../model/ptransform.ts';
import { groupByKey } from './group-by-key.ts';
import { requirePCollection } from './require-input.ts';
import { withKeyOf } from './with-key.ts';

/**
 * Groups elements by what a function, or a property, says of them: `groupBy((e) => e.user)`, `groupBy('user')`; or by
 * several properties, which make a key of these: `groupBy(['user', 'day'])`.
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
export function groupBy<T, const P extends keyof T>(
  properties: readonly P[],
): PTransform<PCollection<T>, PCollection<KV<Pick<T, P>, Iterable<T>>>>;
export function groupBy<T>(
  by: PropertyKey | readonly PropertyKey[] | ((element: T) => unknown),
): PTransform<PCollection<T>, PCollection<KV<unknown, Iterable<T>>>> {
  const keyOf = typeof by === 'function' ? by : isList(by) ? pick(by) : (element: T) => read(element, by);
  const detail = typeof by === 'function' ? by.name : isList(by) ? by.map(String).join(', ') : String(by);
  const name =
    (typeof by === 'function' ? givenName(by) : undefined) ??
    (detail === '' ? 'GroupBy' : `GroupBy(${detail})`);
  return {
    name,
    expand: (input) => requirePCollection(input, name).map(withKeyOf(keyOf)).apply(groupByKey()),
  };
}

function isList(by: PropertyKey | readonly PropertyKey[]): by is readonly PropertyKey[] {
  return Array.isArray(by);
}

function pick(properties: readonly PropertyKey[]): (element: unknown) => unknown {
  return (element) => Object.fromEntries(properties.map((property) => [property, read(element, property)]));
}

function read(element: unknown, property: PropertyKey): unknown {
  // An element that is no object has properties too: "length" of a string.
  return (element as Readonly<Record<PropertyKey, unknown>>)[property];
}
