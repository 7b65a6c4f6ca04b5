import { expect, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import { brokenIds, portableOf } from '../../../support/portable.ts';
import { coderOf, leaves, stepOf } from '../../../support/portable-proto.ts';

const pairs = () =>
  beam
    .pipeline()
    .apply(beam.create([{ key: 'a', value: 1 }]))
    .apply(beam.windowInto(beam.windows.fixed(10)));

test("toPortable() makes a reshuffle Beam's composite, with the same coder and windows before and after it", async () => {
  const { proto } = await portableOf([pairs().apply(beam.reshuffle({ numBuckets: 3 }))]);
  expect(brokenIds(proto)).toEqual([]);
  const { transforms = {}, pcollections = {} } = proto.components ?? {};
  expect(transforms.Reshuffle?.spec?.urn).toBe('beam:transform:reshuffle:v1');
  expect(transforms.Reshuffle?.inputs).toEqual({ in: 'WindowInto(FixedWindows).main' });
  expect(transforms.Reshuffle?.outputs).toEqual({ main: 'Reshuffle.main' });
  expect(leaves(proto).slice(3)).toEqual([
    'Reshuffle/Keyed: pardo, WindowInto(FixedWindows).main > Reshuffle/Keyed.main',
    'Reshuffle/GroupByKey: group_by_key, Reshuffle/Keyed.main > Reshuffle/GroupByKey.main',
    'Reshuffle/Restored: pardo, Reshuffle/GroupByKey.main > Reshuffle.main',
  ]);
  expect(stepOf(proto, 'Reshuffle/Keyed')).toMatchObject({
    kind: 'toReshuffle',
    isPerKey: false,
    numBuckets: 3,
  });
  expect(coderOf(proto, 'Reshuffle/Keyed.main')).toBe('kv(key,bytes)');
  expect(coderOf(proto, 'Reshuffle.main')).toBe('value');
  const windowing = (id: string) => pcollections[id]?.windowingStrategyId;
  expect(windowing('Reshuffle/Keyed.main')).toBe('global 2');
  expect(windowing('Reshuffle.main')).toBe('fixed');
  const atOnce = proto.components?.windowingStrategies['global 2'];
  expect(atOnce?.trigger?.trigger.case).toBe('always');
});

test('toPortable() makes a reshuffle by key a grouping, which no runner replaces', async () => {
  const grouped = pairs().apply(beam.groupByKey());
  const { proto } = await portableOf([grouped.apply(beam.reshufflePerKey())]);
  expect(brokenIds(proto)).toEqual([]);
  expect(proto.components?.transforms.ReshufflePerKey?.spec).toBeUndefined();
  expect(stepOf(proto, 'ReshufflePerKey/Keyed')).toMatchObject({ kind: 'toReshuffle', isPerKey: true });
  // Groups before it are groups after it.
  expect(coderOf(proto, 'ReshufflePerKey.main')).toBe('kv(key,iterable(value))');
});
