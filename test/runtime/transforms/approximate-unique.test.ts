import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

/** Combines in so many parts. */
function estimate(elements: readonly unknown[], options: beam.ApproximateUniqueOptions, parts = 1): number {
  const fn = beam.approximateUnique<unknown>(options);
  const accumulators = Array.from({ length: parts }, (_, part) => {
    let accumulator = fn.createAccumulator();
    for (let at = part; at < elements.length; at += parts)
      accumulator = fn.addInput(accumulator, elements[at]);
    return accumulator;
  });
  return fn.extractOutput(fn.mergeAccumulators(accumulators));
}

test('approximateUnique() counts fewer than its size exactly, by their encodings', () => {
  expect(estimate([], { size: 16 })).toBe(0);
  expect(
    estimate([1, 1n, '1', 0, -0, { a: 1, b: 2 }, { b: 2, a: 1 }, [], Number.NaN, Number.NaN], { size: 16 }),
  ).toBe(7);
  expect(estimate([...upTo(999), ...upTo(999)], { size: 1000 })).toBe(999);
});

test.each([
  { size: 16, most: 0.8 },
  { size: 400, most: 0.2 },
  { size: 10_000, most: 0.04 },
])('approximateUnique() of size $size is off by less than twice its error', ({ size, most }) => {
  for (const count of [size, 20_000]) {
    const words = upTo(count).map((n) => `word ${n}`);
    const found = estimate([...words, ...words], { size });
    expect(Math.abs(found / count - 1)).toBeLessThan(most);
  }
});

test('approximateUnique() does not depend on how elements are split', () => {
  const elements = upTo(5000).map((n) => (n * 31) % 3000);
  const whole = estimate(elements, { maximumEstimationError: 0.1 });
  for (const parts of [2, 7, 100]) expect(estimate(elements, { size: 400 }, parts)).toBe(whole);
});

test('approximateUnique() estimates globally and per key', async () => {
  const numbers = beam.pipeline().apply(beam.create(upTo(60)));
  const all = await collect(numbers.apply(beam.combineGlobally(beam.approximateUnique({ size: 100 }))));
  expect(all.values).toEqual([60]);
  const perKey = numbers
    .map((n) => ({ key: n % 2, value: n % 5 }))
    .apply(beam.combinePerKey(beam.approximateUnique({ size: 100 })));
  expect((await collect(perKey)).values).toEqual([
    { key: 0, value: 5 },
    { key: 1, value: 5 },
  ]);
});

test.each([
  [{ size: 15 }, 'size must be a whole number, at least 16: received the number 15'],
  [
    { maximumEstimationError: 0.6 },
    'maximumEstimationError must be from 0.01 to 0.5: received the number 0.6',
  ],
  [{}, 'either size or maximumEstimationError must be given: received none'],
  [{ size: 16, maximumEstimationError: 0.5 }, 'must be given: received both'],
] as const)('approximateUnique() refuses %j', (options, message) => {
  expect(() => beam.approximateUnique(options as beam.ApproximateUniqueOptions)).toThrow(message);
});

test('approximateUnique() refuses an element without a deterministic encoding', () => {
  expect(() => estimate([new Map()], { size: 16 })).toThrow(
    'must have a deterministic encoding: received an instance of Map',
  );
});
