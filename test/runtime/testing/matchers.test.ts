import {
  allSatisfy,
  contains,
  containsInAnyOrder,
  equalTo,
  equalToApprox,
  hasSize,
  isEmpty,
  isNotEmpty,
  satisfies,
} from 'millrace/testing';
import { expect, test } from 'vitest';
import { reportOf } from '../../support/report-of.ts';

class Point {
  readonly x: number;
  constructor(x: number) {
    this.x = x;
  }
}

const isEven = (n: number) => n % 2 === 0;

test.each([
  { name: 'the same in another order', elements: [1, 2, 2], matcher: containsInAnyOrder([2, 1, 2]) },
  { name: 'none', elements: [], matcher: containsInAnyOrder([]) },
  {
    name: 'equal ones',
    elements: [NaN, new Map([['a', new Date(5)]])],
    matcher: equalTo([new Map([['a', new Date(5)]]), NaN]),
  },
  { name: 'undefined and null', elements: [undefined, null], matcher: equalTo([null, undefined]) },
  { name: 'instances of a class', elements: [new Point(1)], matcher: equalTo([new Point(1)]) },
  {
    name: 'sums',
    elements: [0.1 + 0.2, [1e-12]],
    matcher: equalToApprox<unknown>([[1.0000000001e-12], 0.3]),
  },
  { name: 'numbers near 0', elements: [1e-12], matcher: equalToApprox([0], { absTol: 1e-9 }) },
  {
    name: 'what is within objects',
    elements: [{ a: [0.3], b: 'x' }],
    matcher: equalToApprox([{ b: 'x', a: [0.1 + 0.2] }]),
  },
  { name: 'infinite numbers', elements: [Infinity, NaN], matcher: equalToApprox([NaN, Infinity]) },
  { name: 'some among others', elements: [1, 2, 2, 3], matcher: contains(2, 2) },
  { name: 'a size', elements: [1, 2], matcher: hasSize(2) },
  { name: 'nothing', elements: [], matcher: isEmpty() },
  { name: 'something', elements: [undefined], matcher: isNotEmpty() },
  { name: 'a function of all', elements: [1, 2], matcher: satisfies<number>((all) => all.length === 2) },
  { name: 'a function that returns nothing', elements: [1], matcher: satisfies(() => undefined) },
  { name: 'an async function', elements: [1], matcher: satisfies(() => Promise.resolve(true)) },
  { name: 'a function of each', elements: [2, 4], matcher: allSatisfy(isEven) },
  { name: 'a function of each, of none', elements: [], matcher: allSatisfy(isEven) },
])('assertThat() holds of $name', async ({ elements, matcher }) => {
  expect(await reportOf<never>(elements as never[], matcher)).toEqual(['holds']);
});

const LONG = { name: 'a name that is too long to be read at a glance', place: { city: 'Bern', zip: 3000 } };

test.each([
  {
    name: 'missing and unexpected elements',
    elements: ['a', 'c', 'c'],
    matcher: containsInAnyOrder(['a', 'b']),
    report: [
      'containsInAnyOrder expects 2 elements, received 3: 1 missing, 2 unexpected',
      'missing: "b"',
      'unexpected: "c", "c"',
    ],
  },
  {
    name: 'that there is nothing',
    elements: [],
    matcher: equalTo([1]),
    report: ['equalTo expects 1 element, received none: 1 missing', 'missing: 1'],
  },
  {
    name: 'that 0 is not -0, nor "1" 1',
    elements: [0, '1'],
    matcher: equalTo<unknown>([-0, 1]),
    report: [
      'equalTo expects 2 elements, received 2: 2 missing, 2 unexpected',
      'missing: -0, 1',
      'unexpected: 0, "1"',
    ],
  },
  {
    name: 'a few of many',
    elements: Array.from({ length: 1200 }, (_, n) => n),
    matcher: equalTo<number>([]),
    report: [
      'equalTo expects no elements, received 1,200: 1,200 unexpected',
      'unexpected: 0, 1, 2, 3, 4, … 1,195 more',
    ],
  },
  {
    name: 'where a long element differs',
    elements: [{ ...LONG, place: { city: 'Basel', zip: 3000 } }],
    matcher: equalTo([LONG]),
    report: [
      'equalTo expects 1 element, received 1: 1 missing, 1 unexpected',
      'missing: { name: "a name that is too long to be read at a glance", place: { ci…',
      'unexpected: { name: "a name that is too long to be read at a glance", place: { ci…',
      'differs at .place.city: expected "Bern", received "Basel"',
    ],
  },
  {
    name: 'a number that is too far off',
    elements: [1.1, Infinity],
    matcher: equalToApprox([1, 5]),
    report: [
      'equalToApprox expects 2 elements, received 2: 2 missing, 2 unexpected',
      'missing: 1, 5',
      'unexpected: 1.1, Infinity',
    ],
  },
  {
    name: 'what is not among the others',
    elements: [1, 2],
    matcher: contains(2, 2, 5),
    report: [
      'contains expects 3 elements among others, received 2: 2 missing',
      'missing: 2, 5',
      'received: 1, 2',
    ],
  },
  {
    name: 'another size',
    elements: [1, 2],
    matcher: hasSize(3),
    report: ['hasSize expects 3 elements, received 2', 'received: 1, 2'],
  },
  {
    name: 'what is there',
    elements: ['a'],
    matcher: isEmpty(),
    report: ['isEmpty expects no elements, received 1', 'received: "a"'],
  },
  {
    name: 'emptiness',
    elements: [],
    matcher: isNotEmpty(),
    report: ['isNotEmpty expects at least one element, received none'],
  },
  {
    name: 'a function that returned false',
    elements: [1],
    matcher: satisfies(function areTwo(all) {
      return all.length === 2;
    }),
    report: ['satisfies expects areTwo to hold of 1 element, but it returned false', 'received: 1'],
  },
  {
    name: 'a function that threw',
    elements: [1],
    matcher: satisfies(() => {
      throw new RangeError('no\n\n  really no');
    }),
    report: [
      'satisfies expects its function to hold of 1 element, but it threw RangeError: no',
      '  really no',
      'received: 1',
    ],
  },
  {
    name: 'each that is not right',
    elements: [1, 2, 3],
    matcher: allSatisfy(isEven),
    report: ['allSatisfy expects isEven to hold of each of 3 elements, but not of 2', 'failing: 1, 3'],
  },
  {
    name: 'why the first is not right',
    elements: [1, 2],
    matcher: allSatisfy((n: number) => {
      throw new TypeError(`bad ${n}`);
    }),
    report: [
      'allSatisfy expects its function to hold of each of 2 elements, but not of 2',
      'failing: 1, 2',
      'of the first it threw TypeError: bad 1',
    ],
  },
])('assertThat() tells $name', async ({ elements, matcher, report: [first = '', ...rest] }) => {
  const found = await reportOf<never>(elements as never[], matcher);
  expect(found).toEqual([`Assertion failed: ${first}`, ...rest]);
});

test.each([
  {
    name: 'a size that is none',
    make: () => hasSize(-1),
    message: 'Cannot expect a number of elements as it must be a whole number, 0 or more: received -1',
  },
  {
    name: 'elements that are no array',
    make: () => equalTo('abc' as never),
    message: 'Cannot expect elements as equalTo takes an array of them: received the string "abc"',
  },
  {
    name: 'what is no function',
    make: () => satisfies(true as never),
    message: 'Cannot judge elements as satisfies takes a function: received the boolean true',
  },
])('A matcher refuses $name', ({ make, message }) => {
  expect(make).toThrow(message);
});
