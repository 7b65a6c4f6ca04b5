import fc from 'fast-check';
import { expect, expectTypeOf, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import { collect } from '../../engine/run-fragment.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

/** Combines in so many parts. */
function quantiles<T>(elements: readonly T[], fn: beam.CombineFn<T, unknown, readonly T[]>, parts = 1) {
  const accumulators = Array.from({ length: parts }, (_, part) => {
    let accumulator = fn.createAccumulator();
    for (let at = part; at < elements.length; at += parts)
      accumulator = fn.addInput(accumulator, elements[at] as T);
    return accumulator;
  });
  return fn.extractOutput(parts === 1 ? accumulators[0] : fn.mergeAccumulators(accumulators));
}

const MANY = upTo(20_000).map((n) => (n * 7919) % 10_007);
const COARSE = { epsilon: 0.05, maxNumElements: 10_000 };
const weight = (n: number) => (n < 5000 ? 1 : 0.25);

// What Beam Python's ApproximateQuantilesCombineFn gives for the same.
test.each([
  {
    name: 'a coarse summary',
    want: [0, 2493, 5025, 7565, 10_006],
    fn: beam.approximateQuantiles<number>(5, COARSE),
  },
  { name: 'many', want: [0, 2446, 4958, 7450, 10_006], fn: beam.approximateQuantiles<number>(5) },
  {
    name: 'the greatest first',
    want: [10_006, 8333, 6659, 4995, 3330, 1665, 0],
    fn: beam.approximateQuantiles<number>(7, { reverse: true }),
  },
  {
    name: 'weights, coarsely',
    want: [0, 1587, 3196, 4714, 10_006],
    fn: beam.approximateQuantiles<number>(5, { weight, ...COARSE }),
  },
  {
    name: 'weights',
    want: [0, 1562, 3126, 4688, 10_006],
    fn: beam.approximateQuantiles<number>(5, { weight }),
  },
])('approximateQuantiles() of $name are as in Beam', ({ fn, want }) => {
  expect(quantiles(MANY, fn)).toEqual(want);
});

test('approximateQuantiles() of parts that are merged are as in Beam', () => {
  expect(quantiles(MANY, beam.approximateQuantiles<number>(5, COARSE), 3)).toEqual([
    0, 2500, 5028, 7558, 10_006,
  ]);
});

test('approximateQuantiles() of few are exact, and as in Beam', () => {
  expect(quantiles(upTo(101), beam.approximateQuantiles<number>(5))).toEqual([0, 25, 50, 75, 100]);
  expect(quantiles([3, 1], beam.approximateQuantiles<number>(5))).toEqual([1, 1, 1, 3, 3]);
  expect(quantiles([7], beam.approximateQuantiles<number>(2))).toEqual([7, 7]);
  expect(quantiles([], beam.approximateQuantiles<number>(3))).toEqual([]);
  const light = { weight: (n: number) => (n < 10 ? 1 : 1e-5) };
  expect(quantiles(upTo(101), beam.approximateQuantiles<number>(5, light))).toEqual([0, 2, 4, 7, 100]);
});

test('approximateQuantiles() are within epsilon of their places, however elements are split', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1, maxLength: 2000 }),
      fc.integer({ min: 1, max: 9 }),
      (numbers, parts) => {
        const count = 5;
        const found = quantiles(
          numbers,
          beam.approximateQuantiles<number>(count, { epsilon: 0.1, maxNumElements: 2000 }),
          parts,
        );
        const sorted = [...numbers].sort((a, b) => a - b);
        expect(found).toHaveLength(count);
        expect([found[0], found.at(-1)]).toEqual([sorted[0], sorted.at(-1)]);
        for (const [at, value] of found.entries()) {
          const [first, last] = [sorted.indexOf(value), sorted.lastIndexOf(value)];
          const place = (at / (count - 1)) * (sorted.length - 1);
          const away = Math.max(first - place, place - last, 0);
          expect(away).toBeLessThanOrEqual(0.1 * sorted.length + 1);
        }
      },
    ),
    { numRuns: 100 },
  );
});

test('approximateQuantiles() order by what they are told, and give elements, globally and per key', async () => {
  const words = beam.pipeline().apply(beam.create(['ccc', 'a', 'dddd', 'bb', 'eeeee']));
  const byLength = beam.approximateQuantiles(3, { by: (word: string) => word.length });
  const global = words.apply(beam.combineGlobally(byLength));
  expectTypeOf(global).toEqualTypeOf<beam.PCollection<readonly string[]>>();
  expect((await collect(global)).values).toEqual([['a', 'ccc', 'eeeee']]);
  const perKey = words
    .map((word) => ({ key: word.length > 2, value: word }))
    .apply(beam.combinePerKey(beam.approximateQuantiles<string>(2)));
  expect((await collect(perKey)).values).toEqual([
    { key: true, value: ['ccc', 'eeeee'] },
    { key: false, value: ['a', 'bb'] },
  ]);
});

test.each([
  [1, {}, 'there must be a whole number of them, at least 2: received the number 1'],
  [2.5, {}, 'at least 2: received the number 2.5'],
  [3, { epsilon: 0 }, 'epsilon must be above 0 and below 1: received the number 0'],
  [3, { maxNumElements: Infinity }, 'maxNumElements must be a number of at least 1: received'],
  [3, { key: 1 }, 'its options are by, reverse, weight'],
] as const)('approximateQuantiles(%s, %j) is refused', (count, options, message) => {
  expect(() =>
    beam.approximateQuantiles<number>(count, options as beam.ApproximateQuantilesOptions<number>),
  ).toThrow(message);
});

test('approximateQuantiles() refuses a weight that is none', () => {
  const fn = beam.approximateQuantiles<number>(2, { weight: () => -1 });
  expect(() => quantiles([1], fn)).toThrow('a weight must be a number of at least 0: received the number -1');
});
