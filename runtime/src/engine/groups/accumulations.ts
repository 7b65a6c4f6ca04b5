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

/**
 * Holds one accumulator, to which inputs are added.
 *
 * Nothing is added up before the shuffle: in one process that would only look each key up twice (measured: 5 M inputs of 100 k
 * keys took 5.1 s, and take 2.1 s). Accumulators are merged where sessions merge, and where they were spilled.
 */
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
