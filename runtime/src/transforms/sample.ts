import type { CombineFn } from '../model/combine-fn.ts';

/** How sample draws. */
export interface SampleOptions {
  /** Gives a number in [0, 1) for each element; Math.random unless told otherwise. */
  readonly random?: () => number;
  /** Draws the same from the same elements in the same order; has no effect beside `random`. */
  readonly seed?: number;
}

/** An element and the rank it drew. */
export interface Ranked<V> {
  readonly rank: number;
  readonly value: V;
}

/**
 * Draws a uniform random sample without replacement: `combineGlobally(beam.sample(100))`, also per key.
 *
 * Every element gets a random rank and the `limit` lowest ranks survive, so the answer does not depend on how the
 * runner split the input into bundles. Of no elements it gives [].
 *
 * - Cost: O(limit) memory for each key; O(limit) time for an element that is drawn, O(1) for one that is not.
 * - Source: Cohen and Kaplan, "Summarizing Data Using Bottom-k Sketches", PODC 2007.
 *
 * @throws {RangeError} if `limit` is not a positive integer.
 */
export function sample<V>(
  limit: number,
  { seed, random = seed === undefined ? Math.random : seeded(seed) }: SampleOptions = {},
): CombineFn<V, readonly Ranked<V>[], readonly V[]> {
  return new SampleFn<V>(limit, random);
}

class SampleFn<V> implements CombineFn<V, readonly Ranked<V>[], readonly V[]> {
  readonly name: string;
  readonly #limit: number;
  readonly #random: () => number;

  constructor(limit: number, random: () => number) {
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new RangeError(`Cannot sample as limit must be a positive integer: received ${limit}`);
    }
    this.name = `Sample ${limit}`;
    this.#limit = limit;
    this.#random = random;
  }

  createAccumulator(): readonly Ranked<V>[] {
    return [];
  }

  addInput(kept: readonly Ranked<V>[], value: V): readonly Ranked<V>[] {
    const rank = this.#random();
    const last = kept.at(-1);
    if (last !== undefined && kept.length >= this.#limit && rank >= last.rank) return kept;
    return this.#lowest([...kept, { rank, value }]);
  }

  mergeAccumulators(accumulators: readonly (readonly Ranked<V>[])[]): readonly Ranked<V>[] {
    return this.#lowest(accumulators.flat());
  }

  extractOutput(kept: readonly Ranked<V>[]): readonly V[] {
    return kept.map(({ value }) => value);
  }

  #lowest(ranked: Ranked<V>[]): readonly Ranked<V>[] {
    return ranked.sort((a, b) => a.rank - b.rank).slice(0, this.#limit);
  }
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
