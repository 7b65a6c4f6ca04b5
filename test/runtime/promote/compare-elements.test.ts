import { expect, test } from 'vitest';
import { compareElements } from '../../../runtime/src/promote/compare-elements.ts';

const SHARED = new Date(5);
const CYCLE: { self?: unknown } = {};
CYCLE.self = CYCLE;
const SAME_CYCLE: { self?: unknown } = {};
SAME_CYCLE.self = SAME_CYCLE;

test.each([
  { name: 'what is shared on one side', here: [[SHARED, SHARED]], there: [[new Date(5), new Date(5)]] },
  {
    name: 'a part of a buffer',
    here: [new Uint8Array([1, 2, 3]).subarray(1)],
    there: [new Uint8Array([2, 3])],
  },
  { name: 'cycles', here: [CYCLE], there: [SAME_CYCLE] },
  { name: 'nothing', here: [], there: [] },
  { name: 'another order', here: [1, 2, 2, 'a'], there: ['a', 2, 1, 2] },
  { name: 'awkward values', here: [NaN, -0, undefined, null, 1n], there: [1n, null, undefined, -0, NaN] },
  { name: 'maps and dates', here: [new Map([['a', new Date(5)]])], there: [new Map([['a', new Date(5)]])] },
])('compareElements() finds $name equal', ({ here, there }) => {
  expect(compareElements(here, there)).toEqual({ kind: 'equal' });
});

test.each([
  {
    name: 'values of a group in another order',
    here: [{ key: 'a', value: [1, 2] }],
    there: [{ key: 'a', value: [2, 1] }],
  },
  { name: 'sums that were added up in another order', here: [0.1 + 0.2], there: [0.3] },
  { name: 'properties in another order', here: [{ a: 1, b: [2, 3] }], there: [{ b: [3, 2], a: 1 }] },
])('compareElements() says of $name that they are alike', ({ here, there }) => {
  expect(compareElements(here, there).kind).toBe('alike');
});

test.each([
  { name: 'one more', here: [1, 1], there: [1], lines: ['2 elements here, 1 there', 'only here: 1'] },
  {
    name: 'another type',
    here: ['1'],
    there: [1],
    lines: ['1 elements here, 1 there', 'only here: "1"', 'only there: 1'],
  },
  {
    name: 'a cycle',
    here: [CYCLE],
    there: [],
    lines: ['1 elements here, 0 there', expect.stringMatching(/^only here: .*self/) as string],
  },
  {
    name: 'many, and shows a few',
    here: [],
    there: [1, 2, 3, 4, 5],
    lines: ['0 elements here, 5 there', 'only there: 1, 2, 3, … 2 more'],
  },
])('compareElements() shows $name', ({ here, there, lines }) => {
  expect(compareElements(here, there)).toEqual({ kind: 'different', lines });
});
