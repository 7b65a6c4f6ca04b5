import { expect, test } from 'vitest';

import { IterableCoder } from '../../../../../runtime/src/coders/iterable.ts';
import { KeyCoder } from '../../../../../runtime/src/coders/key-coder.ts';
import { KVCoder } from '../../../../../runtime/src/coders/kv.ts';
import { ValueCoder } from '../../../../../runtime/src/coders/value-coder.ts';
import { TaggedOutput, type DoFn } from '../../../../../runtime/src/model/do-fn.ts';
import { BundleRunner } from '../../../../support/bundle-runner.ts';
import { DescriptorBuilder } from '../../../../support/bundle-descriptor.ts';

const VALUE = new ValueCoder();
const KV_VALUE = new KVCoder(new KeyCoder(), VALUE);
const GROUPED = new KVCoder(new KeyCoder(), new IterableCoder(VALUE));

/** source → one step → sink. */
function oneStep(spec: unknown) {
  const descriptor = new DescriptorBuilder()
    .source('source', 'in', VALUE)
    .step(
      'Step',
      { kind: 'spec', name: 'Step', export: 'step' },
      { from: 'in', to: { main: 'out' }, coder: VALUE },
    )
    .sink('sink', 'out', VALUE)
    .build();
  const runner = new BundleRunner({ step: spec });
  runner.register(descriptor);
  return runner;
}

test.each([
  { name: 'map', spec: { kind: 'map', fn: (n: number) => n * 2, context: {} }, want: [2, 4, 6] },
  {
    name: 'an async map, in order',
    spec: { kind: 'map', fn: (n: number) => Promise.resolve(-n), context: {} },
    want: [-1, -2, -3],
  },
  {
    name: 'flatMap',
    spec: { kind: 'flatMap', fn: (n: number) => [n, n], context: {} },
    want: [1, 1, 2, 2, 3, 3],
  },
  { name: 'filter', spec: { kind: 'filter', fn: (n: number) => n !== 2, context: {} }, want: [1, 3] },
  {
    name: 'parDo',
    spec: { kind: 'parDo', doFn: { process: (n: number) => [n + 10] }, context: {}, tags: [] },
    want: [11, 12, 13],
  },
])('BundleThread runs $name', async ({ spec, want }) => {
  const runner = oneStep(spec);
  const { sink } = await runner.run('1', { input: [1, 2, 3], coder: VALUE, sinks: { sink: VALUE } });
  expect(sink).toEqual(want);
});

test('BundleThread sends tagged outputs to the sinks of their PCollections', async () => {
  const doFn = { process: (n: number) => [n % 2 === 0 ? n : new TaggedOutput('odd', n)] };
  const runner = new BundleRunner({ step: { kind: 'parDo', doFn, context: {}, tags: ['odd'] } });
  const payload = { kind: 'spec', name: 'Split', export: 'step' } as const;
  runner.register(
    new DescriptorBuilder()
      .source('source', 'in', VALUE)
      .step('Split', payload, { from: 'in', to: { main: 'even', odd: 'odd' }, coder: VALUE })
      .sink('evens', 'even', VALUE)
      .sink('odds', 'odd', VALUE)
      .build(),
  );
  const sinks = { evens: VALUE, odds: VALUE };
  expect(await runner.run('1', { input: [1, 2, 3, 4], coder: VALUE, sinks })).toEqual({
    evens: [2, 4],
    odds: [1, 3],
  });
});

test('BundleThread lets a grouping have keys and values, and refuses what has none', async () => {
  const runner = new BundleRunner({});
  runner.register(
    new DescriptorBuilder()
      .source('source', 'in', VALUE)
      .step(
        'Group/ToKV',
        { kind: 'toKV', name: 'Group' },
        { from: 'in', to: { main: 'kvs' }, coder: KV_VALUE },
      )
      .sink('sink', 'kvs', KV_VALUE)
      .build(),
  );
  const input = [
    { key: 'a', value: 1, more: true },
    { key: { x: 1 }, value: undefined },
  ];
  const { sink } = await runner.run('1', { input, coder: VALUE, sinks: { sink: KV_VALUE } });
  expect(sink).toEqual([
    { key: 'a', value: 1 },
    { key: { x: 1 }, value: undefined },
  ]);
  await expect(runner.run('2', { input: ['text'], coder: VALUE, sinks: {} })).rejects.toThrow(
    /Cannot group by key in "Group" as its elements must be \{ key, value \}: received the string "text"/,
  );
});

/** The mean, whose accumulator differs from its input and its output. */
const mean = {
  createAccumulator: () => [0, 0],
  addInput: ([sum, count]: number[], value: number) => [(sum ?? 0) + value, (count ?? 0) + 1],
  mergeAccumulators: (all: number[][]) => [
    all.reduce((sum, [each]) => sum + (each ?? 0), 0),
    all.reduce((sum, [, each]) => sum + (each ?? 0), 0),
  ],
  extractOutput: ([sum, count]: number[]) => (sum ?? 0) / (count ?? 0),
};

test('BundleThread runs a combine in its parts', async () => {
  const payload = { kind: 'combine', name: 'Mean', export: 'mean', lift: 'endOfWindow' } as const;
  const runner = new BundleRunner({ mean });
  runner.register(
    new DescriptorBuilder('lift')
      .source('source', 'in', KV_VALUE)
      .combine('Pre', 'precombine', payload, { from: 'in', to: 'out', coder: KV_VALUE })
      .sink('sink', 'out', KV_VALUE)
      .build(),
  );
  runner.register(
    new DescriptorBuilder('merge')
      .source('source', 'in', GROUPED)
      .combine('Merge', 'merge_accumulators', payload, { from: 'in', to: 'merged', coder: KV_VALUE })
      .combine('Extract', 'extract_outputs', payload, { from: 'merged', to: 'out', coder: KV_VALUE })
      .sink('sink', 'out', KV_VALUE)
      .build(),
  );
  const lifted = await runner.run('1', {
    descriptorId: 'lift',
    input: [
      { key: 'a', value: 1 },
      { key: 'b', value: 5 },
      { key: 'a', value: 3 },
    ],
    coder: KV_VALUE,
    sinks: { sink: KV_VALUE },
  });
  expect(lifted.sink).toEqual([
    { key: 'a', value: [4, 2] },
    { key: 'b', value: [5, 1] },
  ]);
  const merged = await runner.run('2', {
    descriptorId: 'merge',
    input: [
      {
        key: 'a',
        value: [
          [4, 2],
          [8, 1],
        ],
      },
      { key: 'b', value: [[5, 1]] },
    ],
    coder: GROUPED,
    sinks: { sink: KV_VALUE },
  });
  expect(merged.sink).toEqual([
    { key: 'a', value: 4 },
    { key: 'b', value: 5 },
  ]);
});

test('BundleThread sets a DoFn up once for bundles one after the other, and tears it down at the end', async () => {
  const calls: string[] = [];
  const doFn: DoFn<number, number> = {
    setup: () => void calls.push('setup'),
    startBundle: () => void calls.push('start'),
    process: (n) => (calls.push(`process ${n}`), [n]),
    finishBundle: () => void calls.push('finish'),
    teardown: () => void calls.push('teardown'),
  };
  const runner = oneStep({ kind: 'parDo', doFn, context: {}, tags: [] });
  await runner.run('1', { input: [1], coder: VALUE, sinks: {} });
  await runner.run('2', { input: [2], coder: VALUE, sinks: {} });
  await runner.close();
  expect(calls.join(', ')).toBe('setup, start, process 1, finish, start, process 2, finish, teardown');
});
