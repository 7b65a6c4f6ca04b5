import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { requirePCollection } from './require-input.ts';

// Beam's ToString; `toString` is what every object has.

/**
 * Each element as a string: `toStrings.element()`. Objects without a toString of their own, and arrays, are JSON; all else is what
 * String() makes of it.
 *
 * @throws {TypeError} when it runs, for what JSON does not have: a cycle, a bigint within an object.
 */
export function element<T>(): PTransform<PCollection<T>, PCollection<string>> {
  return { name: 'ToString', expand: (input) => requirePCollection(input, 'ToString').map(text) };
}

/** Key and value of each element, with the delimiter between them: "key,value". */
export function kvs<K, V>(delimiter = ','): PTransform<PCollection<KV<K, V>>, PCollection<string>> {
  return {
    name: 'ToString.kvs',
    expand: (input) =>
      requirePCollection(input, 'ToString.kvs').map(({ key, value }) => text(key) + delimiter + text(value)),
  };
}

/** What is in each element, which is iterable, with the delimiter between: "1,2,3". */
export function iterables(delimiter = ','): PTransform<PCollection<Iterable<unknown>>, PCollection<string>> {
  return {
    name: 'ToString.iterables',
    expand: (input) =>
      requirePCollection(input, 'ToString.iterables').map((items) =>
        Array.from(items, (item) => text(item)).join(delimiter),
      ),
  };
}

function text(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const own: unknown = (value as { readonly toString?: unknown }).toString; // an object may have none
  const isData = Array.isArray(value) || own === undefined || own === Object.prototype.toString;
  // eslint-disable-next-line @typescript-eslint/no-base-to-string -- it has a toString of its own
  return isData ? JSON.stringify(value) : String(value);
}
