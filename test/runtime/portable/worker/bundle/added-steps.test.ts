import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';

import { BYTES_CODER } from '../../../../../runtime/src/coders/bytes.ts';
import { IterableCoder } from '../../../../../runtime/src/coders/iterable.ts';
import { KeyCoder } from '../../../../../runtime/src/coders/key-coder.ts';
import { KVCoder } from '../../../../../runtime/src/coders/kv.ts';
import { ValueCoder } from '../../../../../runtime/src/coders/value-coder.ts';
import { GLOBAL_WINDOW_CODER } from '../../../../../runtime/src/coders/global-window.ts';
import { WindowedValueCoder } from '../../../../../runtime/src/coders/windowed-value.ts';
import { OutputBytes } from '../../../../../runtime/src/coders/output-bytes.ts';
import type { BoundedSource } from '../../../../../runtime/src/model/bounded-source.ts';
import type { KV } from '../../../../../runtime/src/model/kv.ts';
import type { StepPayload } from '../../../../../runtime/src/portable/step-payload.ts';
import { windowedValue, type WindowedValue } from '../../../../../runtime/src/model/windowed-value.ts';
import { BundleRunner } from '../../../../support/bundle-runner.ts';
import { readElements, shipAll } from '../../../../support/portable-proto.ts';
import { DescriptorBuilder } from '../../../../support/bundle-descriptor.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const VALUE = new ValueCoder();
const PAIRS = new KVCoder(new KeyCoder(), VALUE);
const GROUPED = new KVCoder(new KeyCoder(), new IterableCoder(VALUE));
/** What an impulse is. */
const IMPULSE = { input: [new Uint8Array()], coder: BYTES_CODER, sinks: { sink: VALUE } };

type Added = StepPayload extends infer P ? (P extends StepPayload ? Omit<P, 'name'> : never) : never;

const shipped = (values: readonly unknown[]) => shipAll(values.map((value) => windowedValue(value)));

/** source → the step → sink, each of these coders. */
function stepRunner(
  payload: Added,
  {
    coder = BYTES_CODER,
    exports = {},
    artifactFolder,
  }: { coder?: object; exports?: Record<string, unknown>; artifactFolder?: string } = {},
) {
  const whole = { ...payload, name: 'Root' } as StepPayload;
  const runner = new BundleRunner(exports, artifactFolder === undefined ? {} : { artifactFolder });
  runner.register(
    new DescriptorBuilder()
      .source('source', 'in', coder as typeof VALUE)
      .step('Step', whole, { from: 'in', to: { main: 'out' }, coder: VALUE })
      .sink('sink', 'out', VALUE)
      .build(),
  );
  return runner;
}

test('a create step emits the elements in its payload, for each impulse', async () => {
  const inline = Buffer.from(shipped([1, 'two', { three: 3n }])).toString('base64');
  const runner = stepRunner({ kind: 'create', count: 3, elements: { inline } });
  expect((await runner.run('1', IMPULSE)).sink).toEqual([1, 'two', { three: 3n }]);
  expect((await runner.run('2', IMPULSE)).sink).toEqual([1, 'two', { three: 3n }]);
});

test('a create step refuses another number of elements than it was written with', async () => {
  const inline = Buffer.from(shipped([1, 2])).toString('base64');
  const runner = stepRunner({ kind: 'create', count: 3, elements: { inline } });
  await expect(runner.run('1', IMPULSE)).rejects.toThrow(
    /the elements of "Root" as there must be 3: received 2/,
  );
});

test('decode gives what a runner was given as bytes', async () => {
  const runner = stepRunner({ kind: 'decode' });
  const bytes = new OutputBytes();
  VALUE.encode({ one: 1n }, bytes);
  const input = [new Uint8Array(bytes.take())];
  expect((await runner.run('1', { ...IMPULSE, input })).sink).toEqual([{ one: 1n }]);
});

