import type { CombineFn } from '../model/combine-fn.ts';
import { ExtremeFn } from './extreme-fn.ts';
import type { Ordered } from './natural-order.ts';

/** The largest of numbers, strings, bigints or dates; NaN if one is. Of none there is no maximum, and no output. */
export function max<T extends Ordered>(): CombineFn<T, readonly T[], T> {
  return new ExtremeFn<T>('Max', (a, b) => a > b);
}
