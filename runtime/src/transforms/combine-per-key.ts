import type { CombineFn } from '../model/combine-fn.ts';
import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { combineValues } from './combine-values.ts';
import { combineWithFanout, requireFanout, type HotKeyFanout } from './hot-key-fanout.ts';
import { requireInstance } from './require-input.ts';

/** A function of two values that is associative and commutative: `(a, b) => a + b`. */
export type BinaryFn<V> = (a: V, b: V) => V;

/** A combine of the values of each key. */
export interface CombinePerKey<K, I, O> extends PTransform<PCollection<KV<K, I>>, PCollection<KV<K, O>>> {
  /**
   * Combines the values of keys that have too many for one worker in parts first: `combinePerKey(beam.sum()).withHotKeyFanout(10)`.
   *
   * It gives what it would give without; on one machine it only costs. Each part is a grouping of its own, so a trigger that counts
   * counts the elements of a part there, and then parts.
   *
   * @param fanout In how many parts, or a function of the key that says so, sync; up to 1 there are none.
   * @throws {RangeError} for a number that is no whole number above 0. @throws {PipelineError} for windows that merge, such as sessions,
   *   of a PCollection that need not end: parts of one session could come out as several.
   * @see Beam's Combine.PerKey.withHotKeyFanout
   */
  withHotKeyFanout<Key = K>(
    fanout: HotKeyFanout<Key>,
  ): PTransform<PCollection<KV<Key, I>>, PCollection<KV<Key, O>>>;
}

/**
 * Combines the values of each key (and window) to one: `combinePerKey(beam.sum())`, `combinePerKey((a, b) => a * b)`.
 *
 * On a runner values are combined before the shuffle as far as possible, so that it moves one accumulator for each key and bundle;
 * here each goes into its key's accumulator at once.
 *
 * @throws {NonDeterministicKeyError} when it runs, for a key without a deterministic encoding.
 */
// This one first: an overload that fails leaves the type parameters of max() and the like uninferred.
export function combinePerKey<K, I, A, O>(fn: CombineFn<I, A, O>): CombinePerKey<K, I, O>;
export function combinePerKey<K, V>(fn: BinaryFn<V>): CombinePerKey<K, V, V>;
export function combinePerKey<K, I, A, O>(fn: CombineFn<I, A, O> | BinaryFn<I>): CombinePerKey<K, I, O> {
  const combineFn = combineFnOf(fn);
  const name = combineLabel('CombinePerKey', combineFn);
  return {
    name,
    expand: (input) => combineValues<K, O>(input, { name, fn: combineFn }),
    withHotKeyFanout<Key>(fanout: HotKeyFanout<Key>) {
      const fanoutOf = requireFanout(fanout);
      return {
        name,
        expand: (input: PCollection<KV<Key, I>>) =>
          combineWithFanout<Key, O>(input, { name, fn: combineFn, fanoutOf }),
      };
    },
  };
}

/**
 * A CombineFn of a binary function; a CombineFn stays as it is.
 *
 * @throws {TypeError} for what is neither.
 */
export function combineFnOf<I, A, O>(
  fn: CombineFn<I, A, O> | BinaryFn<I>,
): CombineFn<unknown, unknown, unknown> {
  requireInstance(fn, 'combine', 'a CombineFn');
  if (typeof fn === 'function') return new BinaryCombineFn(fn); // I is unknown here
  const received: unknown = fn; // the types do not hold in plain JavaScript
  const methods = ['createAccumulator', 'addInput', 'mergeAccumulators', 'extractOutput'];
  const missing = methods.find(
    (method) => typeof (received as Record<string, unknown> | null | undefined)?.[method] !== 'function',
  );
  if (missing !== undefined) {
    throw new TypeError(
      `Cannot combine as it takes a CombineFn or a function of two values: received no ${missing}`,
    );
  }
  return fn; // the element types were checked where it was given
}

/** "CombinePerKey(Sum)": with the name of the function, if it has one. */
export function combineLabel(kind: string, fn: CombineFn<unknown, unknown, unknown>): string {
  const name = fn.name ?? (fn.constructor === Object ? '' : fn.constructor.name);
  return name === '' ? kind : `${kind}(${name})`;
}

/** Combines by a binary function. The accumulator is an array of one value, or none. */
class BinaryCombineFn<V> implements CombineFn<V, V[], V> {
  readonly name: string;
  readonly needsInput = true;
  readonly #fn: BinaryFn<V>;

  constructor(fn: BinaryFn<V>) {
    this.name = fn.name;
    this.#fn = fn;
  }

  createAccumulator(): V[] {
    return [];
  }

  addInput(accumulator: V[], input: V): V[] {
    const fn = this.#fn; // called as a plain function: no class of ours in the user's stack
    // An accumulator holds one value at most, and `length` says whether that is there.
    if (accumulator.length === 0) accumulator.push(input);
    else accumulator[0] = fn(accumulator[0] as V, input);
    return accumulator;
  }

  mergeAccumulators(accumulators: readonly V[][]): V[] {
    return accumulators.flat().reduce((merged: V[], value) => this.addInput(merged, value), []);
  }

  extractOutput([value]: V[]): V {
    return value as V; // of a key there is at least one
  }
}
