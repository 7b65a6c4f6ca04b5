import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { requirePCollection } from './require-input.ts';

/** Key and value of each element, swapped. */
export function kvSwap<K, V>(): PTransform<PCollection<KV<K, V>>, PCollection<KV<V, K>>> {
  return {
    name: 'KvSwap',
    expand: (input) =>
      requirePCollection(input, 'KvSwap').map(({ key, value }) => ({ key: value, value: key })),
  };
}
