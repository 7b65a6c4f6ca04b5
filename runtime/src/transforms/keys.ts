import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { requirePCollection } from './require-input.ts';

/** The key of each element. */
export function keys<K>(): PTransform<PCollection<KV<K, unknown>>, PCollection<K>> {
  return { name: 'Keys', expand: (input) => requirePCollection(input, 'Keys').map(({ key }) => key) };
}
