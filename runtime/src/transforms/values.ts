import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { requirePCollection } from './require-input.ts';

/** The value of each element. */
export function values<V>(): PTransform<PCollection<KV<unknown, V>>, PCollection<V>> {
  return { name: 'Values', expand: (input) => requirePCollection(input, 'Values').map(({ value }) => value) };
}
