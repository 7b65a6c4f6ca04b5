import { expect, expectTypeOf, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import { collect } from '../../engine/run-fragment.ts';

const valuesOf = async <T>(target: beam.PCollection<T>, bundleSize = 100) =>
  (await collect(target, { bundleSize })).values;

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

test('batchElements() fills batches of one size, but for the last of each bundle', async () => {
  const batches = beam
    .pipeline()
    .apply(beam.create(upTo(7)))
    .apply(beam.batchElements({ minBatchSize: 3, maxBatchSize: 3 }));
  expectTypeOf(batches).toEqualTypeOf<beam.PCollection<number[]>>();
  expect(await valuesOf(batches)).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
});

test('batchElements() gives nothing for nothing', async () => {
  const none = beam.pipeline().apply(beam.create<number>([])).apply(beam.batchElements());
  expect(await valuesOf(none)).toEqual([]);
});

test('batchElements() puts each batch in the window of its elements, at its end, and of no pane', async () => {
  const batches = beam
    .pipeline()
    .apply(beam.create([1, 12, 3, 14, 5]))
    .apply(beam.assignTimestamps((n) => n))
    .apply(beam.windowInto(beam.windows.fixed(10)))
    .apply(beam.batchElements({ minBatchSize: 2, maxBatchSize: 2 }))
    .apply(beam.reify());
  const found = await valuesOf(batches);
  expect(found.map(({ value, timestamp, window }) => [value, timestamp, window])).toEqual([
    [[1, 3], 9, beam.intervalWindow(0, 10)],
    [[5], 9, beam.intervalWindow(0, 10)],
    [[12, 14], 19, beam.intervalWindow(10, 20)],
  ]);
  for (const { pane } of found) expect(pane).toEqual(beam.NO_FIRING);
});

test('batchElements() has unfinished batches of ten windows, and then lets the largest go', async () => {
  const batches = beam
    .pipeline()
    .apply(beam.create([50, 51, ...upTo(9).map((n) => n * 10 + 100), 300, 52, 53]))
    .apply(beam.assignTimestamps((n) => n))
    .apply(beam.windowInto(beam.windows.fixed(10)))
    .apply(beam.batchElements({ minBatchSize: 10, maxBatchSize: 10 }));
  const found = await valuesOf(batches);
  expect(found[0]).toEqual([50, 51]);
  expect(found).toContainEqual([52, 53]);
  expect(found).toHaveLength(12);
});

test('batchElements() counts elements for what elementSize says', async () => {
  const batches = beam
    .pipeline()
    .apply(beam.create(['aaaa', 'b', 'cc', 'dddddddd', '', 'e']))
    .apply(beam.batchElements({ minBatchSize: 5, maxBatchSize: 5, elementSize: (text) => text.length }));
  expect(await valuesOf(batches)).toEqual([['aaaa', 'b'], ['cc'], ['dddddddd'], ['', 'e']]);
});

test('batchElements() times what follows, by its clock, and makes batches larger as that is worth it', async () => {
  let now = 0;
  const sizes: number[] = [];
  const out = beam
    .pipeline()
    .apply(beam.create(upTo(2000)))
    .apply(beam.batchElements({ maxBatchSize: 200, variance: 0, clock: () => now }))
    .map((batch) => {
      now += 100 + batch.length;
      sizes.push(batch.length);
      return batch.length;
    });
  const { values, distributions } = await collect(out, { bundleSize: 10_000 });
  expect(sizes.slice(0, 10)).toEqual([1, 1, 2, 4, 8, 16, 32, 64, 128, 200]);
  expect(values.reduce((sum, size) => sum + size, 0)).toBe(2000);
  const batches = distributions.BatchElements;
  expect(batches?.batch_size).toMatchObject({ count: sizes.length, sum: 2000, min: 1, max: 200 });
  expect(batches?.msec_per_batch).toMatchObject({ count: sizes.length, sum: now, min: 101 });
});

test.each([
  [{ minBatchSize: 0 }, 'minBatchSize must be a whole number, at least 1: received the number 0'],
  [
    { minBatchSize: 5, maxBatchSize: 4 },
    'maxBatchSize must be a whole number, at least minBatchSize (5): received the number 4',
  ],
  [{ targetBatchOverhead: 0 }, 'targetBatchOverhead must be above 0, and 1 at most: received the number 0'],
  [{ targetBatchDuration: -1 }, 'targetBatchDuration must be a duration of at least 1 ms'],
  [{ variance: Number.NaN }, 'variance must be from 0 to 1: received'],
  [{ targetBatchOverhead: null, targetBatchDuration: null }, 'must be an aim: received null'],
  [{ batchSize: 3 }, 'its options are minBatchSize, maxBatchSize'],
] as const)('batchElements() refuses %j', (options, message) => {
  expect(() => beam.batchElements(options as beam.BatchElementsOptions<number>)).toThrow(message);
});
