import type { CombineFn } from '../../model/combine-fn.ts';
import { describeValue } from '../../model/describe-value.ts';
import type { Ordered } from '../natural-order.ts';
import { requireOptions } from '../require-options.ts';
import { QuantilesFn, type QuantileSummary } from './quantiles-fn.ts';

/** How approximateQuantiles orders elements, and how well it estimates. */
export interface ApproximateQuantilesOptions<T> {
  /** What to order an element by: itself, unless told. */
  readonly by?: (element: T) => Ordered;
  /** The greatest comes first. */
  readonly reverse?: boolean;
  /** How much an element counts, 0 or more: all alike, unless told. */
  readonly weight?: (element: T) => number;
  /**
   * How far a quantile may be from its place, as a part of all elements: 1 / the number of quantiles, unless told, and with weights 0.01
   * at most. It is far better, as a rule.
   */
  readonly epsilon?: number;
  /** Of how many elements that holds: a thousand million, unless told. */
  readonly maxNumElements?: number;
}

const MOST_ELEMENTS = 1e9;

/**
 * Estimates the quantiles of elements: `combineGlobally(beam.approximateQuantiles(5))` gives the least, the three quartiles and the
 * greatest; also per key. They are elements, and `numQuantiles` of them: of fewer elements some come more than once.
 *
 * Numbers, strings, bigints and dates order by themselves. Of no elements it gives []; few elements (hundreds for each key) have exact
 * quantiles.
 *
 * - Cost: O(1 / epsilon · log²(epsilon · maxNumElements)) elements are in memory for each key; O(log) time for each element.
 *
 * @throws {RangeError} for a number of quantiles below 2, or an epsilon or a number of elements that is none.
 * @see Beam Python's ApproximateQuantiles
 */
export function approximateQuantiles<T extends Ordered>(
  numQuantiles: number,
  options?: ApproximateQuantilesOptions<T>,
): CombineFn<T, QuantileSummary<T>, readonly T[]>;
export function approximateQuantiles<T>(
  numQuantiles: number,
  options: ApproximateQuantilesOptions<T> & { readonly by: (element: T) => Ordered },
): CombineFn<T, QuantileSummary<T>, readonly T[]>;
export function approximateQuantiles<T>(
  numQuantiles: number,
  options: ApproximateQuantilesOptions<T> = {},
): CombineFn<T, QuantileSummary<T>, readonly T[]> {
  const action = 'estimate quantiles';
  requireOptions(options, action, ['by', 'reverse', 'weight', 'epsilon', 'maxNumElements']);
  if (!Number.isSafeInteger(numQuantiles) || numQuantiles < 2) {
    throw new RangeError(
      `Cannot ${action} as there must be a whole number of them, at least 2: received ${describeValue(numQuantiles)}`,
    );
  }
  const { weight, reverse = false, maxNumElements = MOST_ELEMENTS } = options;
  const usual = weight === undefined ? 1 / numQuantiles : Math.min(0.01, 1 / numQuantiles);
  const { epsilon = usual } = options;
  if (!(epsilon > 0 && epsilon < 1)) {
    throw new RangeError(
      `Cannot ${action} as epsilon must be above 0 and below 1: received ${describeValue(epsilon)}`,
    );
  }
  if (!(maxNumElements >= 1 && maxNumElements <= Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(
      `Cannot ${action} as maxNumElements must be a number of at least 1: received ${describeValue(maxNumElements)}`,
    );
  }
  return new QuantilesFn({
    count: numQuantiles,
    order: reverse ? -1 : 1,
    // The first signature leaves it out only for elements that are Ordered themselves.
    by: options.by ?? ((element) => element as Ordered),
    weight,
    ...buffersFor(epsilon, maxNumElements),
  });
}

/** How many buffers, and of what size, hold an error: as Munro and Paterson have it. */
function buffersFor(
  epsilon: number,
  elements: number,
): { readonly bufferSize: number; readonly numBuffers: number } {
  let buffers = 2;
  while ((buffers - 2) * 2 ** (buffers - 2) < epsilon * elements) buffers += 1;
  buffers -= 1;
  return { numBuffers: buffers, bufferSize: Math.max(2, Math.ceil(elements / 2 ** (buffers - 1))) };
}
