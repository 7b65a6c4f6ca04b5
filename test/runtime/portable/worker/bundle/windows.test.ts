import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import type { Coder } from '../../../../../runtime/src/coders/coder.ts';
import { INTERVAL_WINDOW_CODER } from '../../../../../runtime/src/coders/interval-window.ts';
import { KeyCoder } from '../../../../../runtime/src/coders/key-coder.ts';
import { KVCoder } from '../../../../../runtime/src/coders/kv.ts';
import { ValueCoder } from '../../../../../runtime/src/coders/value-coder.ts';
import * as beam from '../../../../../runtime/src/index.ts';
import type { TimestampCombiner } from '../../../../../runtime/src/model/windowing-strategy.ts';
import { GLOBAL_WINDOWING } from '../../../../../runtime/src/model/windowing-strategy.ts';
import { windowFnToProto } from '../../../../../runtime/src/portable/windowing/window-fn-to-proto.ts';
import { WindowIntoPayloadSchema } from '../../../../../runtime/src/proto/runner-api.ts';
import { DescriptorBuilder } from '../../../../support/bundle-descriptor.ts';
import { BundleRunner, encodeWindowedValues } from '../../../../support/bundle-runner.ts';

const VALUE = new ValueCoder();
const PAIRS = new KVCoder(new KeyCoder(), VALUE);
const INTERVALS = INTERVAL_WINDOW_CODER as Coder<beam.BoundedWindow>;
const window = beam.intervalWindow;
const NAME = 'Windows';

/** source → windowInto → sink, in interval windows. */
function windowRunner(windowFn: { readonly urn: string; readonly payload: Uint8Array }, exports = {}) {
  const runner = new BundleRunner(exports);
  const payload = toBinary(WindowIntoPayloadSchema, create(WindowIntoPayloadSchema, { windowFn }));
  runner.register(
    new DescriptorBuilder('stage', { windows: INTERVALS })
      .source('source', 'in', VALUE)
      .transform(NAME, 'beam:transform:window_into:v1', {
        inputs: { in: 'in' },
        outputs: { out: 'out' },
        payload,
      })
      .sink('sink', 'out', VALUE)
      .build(),
  );
  return runner;
}

/** Runs a bundle of these, and gives what comes out, window by window. */
async function windowed(
  runner: BundleRunner,
  elements: readonly beam.WindowedValue<unknown>[],
  coder: Coder = VALUE,
) {
  runner.begin('1');
  runner.data('1', encodeWindowedValues(elements, coder, INTERVALS));
  await runner.response('1');
  return runner
    .output('1', 'sink', coder, INTERVALS)
    .map(({ value, timestamp, windows }) => [
      value,
      timestamp,
      ...windows.map((each) => (each.kind === 'global' ? 'global' : `[${each.start}, ${each.end})`)),
    ]);
}

const at = (value: unknown, timestamp: number, windows: readonly beam.BoundedWindow[] = [window(0, 1)]) =>
  beam.windowedValue(value, { timestamp, windows });

test("BundleThread puts elements in the windows of one of Beam's WindowFns", async () => {
  const sliding = windowFnToProto({ kind: 'sliding', size: 20, period: 10, offset: 0 });
  expect(await windowed(windowRunner(sliding), [at('a', 5), at('b', -1)])).toEqual([
    ['a', 5, '[-10, 10)', '[0, 20)'],
    ['b', -1, '[-20, 0)', '[-10, 10)'],
  ]);
});

test('BundleThread puts elements in the windows of a WindowFn of the user, and drops those that it puts in none', async () => {
  const byName = {
    assign: (timestamp: number, element: string) =>
      element === 'none' ? [] : [window(timestamp, timestamp + 3)],
  };
  const spec = { kind: 'windowInto', windowing: { ...GLOBAL_WINDOWING, windowFn: byName } };
  const payload = Buffer.from(JSON.stringify({ kind: 'spec', name: NAME, export: 'step1' }));
  const runner = windowRunner({ urn: 'millrace:window_fn:v1', payload }, { step1: spec });
  expect(await windowed(runner, [at('a', 5), at('none', 6)])).toEqual([['a', 5, '[5, 8)']]);
});

test('BundleThread refuses a WindowFn of another SDK', async () => {
  const runner = windowRunner({ urn: 'beam:window_fn:pickled_python:v1', payload: new Uint8Array() });
  await expect(windowed(runner, [])).rejects.toThrow(
    /"Windows" in a Millrace worker as its WindowFn must be one of Beam or of Millrace: received beam:window_fn:pickled_python:v1/,
  );
});

