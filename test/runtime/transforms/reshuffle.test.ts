import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

const valuesOf = async <T>(target: beam.PCollection<T>) => (await collect(target)).values;

test('reshuffle() gives each element as it was, with its timestamp, windows and pane', async () => {
  const grouped = beam
    .pipeline()
    .apply(beam.create([1, 4, 12]))
    .apply(beam.assignTimestamps((n) => n))
    .apply(beam.windowInto(beam.windows.sliding({ size: 10, period: 5 })))
    .map((n) => ({ key: 'ü', value: n }))
    .apply(beam.groupByKey());
  const shuffled = grouped.apply(beam.reshuffle());
  expect(shuffled.windowing).toBe(grouped.windowing);
  const [before, after] = [grouped, shuffled].map((each) => valuesOf(each.apply(beam.reify())));
  expect(await before).toHaveLength(4);
  expect(await after).toEqual(await before);
});

test('reshufflePerKey() gives each { key, value } as it was', async () => {
  const pairs: beam.KV<unknown, unknown>[] = [
    { key: { x: 1 }, value: undefined },
    { key: Number.NaN, value: [1] },
  ];
  const p = beam.pipeline();
  expect(await valuesOf(p.apply(beam.create(pairs)).apply(beam.reshufflePerKey()))).toEqual(pairs);
});

test('reshufflePerKey() refuses what a grouping would refuse', async () => {
  const p = beam.pipeline();
  const noPairs = p.apply(beam.create(['a'])) as unknown as beam.PCollection<beam.KV<string, number>>;
  await expect(valuesOf(noPairs.apply(beam.reshufflePerKey()))).rejects.toThrow(
    'Cannot group by key in "ReshufflePerKey" as its elements must be { key, value }: received the string "a"',
  );
  const noKeys = p.apply(beam.create([{ key: new Map(), value: 1 }]));
  await expect(valuesOf(noKeys.apply(beam.withName('By map', beam.reshufflePerKey())))).rejects.toThrow(
    'Cannot group by key in "By map" as its keys must have a deterministic encoding: received an instance of Map at key',
  );
});

test.each([0, 1.5, -1, 2 ** 33, Number.NaN, '8'])('reshuffle() refuses %s buckets', (numBuckets) => {
  expect(() => beam.reshuffle({ numBuckets: numBuckets as number })).toThrow(
    'Cannot reshuffle as numBuckets must be a whole number from 1 to 4294967296: received',
  );
});
