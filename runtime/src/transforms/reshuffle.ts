import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { describeValue } from '../model/describe-value.ts';
import { requirePCollection } from './require-input.ts';
import { requireOptions } from './require-options.ts';

/** How reshuffle deals elements out. */
export interface ReshuffleOptions {
  /** In how many parts at most, where the runner groups by a random number: 2 ** 32, unless told. */
  readonly numBuckets?: number;
}

const MOST_BUCKETS = 2 ** 32;

/**
 * Deals the elements out to all workers anew: what follows is no longer done where what came before was. It keeps elements,
 * timestamps, windows and panes.
 *
 * Put it after a step that makes many elements of few, or before one that must see the same elements when it is tried again.
 *
 * - On a runner it is Beam's Reshuffle: Flink rebalances, Prism ends a stage, others group by a random number.
 * - Here elements are passed on: there is one machine, and nothing to deal out.
 *
 * @throws {RangeError} for a number of buckets that is no whole number from 1 to 2 ** 32.
 * @see https://beam.apache.org/documentation/transforms/python/other/reshuffle/
 */
export function reshuffle<T>(options: ReshuffleOptions = {}): PTransform<PCollection<T>, PCollection<T>> {
  const { numBuckets = MOST_BUCKETS } = requireOptions(options, 'reshuffle', ['numBuckets']);
  if (!Number.isInteger(numBuckets) || numBuckets < 1 || numBuckets > MOST_BUCKETS) {
    throw new RangeError(
      `Cannot reshuffle as numBuckets must be a whole number from 1 to ${MOST_BUCKETS}: received ${describeValue(numBuckets)}`,
    );
  }
  return {
    name: 'Reshuffle',
    expand: (input) =>
      requirePCollection(input, 'Reshuffle').pipeline.addPrimitive({
        label: 'Reshuffle',
        spec: { kind: 'reshuffle', isPerKey: false, numBuckets },
        inputs: [input],
      }).main as PCollection<T>, // the elements stay as they are
  };
}

/**
 * The same by key: the elements of a key come together in one place, and each stays { key, value }.
 *
 * On a runner it is a grouping by these keys that emits at once.
 *
 * @throws {NonDeterministicKeyError} when it runs, for a key without a deterministic encoding.
 * @see Beam Python's ReshufflePerKey
 */
export function reshufflePerKey<K, V>(): PTransform<PCollection<KV<K, V>>, PCollection<KV<K, V>>> {
  return {
    name: 'ReshufflePerKey',
    expand: (input) =>
      requirePCollection(input, 'ReshufflePerKey').pipeline.addPrimitive({
        label: 'ReshufflePerKey',
        spec: { kind: 'reshuffle', isPerKey: true, numBuckets: 1 },
        inputs: [input],
      }).main as PCollection<KV<K, V>>, // the elements stay as they are
  };
}
