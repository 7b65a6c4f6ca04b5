import { fromBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import {
  CombinePayloadSchema,
  WindowIntoPayloadSchema,
  type Pipeline,
} from '../../../../runtime/src/proto/runner-api.ts';
import { brokenIds, portableOf } from '../../../support/portable.ts';
import { leaves } from '../../../support/portable-proto.ts';

const { triggers: t, windows: w } = beam;
const pairs = () => beam.pipeline().apply(beam.create([{ key: 'a', value: 1 }]));

/** The windowing strategy's id of each PCollection. */
function windowingOf({ components }: Pipeline): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(components?.pcollections ?? {}).map(([id, each]) => [id, each.windowingStrategyId]),
  );
}

/** What a combine's parts are told. */
function combineOf({ components }: Pipeline, id: string): unknown {
  const payload = components?.transforms[id]?.spec?.payload ?? new Uint8Array();
  const { combineFn } = fromBinary(CombinePayloadSchema, payload);
  return JSON.parse(new TextDecoder().decode(combineFn?.payload));
}

test('toPortable() has our worker put elements in windows, which all that follows is in', async () => {
  const summed = pairs()
    .apply(beam.windowInto(w.fixed({ minutes: 1 })))
    .apply(beam.combinePerKey(beam.sum()))
    .map(({ key }) => key);
  const { proto } = await portableOf([summed]);
  expect(brokenIds(proto)).toEqual([]);
  const name = 'WindowInto(FixedWindows)';
  expect(leaves(proto)).toContain(`${name}: window_into, Create.main > ${name}.main`);
  const { spec, environmentId } = proto.components?.transforms[name] ?? {};
  expect(environmentId).toBe('node');
  expect(fromBinary(WindowIntoPayloadSchema, spec?.payload ?? new Uint8Array()).windowFn?.urn).toBe(
    'beam:window_fn:fixed_windows:v1',
  );
  expect(windowingOf(proto)).toEqual({
    'Create/Impulse.main': 'global',
    'Create.main': 'global',
    [`${name}.main`]: 'fixed',
    'CombinePerKey(Sum)/ToKV.main': 'fixed',
    'CombinePerKey(Sum)/Combine/Precombine.main': 'fixed',
    'CombinePerKey(Sum)/Combine/GroupByKey.main': 'fixed',
    'CombinePerKey(Sum)/Combine/Merge.main': 'fixed',
    'CombinePerKey(Sum).main': 'fixed',
    'Map.main': 'fixed',
  });
  expect(Object.keys(proto.components?.windowingStrategies ?? {})).toEqual(['global', 'fixed']);
});

test('toPortable() gives a grouping the continuation of its trigger, and equal strategies one id', async () => {
  const options = { trigger: t.repeatedly(t.afterCount(5)), accumulationMode: 'discarding' } as const;
  const input = pairs();
  const groups = input.apply(beam.windowInto(w.fixed(10), options)).apply(beam.groupByKey());
  const others = input.apply(beam.withName('Again', beam.windowInto(w.fixed(10), options)));
  const { proto } = await portableOf([groups, others]);
  const ids = windowingOf(proto);
  expect(ids['Again.main']).toBe(ids['WindowInto(FixedWindows).main']);
  expect(ids['GroupByKey.main']).toBe('fixed 2');
  const { trigger } = proto.components?.windowingStrategies['fixed 2']?.trigger ?? {};
  expect(trigger?.value).toMatchObject({ subtrigger: { trigger: { value: { elementCount: 1 } } } });
});

