import type { CombineFn } from '../model/combine-fn.ts';
import { addRanked, cutRanking, emptyRanking, type Ranking, type RankOrder } from './ranked.ts';

/** How sample draws. */
export interface SampleOptions {
  /** Gives a number in [0, 1) for each element; Math.random unless told otherwise. */
  readonly random?: () => number;
  /** Draws the same from the same elements in the same order; has no effect beside `random`. */
  readonly seed?: number;
}

/**
 * Draws a uniform random sample without replacement: `combineGlobally(beam.sample(100))`, also per key.
 *
 * Every element gets a random rank and the `limit` lowest ranks survive, so the answer does not depend on how the
 * runner split the input into bundles. Of no elements it gives [].
 *
 * - Cost: O(limit) memory for each key; O(log limit) time for an element that is drawn, O(1) for one that is not.
 * - Source: Cohen and Kaplan, "Summarizing Data Using Bottom-k Sketches", PODC 2007.
 *
 * @throws {RangeError} if `limit` is not a positive integer.
 */
export function sample<V>(
  limit: number,
  { seed, random = seed === undefined ? Math.random : seeded(seed) }: SampleOptions = {},
): CombineFn<V, Ranking<number, V>, readonly V[]> {
  return new SampleFn<V>(limit, random);
}

class SampleFn<V> implements CombineFn<V, Ranking<number, V>, readonly V[]> {
  readonly name: string;
  readonly #kept: { readonly limit: number; readonly order: RankOrder<number> };
  readonly #random: () => number;

  constructor(limit: number, random: () => number) {
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new RangeError(`Cannot sample as limit must be a positive integer: received ${limit}`);
    }
    this.name = `Sample ${limit}`;
    this.#kept = { limit, order: lowestFirst };
    this.#random = random;
  }

  createAccumulator(): Ranking<number, V> {
    return emptyRanking();
  }

  addInput(accumulator: Ranking<number, V>, value: V): Ranking<number, V> {
    const random = this.#random;
    addRanked(accumulator, { rank: random(), value }, this.#kept);
    return accumulator;
  }

  mergeAccumulators(accumulators: readonly Ranking<number, V>[]): Ranking<number, V> {
    const merged = emptyRanking<number, V>();
    for (const { entries } of accumulators) {
      for (const entry of entries) addRanked(merged, entry, this.#kept);
    }
    return merged;
  }

  extractOutput(accumulator: Ranking<number, V>): readonly V[] {
    return cutRanking(accumulator, this.#kept).map(({ value }) => value);
  }
}

function lowestFirst(a: number, b: number): number {
  return a - b;
}

/**
 * A generator of numbers in [0, 1) from a seed.
 *
 * Source: mulberry32 by Tommy Ettinger, in the public domain.
 */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
