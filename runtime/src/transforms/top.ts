import type { CombineFn } from '../model/combine-fn.ts';
import { naturalOrder, type Ordered } from './natural-order.ts';
import { addRanked, cutRanking, emptyRanking, type Ranking, type RankOrder } from './ranked.ts';

/** How top ranks elements that have no order of their own. */
export interface TopOptions<T> {
  /** What to rank an element by. */
  readonly by: (element: T) => Ordered;
}

/**
 * The `limit` largest elements, the largest first: `combineGlobally(beam.top(10, { by: (kv) => kv.value }))`.
 *
 * Numbers, strings, bigints and dates rank by themselves; of elements of equal rank, the earlier to arrive is first.
 * Give `by: (e) => -e.n` for the smallest. Of no elements it gives [].
 *
 * - Cost: O(limit) memory for each key; O(log limit) time for an element that ranks among them, O(1) for one that does not.
 *
 * @throws {RangeError} if `limit` is not a positive integer.
 */
export function top<T extends Ordered>(limit: number): CombineFn<T, Ranking<Ordered, T>, readonly T[]>;
export function top<T>(
  limit: number,
  options: TopOptions<T>,
): CombineFn<T, Ranking<Ordered, T>, readonly T[]>;
export function top<T>(
  limit: number,
  // The first signature leaves it out only for elements that are Ordered themselves.
  { by }: TopOptions<T> = { by: (element) => element as Ordered },
): CombineFn<T, Ranking<Ordered, T>, readonly T[]> {
  return new TopFn(limit, by);
}

class TopFn<T> implements CombineFn<T, Ranking<Ordered, T>, readonly T[]> {
  readonly name: string;
  readonly #kept: { readonly limit: number; readonly order: RankOrder<Ordered> };
  readonly #by: (element: T) => Ordered;

  constructor(limit: number, by: (element: T) => Ordered) {
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new RangeError(`Cannot take the top as limit must be a positive integer: received ${limit}`);
    }
    this.name = `Top ${limit}`;
    this.#kept = { limit, order: largestFirst };
    this.#by = by;
  }

  createAccumulator(): Ranking<Ordered, T> {
    return emptyRanking();
  }

  addInput(accumulator: Ranking<Ordered, T>, value: T): Ranking<Ordered, T> {
    const by = this.#by; // called as a plain function: no class of ours in the user's stack
    addRanked(accumulator, { rank: by(value), value }, this.#kept);
    return accumulator;
  }

  mergeAccumulators(accumulators: readonly Ranking<Ordered, T>[]): Ranking<Ordered, T> {
    const merged = emptyRanking<Ordered, T>();
    for (const { entries } of accumulators) {
      for (const entry of entries) addRanked(merged, entry, this.#kept);
    }
    return merged;
  }

  extractOutput(accumulator: Ranking<Ordered, T>): readonly T[] {
    return cutRanking(accumulator, this.#kept).map(({ value }) => value);
  }
}

function largestFirst(a: Ordered, b: Ordered): number {
  return naturalOrder(b, a);
}
