import { expect, test } from 'vitest';
import { inferSchema } from '../../../runtime/src/display/schema.ts';
import { histogram, statistics } from '../../../runtime/src/display/statistics.ts';

function columnOf(rows: readonly unknown[]) {
  const [column] = statistics(rows, inferSchema(rows)).columns;
  return column;
}

test('statistics() of numbers gives range, quantiles and a histogram, without what is not finite', () => {
  const column = columnOf([4, 1, 3, 2, 5, null, NaN, Infinity]);
  expect(column).toMatchObject({ count: 7, nulls: 1, distinct: 7 });
  expect(column?.numbers).toMatchObject({
    min: 1,
    median: 3,
    mean: 3,
    max: 5,
    firstQuartile: 2,
    thirdQuartile: 4,
    notFinite: 2,
  });
  expect(column?.numbers?.bins.reduce((sum, { count }) => sum + count, 0)).toBe(5);
});

test('statistics() of text gives the most frequent values and the lengths', () => {
  const column = columnOf(['b', 'aaaa', 'b', 'cc', 'b', 'aaaa']);
  expect(column?.top).toEqual([
    { text: 'b', count: 3 },
    { text: 'aaaa', count: 2 },
    { text: 'cc', count: 1 },
  ]);
  expect(column?.lengths).toEqual({ min: 1, mean: expect.closeTo(13 / 6) as number, max: 4 });
  expect(column?.distinct).toBe(3);
});

test('statistics() has no most frequent value, when each occurs once', () => {
  expect(columnOf(['a', 'b'])?.top).toEqual([]);
});

test('statistics() tells values of different types apart', () => {
  expect(columnOf([{ a: 1 }, { a: 1 }, [1], null, undefined])).toMatchObject({
    count: 3,
    nulls: 2,
    distinct: 2,
  });
});

test('statistics() of dates gives their range in milliseconds', () => {
  expect(columnOf([new Date(1000), new Date(3000)])?.numbers).toMatchObject({ min: 1000, max: 3000 });
});

test('statistics() looks at a bounded number of rows, and says so', () => {
  const rows = Array.from({ length: 100_001 }, (_, index) => index % 3);
  const summary = statistics(rows, inferSchema(rows));
  expect(summary).toMatchObject({ rows: 100_000, isPartial: true });
});

test('statistics() of no rows has no columns', () => {
  expect(statistics([], inferSchema([]))).toEqual({ rows: 0, isPartial: false, columns: [] });
});

test.each([
  { name: 'equal values', values: [5, 5, 5] },
  { name: 'a value of each sign', values: [-0.001, 0.001] },
  { name: 'the widest span there is', values: [-Number.MAX_VALUE, Number.MAX_VALUE] },
  { name: 'neighbours far from zero', values: [1e300, 1.0000000000000002e300] },
  { name: 'tiny values', values: [Number.MIN_VALUE, 2 * Number.MIN_VALUE] },
  { name: 'integers', values: [0, 1, 2, 3, 100] },
])('histogram() of $name holds every value, in a bounded number of bins', ({ values }) => {
  const bins = histogram(values);
  expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
  expect(bins.length).toBeLessThanOrEqual(80);
});

test('histogram() of integers has borders that are integers', () => {
  expect(histogram([0, 1, 2, 2, 3]).map(({ from, count }) => [from, count])).toEqual([
    [0, 1],
    [1, 1],
    [2, 2],
    [3, 1],
  ]);
});