test('shards of a file of elements are emitted, each under its own key, and read', async () => {
  const folder = await temporaryFolder();
  const parts = [shipped([1, 2]), shipped(['x'])];
  await writeFile(path.join(folder, 'a.elements'), Buffer.concat(parts));
  const shards = [
    { offset: 0, bytes: parts[0]?.length ?? 0, count: 2 },
    { offset: parts[0]?.length ?? 0, bytes: parts[1]?.length ?? 0, count: 1 },
  ];
  const emitted = (await stepRunner({ kind: 'elementShards', shards }).run('1', IMPULSE)).sink;
  expect(emitted).toEqual(shards.map((value, key) => ({ key, value })));
  const reader = stepRunner(
    { kind: 'elementShard', artifact: 'a.elements' },
    { coder: PAIRS, artifactFolder: folder },
  );
  const input = [
    { key: 1, value: shards[1] },
    { key: 0, value: shards[0] },
  ];
  expect((await reader.run('1', { input, coder: PAIRS, sinks: { sink: VALUE } })).sink).toEqual(['x', 1, 2]);
});

/** A source of numbers: shard n has n of them. */
const source: BoundedSource<number> = {
  shards: () => Promise.resolve([{ description: '1' }, { description: '3' }]),
  async read({ description }, { emit }) {
    for (let number = 0; number < Number(description); number++) await emit(number, 1000 + number);
  },
  fingerprint: () => Promise.resolve(''),
};

test('readShards and readShard read a source, with the timestamps that it gives', async () => {
  const exports = { source };
  const shards = (await stepRunner({ kind: 'readShards', export: 'source' }, { exports }).run('1', IMPULSE))
    .sink;
  expect(shards).toEqual([
    { key: 0, value: { description: '1' } },
    { key: 1, value: { description: '3' } },
  ]);
  const reader = stepRunner({ kind: 'readShard', export: 'source' }, { exports, coder: PAIRS });
  await reader.run('1', { input: shards as KV<number, unknown>[], coder: PAIRS, sinks: {} });
  expect(reader.output('1', 'sink', VALUE).map(({ value, timestamp }) => [value, timestamp])).toEqual([
    [0, 1000],
    [0, 1000],
    [1, 1001],
    [2, 1002],
  ]);
});

test('readShard names the step whose source failed', async () => {
  const broken = { ...source, read: () => Promise.reject(new RangeError('the disk is gone')) };
  const reader = stepRunner(
    { kind: 'readShard', export: 'source' },
    { exports: { source: broken }, coder: PAIRS },
  );
  const input = [{ key: 0, value: { description: '1' } }];
  await expect(reader.run('1', { input, coder: PAIRS, sinks: {} })).rejects.toThrow(
    /Cannot read "Root" as its source failed: the disk is gone/,
  );
});

test('ungroup gives each value of a group alone, with the key', async () => {
  const runner = stepRunner({ kind: 'ungroup' }, { coder: GROUPED });
  const input = [
    { key: 'a', value: [1, 2] },
    { key: 'b', value: [] },
  ];
  expect((await runner.run('1', { input, coder: GROUPED, sinks: { sink: VALUE } })).sink).toEqual([
    { key: 'a', value: 1 },
    { key: 'a', value: 2 },
  ]);
});

test('copy passes elements on, with the values of a group as an array', async () => {
  const runner = stepRunner({ kind: 'copy' }, { coder: GROUPED });
  const input = [{ key: 'a', value: [1, 2] }];
  expect((await runner.run('1', { input, coder: GROUPED, sinks: { sink: VALUE } })).sink).toEqual(input);
});

