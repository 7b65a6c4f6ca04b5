import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

const valuesOf = async <T>(target: beam.PCollection<T>) => (await collect(target)).values;

const at = (times: readonly number[]) =>
  beam
    .pipeline()
    .apply(beam.create(times))
    .apply(beam.assignTimestamps((time) => time));

test('latestGlobally() gives the element with the latest timestamp, and null of none', async () => {
  expect(await valuesOf(at([3, 9, -5]).apply(beam.latestGlobally()))).toEqual([9]);
  expect(await valuesOf(at([]).apply(beam.latestGlobally()))).toEqual([null]);
  expect(await valuesOf(at([]).apply(beam.latestGlobally({ withoutDefaults: true })))).toEqual([]);
});

test('latestGlobally() gives one for each window, withoutDefaults only', async () => {
  const windowed = at([3, 9, 1, 12, 11]).apply(beam.windowInto(beam.windows.fixed(10)));
  expect(await valuesOf(windowed.apply(beam.latestGlobally({ withoutDefaults: true })))).toEqual([9, 12]);
  expect(() => windowed.apply(beam.latestGlobally())).toThrow('must have one window');
});

test('latestPerKey() gives the latest value of each key, null and undefined too', async () => {
  const pairs = at([1, 4, 2, 7]).map((n) => ({ key: n % 2, value: n === 7 ? null : n }));
  expect(await valuesOf(pairs.apply(beam.latestPerKey()))).toEqual([
    { key: 1, value: null },
    { key: 0, value: 4 },
  ]);
});