test('BundleThread gives a function the timestamp, the window and the pane of its element', async () => {
  const spec = {
    kind: 'map',
    fn: (
      value: string,
      { when, where, pane }: Record<'when' | 'where' | 'pane', { lookup(): unknown }>,
    ): unknown => [value, when.lookup(), where.lookup(), pane.lookup()],
    context: { when: beam.timestampParam(), where: beam.windowParam(), pane: beam.paneInfoParam() },
  };
  const runner = new BundleRunner({ step1: spec });
  runner.register(
    new DescriptorBuilder('stage', { windows: INTERVALS })
      .source('source', 'in', VALUE)
      .step(
        'Map',
        { kind: 'spec', name: 'Map', export: 'step1' },
        { from: 'in', to: { main: 'out' }, coder: VALUE },
      )
      .sink('sink', 'out', VALUE)
      .build(),
  );
  const pane = { timing: 'early', index: 2, onTimeIndex: -1, isFirst: false, isLast: false } as const;
  const windows = [window(0, 10), window(5, 15)];
  const out = await windowed(runner, [beam.windowedValue('a', { timestamp: 7, windows, pane })]);
  expect(out).toEqual([
    [['a', 7, window(0, 10), pane], 7, '[0, 10)'],
    [['a', 7, window(5, 15), pane], 7, '[5, 15)'],
  ]);
});

test('BundleThread assigns timestamps', async () => {
  const spec = { kind: 'assignTimestamps', fn: (value: number) => value * 2, context: {} };
  const runner = new BundleRunner({ step1: spec });
  runner.register(
    new DescriptorBuilder('stage', { windows: INTERVALS })
      .source('source', 'in', VALUE)
      .step(
        'At',
        { kind: 'spec', name: 'At', export: 'step1' },
        { from: 'in', to: { main: 'out' }, coder: VALUE },
      )
      .sink('sink', 'out', VALUE)
      .build(),
  );
  expect(await windowed(runner, [at(21, 0)])).toEqual([[21, 42, '[0, 1)']]);
});

/** What a precombine of sums makes of some elements. */
async function lifted(lift: TimestampCombiner | undefined, elements: readonly beam.WindowedValue<unknown>[]) {
  const runner = new BundleRunner({ sum: beam.sum() });
  const payload = { kind: 'combine', name: 'Sum', export: 'sum', lift } as const;
  runner.register(
    new DescriptorBuilder('stage', { windows: INTERVALS })
      .source('source', 'in', PAIRS)
      .combine('Pre', 'precombine', payload, { from: 'in', to: 'out', coder: PAIRS })
      .sink('sink', 'out', PAIRS)
      .build(),
  );
  const out = await windowed(runner, elements, PAIRS);
  return out.map(([pair, ...rest]) => {
    const { key, value } = pair as beam.KV<unknown, unknown>; // what a combine gives
    return [key, value, ...rest];
  });
}

const PAIRS_IN_WINDOWS = [
  at({ key: 'a', value: 1 }, 4, [window(0, 10)]),
  at({ key: 'a', value: 2 }, 2, [window(0, 10)]),
  at({ key: 'b', value: 3 }, 5, [window(0, 10), window(5, 15)]),
  at({ key: 'a', value: 4 }, 6, [window(0, 10)]),
  at({ key: 'a', value: 5 }, 12, [window(5, 15)]),
];

test.each([
  { lift: 'endOfWindow', a: 9, b: 9, late: { b: 14, a: 14 } },
  { lift: 'earliest', a: 2, b: 5, late: { b: 5, a: 12 } },
  { lift: 'latest', a: 6, b: 5, late: { b: 5, a: 12 } },
] as const)(
  'a lifted combine adds up by key and window, with the timestamp for $lift',
  async ({ lift, a, b, late }) => {
    expect(await lifted(lift, PAIRS_IN_WINDOWS)).toEqual([
      ['a', 7, a, '[0, 10)'],
      ['b', 3, b, '[0, 10)'],
      ['b', 3, late.b, '[5, 15)'],
      ['a', 5, late.a, '[5, 15)'],
    ]);
  },
);

test('a combine that may not be lifted passes each input on, as an accumulator of its own', async () => {
  expect(await lifted(undefined, PAIRS_IN_WINDOWS.slice(0, 3))).toEqual([
    ['a', 1, 4, '[0, 10)'],
    ['a', 2, 2, '[0, 10)'],
    ['b', 3, 5, '[0, 10)', '[5, 15)'],
  ]);
});
