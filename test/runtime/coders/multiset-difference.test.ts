import { inspect, isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { multisetDifference } from '../../../runtime/src/coders/multiset-difference.ts';
import { areEqualValues } from '../../../runtime/src/coders/value-text.ts';
import { anyValue } from '../../support/any-value.ts';

class Point {
  readonly x: number;
  constructor(x: number) {
    this.x = x;
  }
}

test.each([
  { name: 'properties in another order', a: { x: 1, y: 2 }, b: { y: 2, x: 1 } },
  {
    name: 'entries of a Map in another order',
    a: new Map([
      [1, 'a'],
      [2, 'b'],
    ]),
    b: new Map([
      [2, 'b'],
      [1, 'a'],
    ]),
  },
  { name: 'items of a Set in another order', a: new Set([{ x: 1 }, 2]), b: new Set([2, { x: 1 }]) },
  { name: 'instances of one class', a: new Point(1), b: new Point(1) },
  { name: 'NaN', a: [NaN], b: [NaN] },
])('areEqualValues() is true for $name', ({ a, b }) => {
  expect(areEqualValues(a, b)).toBe(true);
});

test.each([
  { name: '0 and -0', a: 0, b: -0 },
  { name: 'items of an array in another order', a: [1, 2], b: [2, 1] },
  { name: 'a hole and undefined', a: Array(1), b: [undefined] },
  { name: 'a property that is undefined and none', a: { x: undefined }, b: {} },
  { name: 'an instance and a plain object', a: new Point(1), b: { x: 1 } },
  { name: 'a number and its text', a: 1, b: '1' },
  { name: 'a Date and its time', a: new Date(5), b: 5 },
])('areEqualValues() is false for $name', ({ a, b }) => {
  expect(areEqualValues(a, b)).toBe(false);
});

test('areEqualValues() says what isDeepStrictEqual says, of any two values', () => {
  fc.assert(
    fc.property(anyValue, anyValue, (a, b) => {
      // Node 20 finds no two dates equal that are invalid, as it would not NaN and NaN.
      fc.pre(!inspect([a, b], { depth: Infinity, maxArrayLength: Infinity }).includes('Invalid Date'));
      const clone: unknown = structuredClone(a);
      for (const other of [clone, b]) expect(areEqualValues(a, other)).toBe(isDeepStrictEqual(a, other));
    }),
    { numRuns: 500 },
  );
});

test('multisetDifference() counts elements, and finds instances of classes equal', () => {
  const [one, two] = [new Point(1), new Point(2)];
  expect(multisetDifference([1, 1, one, two], [1, new Point(2), 3, 3])).toEqual({
    onlyLeft: [1, one],
    onlyRight: [3, 3],
  });
});
