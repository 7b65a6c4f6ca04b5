import type { CombineFn } from '../model/combine-fn.ts';
import type { KV } from '../model/kv.ts';
import { timestampParam, type ElementParam } from '../model/par-do-param.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import type { Timestamp } from '../model/timestamp.ts';
import { combineGlobally, type CombineGloballyOptions } from './combine-globally.ts';
import { combinePerKey } from './combine-per-key.ts';
import { requirePCollection } from './require-input.ts';

interface Stamped<T> {
  readonly value: T;
  readonly timestamp: Timestamp;
}

interface Params {
  readonly timestamp: ElementParam<Timestamp>;
}

/**
 * The element with the latest timestamp; null of no elements. Of several with that timestamp it is any one of them.
 *
 * @throws {PipelineError} for elements in windows, or with a trigger, unless `withoutDefaults`: each window with elements has
 *   its latest then.
 * @see Beam's Latest.Globally
 */
export function latestGlobally<T>(
  options: CombineGloballyOptions = {},
): PTransform<PCollection<T>, PCollection<T | null>> {
  return {
    name: 'LatestGlobally',
    expand: (input) =>
      requirePCollection(input, 'LatestGlobally')
        .map(stamped<T>, { timestamp: timestampParam() })
        .apply(combineGlobally(latest<T>(), options)),
  };
}

/**
 * The value with the latest timestamp of each key and window. Of several with that timestamp it is any one of them.
 *
 * @see Beam's Latest.PerKey
 */
export function latestPerKey<K, V>(): PTransform<PCollection<KV<K, V>>, PCollection<KV<K, V>>> {
  return {
    name: 'LatestPerKey',
    expand: (input) =>
      requirePCollection(input, 'LatestPerKey')
        .map(stampedValue<K, V>, { timestamp: timestampParam() })
        .apply(combinePerKey(latest<V>()))
        .map(asPair<K, V>),
  };
}

function stamped<T>(value: T, { timestamp }: Params): Stamped<T> {
  return { value, timestamp: timestamp.lookup() };
}

function stampedValue<K, V>({ key, value }: KV<K, V>, { timestamp }: Params): KV<K, Stamped<V>> {
  return { key, value: { value, timestamp: timestamp.lookup() } };
}

function asPair<K, V>({ key, value }: KV<K, V | null>): KV<K, V> {
  return { key, value: value as V }; // of a key there is at least one value
}

/** The accumulator is an array of the latest so far, or of none: its value can be null itself. */
function latest<T>(): CombineFn<Stamped<T>, readonly Stamped<T>[], T | null> {
  return LATEST as CombineFn<Stamped<T>, readonly Stamped<T>[], T | null>; // it looks at no value
}

const LATEST: CombineFn<Stamped<unknown>, readonly Stamped<unknown>[], unknown> = {
  name: 'Latest',
  createAccumulator: () => [],
  addInput: (accumulator, input) => later(accumulator, [input]),
  mergeAccumulators: (accumulators) => accumulators.reduce(later, []),
  extractOutput: ([last]) => (last === undefined ? null : last.value),
};

/** Of two accumulators the later, and the second where they are as late. */
function later(a: readonly Stamped<unknown>[], b: readonly Stamped<unknown>[]): readonly Stamped<unknown>[] {
  const [first] = a;
  const [second] = b;
  if (first === undefined || second === undefined) return first === undefined ? b : a;
  return first.timestamp > second.timestamp ? a : b;
}
