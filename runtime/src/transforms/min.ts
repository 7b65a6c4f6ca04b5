import type { CombineFn } from '../model/combine-fn.ts';
import { ExtremeFn } from './extreme-fn.ts';
import type { Ordered } from './natural-order.ts';

/** The smallest of numbers, strings, bigints or dates; NaN if one is. Of none there is no minimum, and no output. */
export function min<T extends Ordered>(): CombineFn<T, readonly T[], T> {
  return new ExtremeFn<T>('Min', (a, b) => a < b);
}