test('toShard and writeCollected bring every element to a file once, also when a group is written again', async () => {
  const folder = await temporaryFolder();
  const target = path.join(folder, 'collected');
  const input = Array.from({ length: 100 }, (_, index) => ({ index }));
  const sharder = stepRunner({ kind: 'toShard', shards: 4 }, { coder: VALUE });
  const sharded = (await sharder.run('1', { input, coder: VALUE, sinks: { sink: VALUE } })).sink as KV<
    number,
    Uint8Array
  >[];
  const groups = group(sharded);
  expect([...groups.keys()].sort()).toEqual([0, 1, 2, 3]);
  const writer = stepRunner({ kind: 'writeCollected', folder: target }, { coder: GROUPED });
  const all = [...groups].map(([key, value]) => ({ key, value }));
  await writer.run('1', { input: all, coder: GROUPED, sinks: {} });
  await writer.run('2', { input: all, coder: GROUPED, sinks: {} });
  const files = (await readdir(target)).sort();
  expect(files).toEqual(['0.elements', '1.elements', '2.elements', '3.elements']);
  const bytes = await Promise.all(files.map((file) => readFile(path.join(target, file))));
  const elements = readElements(Buffer.concat(bytes)).map(({ value }) => value as { index: number });
  expect(elements.sort((a, b) => a.index - b.index)).toEqual(input);
});

function group(elements: readonly KV<number, Uint8Array>[]): Map<number, Uint8Array[]> {
  const groups = new Map<number, Uint8Array[]>();
  for (const { key, value } of elements) groups.set(key, [...(groups.get(key) ?? []), value]);
  return groups;
}

test('toReshuffle and fromReshuffle give back elements as they were, whatever key they had on the way', async () => {
  const pane = { isFirst: true, isLast: false, timing: 'early', index: 0, onTimeIndex: -1 } as const;
  const elements = [
    windowedValue<unknown>({ key: 'a', value: [1] }, { timestamp: 5, pane }),
    windowedValue<unknown>({ key: 'b', value: undefined }, { timestamp: 7 }),
    windowedValue<unknown>({ key: 'a', value: 3n }, { timestamp: 5 }),
  ];
  for (const isPerKey of [true, false]) {
    const there = stepRunner({ kind: 'toReshuffle', isPerKey, numBuckets: 1 }, { coder: VALUE });
    there.begin('1');
    there.data('1', encodeWindows(elements));
    await there.response('1');
    const keyed = there.output('1', 'sink', VALUE);
    expect(keyed.map(({ timestamp }) => timestamp)).toEqual([5, 7, 5]);
    const groups = group(keyed.map(({ value }) => value as KV<number, Uint8Array>));
    expect([...groups.keys()]).toEqual(isPerKey ? ['a', 'b'] : [0]);
    const back = stepRunner({ kind: 'fromReshuffle' }, { coder: GROUPED });
    const input = [...groups].map(([key, value]) => ({ key, value }));
    await back.run('1', { input, coder: GROUPED, sinks: {} });
    const [first, second, third] = elements;
    expect(back.output('1', 'sink', VALUE)).toEqual(isPerKey ? [first, third, second] : elements);
  }
});

/** As a runner sends them. */
function encodeWindows(elements: readonly WindowedValue<unknown>[]): Uint8Array<ArrayBuffer> {
  const coder = new WindowedValueCoder(VALUE, GLOBAL_WINDOW_CODER);
  const out = new OutputBytes();
  for (const element of elements) coder.encode(element, out);
  return new Uint8Array(out.take());
}

test('writeCollected and create say which file they cannot write or read', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'taken'), '');
  const target = path.join(folder, 'taken', 'collected');
  const writer = stepRunner({ kind: 'writeCollected', folder: target }, { coder: GROUPED });
  await expect(writer.run('1', { input: [], coder: GROUPED, sinks: {} })).rejects.toThrow(
    `Cannot write "${target}" as a part of its path is a file, not a folder`,
  );
  const payload = { kind: 'create', count: 1, elements: { artifact: 'none.elements' } } as const;
  const reader = stepRunner(payload, { artifactFolder: folder });
  await expect(reader.run('1', IMPULSE)).rejects.toThrow(
    /Cannot read ".*none\.elements" as it does not exist/,
  );
});
