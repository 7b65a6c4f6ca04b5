import type { CombineFn } from '../model/combine-fn.ts';
import { naturalOrder, type Ordered } from './natural-order.ts';

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
 * - Cost: O(limit) memory for each key; O(limit) time for an element that ranks among them, O(1) for one that does not.
 *
 * @throws {RangeError} if `limit` is not a positive integer.
 */
export function top<T extends Ordered>(limit: number): CombineFn<T, readonly T[], readonly T[]>;
export function top<T>(limit: number, options: TopOptions<T>): CombineFn<T, readonly T[], readonly T[]>;
export function top<T>(
  limit: number,
  // The first signature leaves it out only for elements that are Ordered themselves.
  { by }: TopOptions<T> = { by: (element) => element as Ordered },
): CombineFn<T, readonly T[], readonly T[]> {
  return new TopFn(limit, by);
}

/** The accumulator holds the elements of highest rank so far, in order. */
class TopFn<T> implements CombineFn<T, readonly T[], readonly T[]> {
  readonly name: string;
  readonly #limit: number;
  readonly #by: (element: T) => Ordered;

  constructor(limit: number, by: (element: T) => Ordered) {
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new RangeError(`Cannot take the top as limit must be a positive integer: received ${limit}`);
    }
    this.name = `Top ${limit}`;
    this.#limit = limit;
    this.#by = by;
  }

  createAccumulator(): readonly T[] {
    return [];
  }

  addInput(accumulator: readonly T[], input: T): readonly T[] {
    const rank = this.#by(input);
    const last = accumulator.at(-1);
    const isFull = accumulator.length >= this.#limit;
    if (isFull && naturalOrder(rank, this.#by(last as T)) <= 0) return accumulator; // full, so there is a last
    const at = this.#placeOf(rank, accumulator);
    return [...accumulator.slice(0, at), input, ...accumulator.slice(at, isFull ? -1 : undefined)];
  }

  mergeAccumulators(accumulators: readonly (readonly T[])[]): readonly T[] {
    return accumulators
      .flat()
      .reduce((merged, element) => this.addInput(merged, element), this.createAccumulator());
  }

  extractOutput(accumulator: readonly T[]): readonly T[] {
    return accumulator;
  }

  /** The index after all elements of at least this rank. */
  #placeOf(rank: Ordered, ranked: readonly T[]): number {
    let low = 0;
    let high = ranked.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (naturalOrder(rank, this.#by(ranked[middle] as T)) <= 0)
        low = middle + 1; // middle is an index of it
      else high = middle;
    }
    return low;
  }
}
