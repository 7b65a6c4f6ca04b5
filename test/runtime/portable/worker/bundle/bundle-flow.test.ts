import { fromBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';

import { InputBytes } from '../../../../../runtime/src/coders/input-bytes.ts';
import { IterableCoder } from '../../../../../runtime/src/coders/iterable.ts';
import { KeyCoder } from '../../../../../runtime/src/coders/key-coder.ts';
import { KVCoder } from '../../../../../runtime/src/coders/kv.ts';
import { ValueCoder } from '../../../../../runtime/src/coders/value-coder.ts';
import type { DoFn } from '../../../../../runtime/src/model/do-fn.ts';
import {
  ProcessBundleProgressResponseSchema,
  SampleDataResponseSchema,
} from '../../../../../runtime/src/proto/fn-api.ts';
import type { MonitoringInfo } from '../../../../../runtime/src/proto/metrics.ts';
import { BundleRunner, encodeAll } from '../../../../support/bundle-runner.ts';
import { DescriptorBuilder } from '../../../../support/bundle-descriptor.ts';

const VALUE = new ValueCoder();
const SINKS = { sink: VALUE };

/** source → one step → sink. */
function oneStep(
  spec: object | ((copy: number) => object),
  options: ConstructorParameters<typeof BundleRunner>[1] = {},
) {
  const payload = { kind: 'spec', name: 'Step', export: 'step' } as const;
  const descriptor = new DescriptorBuilder()
    .source('source', 'in', VALUE)
    .step('Step', payload, { from: 'in', to: { main: 'out' }, coder: VALUE })
    .sink('sink', 'out', VALUE)
    .build();
  const runner = new BundleRunner(
    (copy) => ({ step: typeof spec === 'function' ? spec(copy) : spec }),
    options,
  );
  runner.register(descriptor);
  return runner;
}

const same = { kind: 'map', fn: (value: unknown) => value, context: {} };

class Appointment {
  readonly day = 1;
}

/** A gate that the test opens. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

test('BundleThread takes data that comes before its bundle, and in parts that end anywhere', async () => {
  const runner = oneStep(same);
  const bytes = encodeAll(['alpha', { beta: [1, 2] }, 'gamma'], VALUE);
  for (let at = 0; at < bytes.length; at++) runner.data('1', bytes.slice(at, at + 1), { isLast: false });
  runner.begin('1');
  runner.data('1', new Uint8Array());
  await runner.response('1');
  expect(runner.output('1', 'sink', VALUE).map(({ value }) => value)).toEqual([
    'alpha',
    { beta: [1, 2] },
    'gamma',
  ]);
});

test('BundleThread tells how many bytes of input it took, also of a bundle that failed', async () => {
  const fail = {
    kind: 'map',
    fn: () => {
      throw new RangeError('no');
    },
    context: {},
  };
  const runner = oneStep(fail);
  const bytes = encodeAll(['x', 'y'], VALUE);
  runner.begin('1');
  runner.data('1', bytes, { isLast: false });
  await expect(runner.response('1')).rejects.toThrow(/no/);
  runner.data('1', bytes, { isLast: true });
  const consumed = () =>
    runner.said.reduce((sum, message) => sum + (message.kind === 'consumed' ? message.bytes : 0), 0);
  // Of the first part, the failed bundle took no more than it had.
  expect(consumed()).toBeGreaterThanOrEqual(bytes.length);
});

test('BundleThread runs an element of 64 MB that comes in many parts', async () => {
  const runner = oneStep({ kind: 'map', fn: ({ length }: Uint8Array) => length, context: {} });
  const big = new Uint8Array(64 * 1024 * 1024).fill(7);
  const bytes = encodeAll([big, new Uint8Array(3)], VALUE);
  runner.begin('1');
  const part = 1_000_003;
  for (let at = 0; at < bytes.length; at += part)
    runner.data('1', bytes.slice(at, at + part), { isLast: at + part >= bytes.length });
  await runner.response('1');
  expect(runner.output('1', 'sink', VALUE).map(({ value }) => value)).toEqual([64 * 1024 * 1024, 3]);
});

test('BundleThread waits for credit once 4 MB of output are under way, and goes on with it', async () => {
  const runner = oneStep({
    kind: 'flatMap',
    fn: () => Array.from({ length: 64 }, () => new Uint8Array(1024 * 1024)),
    context: {},
  });
  runner.givesCredit = false;
  runner.begin('1');
  runner.data('1', encodeAll(['go'], VALUE));
  const sent = () =>
    runner.said.flatMap((message) => (message.kind === 'output' ? [message.bytes.length] : []));
  await runner.next(() => sent().length >= 4);
  await new Promise((resolve) => setImmediate(resolve));
  const underWay = sent().reduce((sum, length) => sum + length, 0);
  expect(underWay).toBeLessThan(6 * 1024 * 1024);
  runner.givesCredit = true;
  for (const bytes of sent()) runner.tell({ kind: 'credit', instructionId: '1', bytes });
  await runner.response('1');
  expect(runner.output('1', 'sink', VALUE)).toHaveLength(64);
});

test('BundleThread never writes to output that it gave away', async () => {
  const runner = oneStep({
    kind: 'flatMap',
    fn: (n: number) => Array.from({ length: 100_000 }, (_, index) => index + n),
    context: {},
  });
  await runner.run('1', { input: [0, 100_000], coder: VALUE, sinks: SINKS });
  const buffers = runner.said.flatMap((message) => (message.kind === 'output' ? [message.bytes.buffer] : []));
  expect(new Set(buffers).size).toBe(buffers.length);
  expect(runner.output('1', 'sink', VALUE).map(({ value }) => value)).toEqual(
    Array.from({ length: 200_000 }, (_, index) => index),
  );
});

test('BundleThread runs bundles of one descriptor at once, each with a DoFn of its own', async () => {
  const begun: string[] = [];
  const { open, opened } = gate();
  const runner = oneStep((copy: number) => {
    let open = 0;
    const doFn: DoFn<string, string> = {
      startBundle: () => void (open += 1),
      async process(element) {
        begun.push(`${element} in copy ${copy}, ${open} open`);
        await opened;
        return [`${element}${copy}`];
      },
      finishBundle: () => void (open -= 1),
    };
    return { kind: 'parDo', doFn, context: {}, tags: [] };
  });
  const all = ['a', 'b', 'c'].map((id) => runner.run(id, { input: [id], coder: VALUE, sinks: SINKS }));
  // All are in process before any of them may go on.
  while (begun.length < 3) await new Promise((resolve) => setImmediate(resolve));
  expect([...begun].sort()).toEqual(['a in copy 0, 1 open', 'b in copy 1, 1 open', 'c in copy 2, 1 open']);
  open();
  expect((await Promise.all(all)).map(({ sink }) => sink)).toEqual([['a0'], ['b1'], ['c2']]);
});

test('BundleThread runs 100 bundles at once', async () => {
  const runner = oneStep({
    kind: 'map',
    fn: async (n: number) => (await Promise.resolve(), n + 1),
    context: {},
  });
  const ids = Array.from({ length: 100 }, (_, index) => index);
  const all = ids.map((id) => runner.run(String(id), { input: [id, id * 1000], coder: VALUE, sinks: SINKS }));
  expect((await Promise.all(all)).map(({ sink }) => sink)).toEqual(ids.map((id) => [id + 1, id * 1000 + 1]));
});

test('BundleThread tears a DoFn down that failed, and runs the next bundle with another', async () => {
  const calls: string[] = [];
  const runner = oneStep((copy: number) => {
    const doFn: DoFn<string, string> = {
      setup: () => void calls.push(`setup ${copy}`),
      process(element) {
        if (element === 'bad') throw new RangeError('it is bad');
        return [element];
      },
      teardown: () => void calls.push(`teardown ${copy}`),
    };
    return { kind: 'parDo', doFn, context: {}, tags: [] };
  });
  await expect(runner.run('1', { input: ['good', 'bad'], coder: VALUE, sinks: SINKS })).rejects.toThrow(
    /"Step" threw in process: RangeError: it is bad\nelement: "bad"/,
  );
  expect((await runner.run('2', { input: ['good'], coder: VALUE, sinks: SINKS })).sink).toEqual(['good']);
  await runner.close();
  expect(calls).toEqual(['setup 0', 'teardown 0', 'setup 1', 'teardown 1']);
});

test('BundleThread ends a bundle that is aborted while it waits for input', async () => {
  const runner = oneStep(same);
  runner.begin('1');
  runner.data('1', encodeAll([1], VALUE), { isLast: false });
  await runner.next(({ kind }) => kind === 'consumed');
  runner.tell({ kind: 'abort', instructionId: '1', reason: 'The runner went away' });
  await expect(runner.response('1')).rejects.toThrow(/^The runner went away$/);
});

test('BundleThread refuses an element without an encoding, and names the step that made it', async () => {
  const runner = oneStep({ kind: 'map', fn: () => ({ when: new Appointment() }), context: {} });
  await expect(runner.run('1', { input: [1], coder: VALUE, sinks: SINKS })).rejects.toThrow(
    /received an instance of Appointment at element\.when, from "Step"/,
  );
});

test('BundleThread gives back what a split asks for, and never what is in work', async () => {
  const { open, opened } = gate();
  const seen: number[] = [];
  const runner = oneStep({
    kind: 'map',
    fn: async (n: number) => (seen.push(n), await opened, n),
    context: {},
  });
  const input = Array.from({ length: 100 }, (_, index) => index);
  runner.begin('1');
  runner.data('1', encodeAll(input, VALUE));
  // An async function has as many calls under way as it may.
  while (seen.length < 16) await new Promise((resolve) => setImmediate(resolve));
  const { channelSplits } = await runner.split('1', { fraction: 0, elements: 100 });
  expect(channelSplits).toMatchObject([
    { transformId: 'source', lastPrimaryElement: 15n, firstResidualElement: 16n },
  ]);
  expect((await runner.split('1', { fraction: 0, elements: 100 })).channelSplits).toEqual([]);
  open();
  await runner.response('1');
  expect(runner.output('1', 'sink', VALUE).map(({ value }) => value)).toEqual(input.slice(0, 16));
  expect((await runner.split('1', { fraction: 0.5, elements: 100 })).channelSplits).toEqual([]);
});

/** The numbers of a bundle's metrics: "element_count in" → 3. */
function readNumbers(infos: readonly MonitoringInfo[]): Record<string, number> {
  return Object.fromEntries(
    infos.flatMap(({ urn, type, labels, payload }) => {
      if (!type.includes('sum_int64') || (payload[0] ?? 0) > 127) return [];
      const place = labels.NAME ?? labels.PCOLLECTION ?? labels.PTRANSFORM ?? '';
      return [[`${urn.split(':').at(-2) ?? ''} ${place}`, payload[0] ?? 0]];
    }),
  );
}

test('BundleThread counts elements and user counters of each bundle alone', async () => {
  const fn = (n: number, { big }: { big: { increment: () => void } }) => {
    if (n > 1) big.increment();
    return [n, n];
  };
  const runner = oneStep({
    kind: 'flatMap',
    fn,
    context: { big: { paramKind: 'metric', metricKind: 'counter', name: 'big' } },
  });
  for (const [id, input] of Object.entries({ '1': [1, 2, 3], '2': [5] })) {
    await runner.run(id, { input, coder: VALUE, sinks: SINKS });
  }
  const [first, second] = [await runner.response('1'), await runner.response('2')].map(
    ({ monitoringInfos }) => readNumbers(monitoringInfos),
  );
  expect(first).toMatchObject({
    'element_count in': 3,
    'element_count out': 6,
    'sum_int64 big': 2,
    'read_index source': 2,
  });
  expect(second).toMatchObject({
    'element_count in': 1,
    'element_count out': 2,
    'sum_int64 big': 1,
    'read_index source': 0,
  });
});

test('BundleThread tells how far a bundle under way is', async () => {
  const { open, opened } = gate();
  const runner = oneStep({ kind: 'map', fn: (n: number) => (n === 3 ? opened : n), context: {} });
  runner.begin('1');
  runner.data('1', encodeAll([1, 2], VALUE), { isLast: false });
  await runner.next(({ kind }) => kind === 'consumed');
  const progress = fromBinary(
    ProcessBundleProgressResponseSchema,
    await runner.ask({ kind: 'progress', instructionId: '1' }),
  );
  expect(readNumbers(progress.monitoringInfos)).toMatchObject({
    'element_count in': 2,
    'read_index source': 1,
  });
  runner.data('1', encodeAll([3], VALUE));
  open();
  await runner.response('1');
  const after = await runner.ask({ kind: 'progress', instructionId: '1' });
  expect(fromBinary(ProcessBundleProgressResponseSchema, after).monitoringInfos).toEqual([]);
});

test('BundleThread keeps a few encoded elements of each PCollection', async () => {
  const runner = oneStep({ kind: 'map', fn: (n: number) => ({ n }), context: {} });
  await runner.run('1', {
    input: Array.from({ length: 1000 }, (_, index) => index),
    coder: VALUE,
    sinks: SINKS,
  });
  const { elementSamples } = fromBinary(
    SampleDataResponseSchema,
    await runner.ask({ kind: 'sample', pcollectionIds: ['out'] }),
  );
  const values = (elementSamples.out?.elements ?? []).map(({ element }) =>
    new ValueCoder().decode(new InputBytes(element)),
  );
  expect(Object.keys(elementSamples)).toEqual(['out']);
  expect(values.slice(0, 3)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
  expect(values.length).toBeLessThanOrEqual(10);
});

test('BundleThread keeps small groups, and does not look into what the runner holds', async () => {
  const grouped = new KVCoder(new KeyCoder(), new IterableCoder(VALUE));
  const runner = new BundleRunner({});
  runner.register(
    new DescriptorBuilder()
      .source('source', 'in', grouped)
      .step('Copy', { kind: 'copy', name: 'Copy' }, { from: 'in', to: { main: 'out' }, coder: VALUE })
      .build(),
  );
  const long = Array.from({ length: 2000 }, (_, index) => index);
  await runner.run('1', {
    input: [
      { key: 'a', value: [1, 2] },
      { key: 'b', value: long },
    ],
    coder: grouped,
    sinks: {},
  });
  const response = await runner.ask({ kind: 'sample', pcollectionIds: ['in'] });
  const { elementSamples } = fromBinary(SampleDataResponseSchema, response);
  const values = (elementSamples.in?.elements ?? []).map(({ element }) =>
    grouped.decode(new InputBytes(element)),
  );
  expect(values).toEqual([{ key: 'a', value: [1, 2] }]);
});

test('BundleThread reports samples as sets of strings, when the job asks for them', async () => {
  const runner = oneStep(
    { kind: 'map', fn: (n: number) => (n === 1 ? { n } : 10n), context: {} },
    { pipelineOptions: { millrace_samples: 2 } },
  );
  await runner.run('1', { input: [1, 2, 3], coder: VALUE, sinks: SINKS });
  const { monitoringInfos } = await runner.response('1');
  const set = monitoringInfos.find(
    ({ labels }) => labels.NAMESPACE === 'millrace.samples' && labels.NAME === 'out',
  );
  expect(set?.type).toBe('beam:metrics:set_string:v1');
  const text = Buffer.from(set?.payload ?? []).toString();
  expect(text).toContain('{"value":{"n":1}}');
  expect(text).toContain('{"text":"10n"}');
});

test('BundleThread answers a finalisation, as no step waits for one', async () => {
  const runner = oneStep(same);
  await runner.run('1', { input: [1], coder: VALUE, sinks: SINKS });
  expect(await runner.ask({ kind: 'finalize', instructionId: '1' })).toHaveLength(0);
});

test('BundleThread merges several sources, as they come, through a flatten', async () => {
  const runner = new BundleRunner({});
  runner.register(
    new DescriptorBuilder()
      .source('left', 'a', VALUE)
      .source('right', 'b', VALUE)
      .transform('Flatten', 'beam:transform:flatten:v1', {
        inputs: { 0: 'a', 1: 'b', 2: 'a' },
        outputs: { out: 'both' },
      })
      .sink('sink', 'both', VALUE)
      .build(),
  );
  runner.begin('1');
  runner.data('1', encodeAll(['b1'], VALUE), { transformId: 'right', isLast: false });
  runner.data('1', encodeAll(['a1'], VALUE), { transformId: 'left' });
  runner.data('1', encodeAll(['b2'], VALUE), { transformId: 'right' });
  await runner.response('1');
  expect(runner.output('1', 'sink', VALUE).map(({ value }) => value)).toEqual(['b1', 'a1', 'a1', 'b2']);
});

test('BundleThread says why it cannot load the module', async () => {
  const runner = new BundleRunner(() => {
    throw new SyntaxError('Unexpected token');
  });
  await runner.thread.start();
  expect(runner.said).toMatchObject([
    { kind: 'broken', error: expect.stringContaining('SyntaxError: Unexpected token') as string },
  ]);
});

test.each([
  {
    name: 'a function of another SDK',
    transform: (builder: DescriptorBuilder) =>
      builder.transform('Theirs', 'beam:transform:pardo:v1', {
        inputs: { in: 'in' },
        outputs: { main: 'out' },
      }),
    want: /Cannot run "Theirs" in a Millrace worker as its function must be a step of Millrace: received none/,
  },
  {
    name: 'a transform that it does not know',
    transform: (builder: DescriptorBuilder) =>
      builder.transform('Merge', 'beam:transform:merge_windows:v1', {
        inputs: { in: 'in' },
        outputs: { main: 'out' },
      }),
    want: /Cannot run "Merge" in a Millrace worker as this worker must know its kind: received beam:transform:merge_windows:v1/,
  },
  {
    name: 'a module that lacks a step',
    transform: (builder: DescriptorBuilder) =>
      builder.step(
        'Mine',
        { kind: 'spec', name: 'Mine', export: 'step9' },
        { from: 'in', to: { main: 'out' }, coder: VALUE },
      ),
    want: /Cannot run "Mine" as the job's module must export "step9": received undefined/,
  },
])('BundleThread refuses $name', async ({ transform, want }) => {
  const runner = new BundleRunner({});
  runner.register(transform(new DescriptorBuilder().source('source', 'in', VALUE)).build());
  await expect(runner.run('1', { input: [], coder: VALUE, sinks: {} })).rejects.toThrow(want);
});