test('toPortable() ships a WindowFn of the user, with the step that it is in', async () => {
  const weekly = { assign: (at: number) => [beam.intervalWindow(at, at + 7)] };
  const subjects: (string | undefined)[] = [];
  const { proto } = await portableOf([pairs().apply(beam.withName('Weekly', beam.windowInto(weekly)))], {
    capture: (exports, said) => {
      subjects.push(...said.values());
      expect(exports.get('step1')).toMatchObject({ kind: 'windowInto', windowing: { windowFn: weekly } });
      return Promise.resolve({ code: '', sourceMap: '', sha256: '', nativePackages: [] });
    },
  });
  expect(subjects).toEqual(['the WindowFn of "Weekly"']);
  const payload = proto.components?.transforms.Weekly?.spec?.payload ?? new Uint8Array();
  const { windowFn } = fromBinary(WindowIntoPayloadSchema, payload);
  expect(windowFn?.urn).toBe('millrace:window_fn:v1');
  expect(JSON.parse(new TextDecoder().decode(windowFn?.payload))).toMatchObject({
    kind: 'spec',
    name: 'Weekly',
    export: 'step1',
  });
  expect(windowingOf(proto)['Weekly.main']).toBe('custom');
});

test.each([
  { name: 'in fixed windows', windowing: [w.fixed(10)], lift: 'endOfWindow' },
  { name: 'by the earliest', windowing: [w.fixed(10), { timestampCombiner: 'earliest' }], lift: 'earliest' },
  { name: 'in sessions', windowing: [w.sessions(10)], lift: undefined },
  {
    name: 'where a trigger counts',
    windowing: [
      w.fixed(10),
      {
        trigger: t.repeatedly(t.afterFirst(t.afterCount(2), t.afterProcessingTime(5))),
        accumulationMode: 'discarding',
      },
    ],
    lift: undefined,
  },
] as const)(
  'toPortable() says whether a combine may add up before it groups: $name',
  async ({ windowing, lift }) => {
    const [windowFn, options] = windowing;
    const sums = pairs()
      .apply(beam.windowInto<{ key: string; value: number }>(windowFn, options))
      .apply(beam.combinePerKey(beam.sum()));
    const { proto } = await portableOf([sums]);
    expect((combineOf(proto, 'CombinePerKey(Sum)/Combine') as { lift?: string }).lift).toBe(lift);
  },
);

test('toPortable() brings elements of any windows back through groups of the global one', async () => {
  const windowed = pairs().apply(beam.windowInto(w.fixed(10)));
  const { proto } = await portableOf([windowed], { collect: new Map([[windowed, '/tmp/there']]) });
  const id = 'Collect WindowInto(FixedWindows).main';
  expect(windowingOf(proto)).toMatchObject({
    'WindowInto(FixedWindows).main': 'fixed',
    [`${id}/Shard.main`]: 'global',
    [`${id}/GroupByKey.main`]: 'global',
  });
});

test('toPortable() takes the elements of a cut in the windows that they are in, if their PCollection has them', async () => {
  const windowed = pairs().apply(beam.windowInto(w.fixed(10)));
  const target = windowed.map(({ key }) => key);
  const window = beam.intervalWindow(0, 10);
  const given = (windows: readonly beam.BoundedWindow[]) =>
    portableOf([target], {
      cut: [windowed],
      inputs: new Map([[windowed.id, [beam.windowedValue({ key: 'a' }, { windows })]]]),
    });
  expect(windowingOf((await given([window])).proto)['WindowInto(FixedWindows).main']).toBe('fixed');
  await expect(given([beam.GLOBAL_WINDOW])).rejects.toThrow(
    'as they must be in interval windows, as its PCollection says: received the global window at element [0]',
  );
});

test('toPortable() spreads shards at once, and holds the watermark for them', async () => {
  const { proto } = await portableOf([beam.pipeline().apply(beam.io.readFromText('x.txt'))]);
  const id = windowingOf(proto)['ReadFromText/Reshuffle/AtOnce.main'] ?? '';
  const { trigger, outputTime } = proto.components?.windowingStrategies[id] ?? {};
  expect(trigger?.trigger.case).toBe('always');
  expect(outputTime).toBe(3); // EARLIEST_IN_PANE
  expect(windowingOf(proto)['ReadFromText.main']).toBe('global');
});
