import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import { givenName, type PTransform } from '../model/ptransform.ts';
import { requirePCollection } from './require-input.ts';
import { withKeyOf } from './with-key.ts';

/**
 * Gives each element a key, `{ key, value: element }`: what a function says of it, sync or async, or the same for all:
 * `withKeys((e) => e.user)`, `withKeys('all')`.
 */
export function withKeys<T, K>(
  key: (element: T) => K | PromiseLike<K>,
): PTransform<PCollection<T>, PCollection<KV<K, T>>>;
export function withKeys<T, const K extends string | number | bigint | boolean | null>(
  key: K,
): PTransform<PCollection<T>, PCollection<KV<K, T>>>;
export function withKeys<T>(key: unknown): PTransform<PCollection<T>, PCollection<KV<unknown, T>>> {
  const isFunction = typeof key === 'function';
  const keyOf = isFunction ? (key as (element: T) => unknown) : () => key; // of the signatures above
  const detail = isFunction ? key.name : String(key);
  const name =
    (isFunction ? givenName(key) : undefined) ?? (detail === '' ? 'WithKeys' : `WithKeys(${detail})`);
  return {
    name,
    expand: (input) => requirePCollection(input, name).map(withKeyOf(keyOf)),
  };
}
