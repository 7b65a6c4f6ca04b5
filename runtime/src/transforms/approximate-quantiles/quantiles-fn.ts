import type { CombineFn } from '../../model/combine-fn.ts';
import { describeValue } from '../../model/describe-value.ts';
import type { Ordered } from '../natural-order.ts';
import {
  bufferOf,
  endsOf,
  interpolate,
  weightOf,
  type Order,
  type QuantileBuffer,
  type Weighed,
} from './quantile-buffer.ts';

/** What the quantiles of many elements are estimated by. */
export interface QuantileSummary<T> {
  /** Inputs that fill no buffer yet. */
  unbuffered: Weighed<T>[];
  /** In the order of their levels. */
  buffers: QuantileBuffer<T>[];
  /** Rounds halves up and down in turn. */
  isUp: boolean;
}

/** How elements are ordered, and how much of them is kept. */
export interface QuantileSettings<T> {
  readonly count: number;
  readonly order: Order;
  readonly by: (element: T) => Ordered;
  /** Undefined where all count alike. */
  readonly weight: ((element: T) => number) | undefined;
  /** Elements of a buffer, and the most buffers: k and b of the paper. */
  readonly bufferSize: number;
  readonly numBuffers: number;
}

/**
 * Estimates quantiles by buffers that are collapsed to one, of a higher level, when there are too many.
 *
 * @see Manku, Rajagopalan and Lindsay, "Approximate Medians and other Quantiles in One Pass and with Limited Memory", SIGMOD 1998;
 *   Beam Python's ApproximateQuantilesCombineFn
 */
export class QuantilesFn<T> implements CombineFn<T, QuantileSummary<T>, readonly T[]> {
  readonly name: string;
  readonly #settings: QuantileSettings<T>;

  constructor(settings: QuantileSettings<T>) {
    this.name = `ApproximateQuantiles ${settings.count}`;
    this.#settings = settings;
  }

  createAccumulator(): QuantileSummary<T> {
    return { unbuffered: [], buffers: [], isUp: false };
  }

  addInput(summary: QuantileSummary<T>, element: T): QuantileSummary<T> {
    const { by, weight } = this.#settings; // called as plain functions: no class of ours in the user's stack
    const weighed = {
      element,
      rank: by(element),
      weight: weight === undefined ? 1 : requireWeight(weight(element)),
    };
    summary.unbuffered.push(weighed);
    if (summary.unbuffered.length >= this.#settings.bufferSize) {
      this.#fillBuffers(summary);
      this.#collapse(summary);
    }
    return summary;
  }

  mergeAccumulators(summaries: readonly QuantileSummary<T>[]): QuantileSummary<T> {
    const merged = this.createAccumulator();
    for (const { unbuffered, buffers } of summaries) {
      for (const each of unbuffered) merged.unbuffered.push(each);
      this.#fillBuffers(merged);
      merged.buffers.push(...buffers);
    }
    merged.buffers.sort(byLevel);
    this.#collapse(merged);
    return merged;
  }

  extractOutput({ unbuffered, buffers }: QuantileSummary<T>): readonly T[] {
    const { count, order } = this.#settings;
    const [one, ...others] = unbuffered.length === 0 ? buffers : [...buffers, bufferOf(unbuffered, order)];
    if (one === undefined) return [];
    const all = [one, ...others] as const;
    const total = weightOf(all);
    const { first, last } = endsOf(all, order);
    const step = total / (count - 1);
    const offset = (total - 1) / (count - 1);
    const between = interpolate(all, { count: count - 2, step, offset, order });
    return [first, ...between, last].map(({ element }) => element);
  }

  #fillBuffers(summary: QuantileSummary<T>): void {
    const { bufferSize, order } = this.#settings;
    while (summary.unbuffered.length >= bufferSize) {
      summary.buffers.push(bufferOf(summary.unbuffered.splice(0, bufferSize), order));
    }
    summary.buffers.sort(byLevel);
  }

  /** Puts those of the least levels together, until there are few enough. */
  #collapse(summary: QuantileSummary<T>): void {
    while (summary.buffers.length > this.#settings.numBuffers) {
      const [one, two, ...rest] = summary.buffers;
      if (one === undefined || two === undefined) return; // there are two at least
      const number = rest.findIndex(({ level }) => level > two.level);
      const alike = number === -1 ? rest : rest.slice(0, number);
      summary.buffers = number === -1 ? [] : rest.slice(number);
      summary.buffers.push(this.#collapsed([one, two, ...alike], summary));
      summary.buffers.sort(byLevel);
    }
  }

  #collapsed(
    buffers: readonly [QuantileBuffer<T>, ...QuantileBuffer<T>[]],
    summary: QuantileSummary<T>,
  ): QuantileBuffer<T> {
    const { bufferSize: count, order, weight: weighs } = this.#settings;
    const level = Math.max(...buffers.map((buffer) => buffer.level)) + 1;
    const ends = endsOf(buffers, order);
    if (weighs !== undefined) {
      const total = weightOf(buffers);
      const step = total / (count - 1);
      const elements = interpolate(buffers, { count, step, offset: total / (2 * count), order });
      return { elements, level, ...ends };
    }
    // Elements of one buffer count alike: as many as the buffer stands for, of each of its places.
    const weight = buffers.reduce((sum, { elements }) => sum + (elements[0]?.weight ?? 0), 0);
    const offset = weight % 2 === 1 ? (weight + 1) / 2 : this.#half(weight, summary);
    const elements = interpolate(buffers, { count, step: weight, offset, order });
    return { elements: elements.map((each) => ({ ...each, weight })), level, ...ends };
  }

  #half(weight: number, summary: QuantileSummary<T>): number {
    summary.isUp = !summary.isUp;
    return (summary.isUp ? weight + 2 : weight) / 2;
  }
}

function byLevel(a: QuantileBuffer<unknown>, b: QuantileBuffer<unknown>): number {
  return a.level - b.level;
}

function requireWeight(weight: unknown): number {
  if (typeof weight === 'number' && weight >= 0 && weight < Infinity) return weight;
  throw new RangeError(
    `Cannot estimate quantiles as a weight must be a number of at least 0: received ${describeValue(weight)}`,
  );
}
