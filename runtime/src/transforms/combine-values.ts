import type { CombineFn } from '../model/combine-fn.ts';
import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import { requireGroupable } from './require-groupable.ts';

/** Adds the primitive that combines the values of each key. */
export function combineValues<K, O>(
  input: PCollection<KV<K, unknown>>,
  { name, fn }: { readonly name: string; readonly fn: CombineFn<unknown, unknown, unknown> },
): PCollection<KV<K, O>> {
  return requireGroupable(input, name).pipeline.addPrimitive({
    label: name,
    spec: { kind: 'combinePerKey', fn },
    inputs: [input],
  }).main as PCollection<KV<K, O>>; // what the CombineFn's type says
}
