import type { GuardedCombine } from '../../executor/combine-operators.ts';
import type { Accumulation } from './accumulation.ts';

/** Holds all values of a group, in the order of arrival. */
export const LIST: Accumulation = Object.freeze({
  isList: true,
  of: (value: unknown) => [value],
  add(held: unknown, value: unknown) {
    (held as unknown[]).push(value); // what `of` made
    return held;
  },
  merge(held: unknown, other: unknown) {
    const all = held as unknown[]; // the same
    for (const value of other as unknown[]) all.push(value);
    return all;
  },
  empty: () => [],
  copy: (held: unknown) => [...(held as unknown[])],
});

/** Holds one accumulator, to which inputs are added. */
export function ofInputs(combine: GuardedCombine, copy: (held: unknown) => unknown): Accumulation {
  return {
    isList: false,
    of: (value) => combine.add(combine.create(), value),
    add: (held, value) => combine.add(held, value),
    merge: (held, other) => combine.merge([held, other]),
    empty: () => combine.create(),
    copy,
  };
}

/** Holds one accumulator, with which those that come from before the shuffle are merged. */
export function ofAccumulators(combine: GuardedCombine, copy: (held: unknown) => unknown): Accumulation {
  const merge = (held: unknown, other: unknown) => combine.merge([held, other]);
  return { isList: false, of: (value) => value, add: merge, merge, empty: () => combine.create(), copy };
}
