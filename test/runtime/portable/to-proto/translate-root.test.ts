import { fromBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import { IsBounded_Enum, ParDoPayloadSchema } from '../../../../runtime/src/proto/runner-api.ts';
import { brokenIds, portableOf } from '../../../support/portable.ts';
import { coderOf, displayOf, leaves, readElements, stepOf } from '../../../support/portable-proto.ts';

test('toPortable() puts the elements of a small create in the pipeline itself, as they are', async () => {
  const elements = ['a', NaN, -0, undefined, 12n, [1, [2]], { when: new Date(5) }, new Set(['x'])];
  const { proto, artifacts } = await portableOf([beam.pipeline().apply(beam.create(elements))]);
  const step = stepOf(proto, 'Create/Create');
  const inline = step.kind === 'create' && 'inline' in step.elements ? step.elements.inline : '';
  const read = readElements(Buffer.from(inline, 'base64'));
  expect(step).toMatchObject({ kind: 'create', name: 'Create', count: elements.length });
  expect(read.map(({ value }) => value)).toEqual(elements);
  expect(read.map(({ timestamp }) => timestamp)).toEqual(elements.map(() => beam.MIN_TIMESTAMP));
  expect(artifacts).toEqual([]);
});

test('toPortable() makes a create of nothing', async () => {
  const { proto } = await portableOf([beam.pipeline().apply(beam.create([]))]);
  expect(stepOf(proto, 'Create/Create')).toMatchObject({ count: 0, elements: { inline: '' } });
});

test('toPortable() puts the elements of a large create in a file of shards, which workers share', async () => {
  const elements = Array.from({ length: 60_000 }, (_, n) => `element ${n} ${'x'.repeat(n % 100)}`);
  const { proto, artifacts } = await portableOf([beam.pipeline().apply(beam.create(elements))]);
  expect(brokenIds(proto)).toEqual([]);
  expect(leaves(proto)).toEqual([
    'Create/Impulse: impulse,  > Create/Impulse.main',
    'Create/Shards: pardo, Create/Impulse.main > Create/Shards.main',
    'Create/Reshuffle/AtOnce: window_into, Create/Shards.main > Create/Reshuffle/AtOnce.main',
    'Create/Reshuffle/GroupByKey: group_by_key, Create/Reshuffle/AtOnce.main > Create/Reshuffle/GroupByKey.main',
    'Create/Reshuffle/Ungroup: pardo, Create/Reshuffle/GroupByKey.main > Create/Reshuffle/Ungroup.main',
    'Create/Read: pardo, Create/Reshuffle/Ungroup.main > Create.main',
  ]);
  const [file] = artifacts;
  const shards = stepOf(proto, 'Create/Shards');
  if (file === undefined || !('bytes' in file.content) || shards.kind !== 'elementShards') {
    throw new TypeError('There must be a file of elements in shards');
  }
  const { bytes } = file.content;
  expect(stepOf(proto, 'Create/Read')).toMatchObject({ kind: 'elementShard', artifact: file.name });
  const read = shards.shards.map(({ offset, bytes: length }) =>
    readElements(bytes.subarray(offset, offset + length)),
  );
  expect(read.flat().map(({ value }) => value)).toEqual(elements);
  expect(read.map(({ length }) => length)).toEqual(shards.shards.map(({ count }) => count));
  expect(shards.shards.length).toBeGreaterThan(3);
  expect(Math.max(...shards.shards.map((shard) => shard.bytes))).toBeLessThanOrEqual(1024 * 1024);
});

test('toPortable() gives an element that is larger than a shard one of its own', async () => {
  const elements = ['small', 'x'.repeat(3_000_000), 'last'];
  const { proto } = await portableOf([beam.pipeline().apply(beam.create(elements))]);
  const step = stepOf(proto, 'Create/Shards');
  expect(step.kind === 'elementShards' && step.shards.map(({ count }) => count)).toEqual([1, 1, 1]);
});

test('toPortable() keeps the timestamps of windowed elements', async () => {
  const elements = [
    beam.windowedValue('a', { timestamp: -1 }),
    beam.windowedValue('b', { timestamp: beam.MAX_TIMESTAMP }),
  ];
  const { proto } = await portableOf([createWindowed(elements)]);
  const step = stepOf(proto, 'Windowed/Create');
  const inline = step.kind === 'create' && 'inline' in step.elements ? step.elements.inline : '';
  expect(readElements(Buffer.from(inline, 'base64'))).toEqual(elements);
});

test('toPortable() refuses elements in windows that their PCollection has not', async () => {
  const window = { kind: 'interval', start: 0, end: 10 } as const;
  const windowed = createWindowed([beam.windowedValue(1), beam.windowedValue(2, { windows: [window] })]);
  await expect(portableOf([windowed])).rejects.toThrow(
    'Cannot ship the elements of "Windowed" as they must be in the global window, as its PCollection says: received the window [0, 10) at element [1]',
  );
});

test('toPortable() refuses an element that is no data, by the step and its place in it', async () => {
  class Whale {
    readonly name = 'Ahab';
  }
  const whales = beam.pipeline().apply(beam.create<unknown>([1, { pod: [new Whale()] }]));
  await expect(portableOf([whales])).rejects.toMatchObject({
    message: expect.stringMatching(
      /^Cannot ship the elements of "Create" as each must be data: element \[1\].*Whale.*\.pod\[0\]/,
    ) as string,
    transform: 'Create',
  });
});

test('toPortable() reads a source in shards, apart from where they are listed', async () => {
  const lines = beam
    .pipeline()
    .apply(beam.io.readFromText(['data/*.txt', 'more.txt'], { skipHeaderLines: 1 }));
  const { proto } = await portableOf([lines]);
  expect(brokenIds(proto)).toEqual([]);
  expect(leaves(proto)).toEqual([
    'ReadFromText/Impulse: impulse,  > ReadFromText/Impulse.main',
    'ReadFromText/Shards: pardo, ReadFromText/Impulse.main > ReadFromText/Shards.main',
    'ReadFromText/Reshuffle/AtOnce: window_into, ReadFromText/Shards.main > ReadFromText/Reshuffle/AtOnce.main',
    'ReadFromText/Reshuffle/GroupByKey: group_by_key, ReadFromText/Reshuffle/AtOnce.main > ReadFromText/Reshuffle/GroupByKey.main',
    'ReadFromText/Reshuffle/Ungroup: pardo, ReadFromText/Reshuffle/GroupByKey.main > ReadFromText/Reshuffle/Ungroup.main',
    'ReadFromText/Read: pardo, ReadFromText/Reshuffle/Ungroup.main > ReadFromText.main',
  ]);
  const spread = proto.components?.transforms['ReadFromText/Reshuffle'];
  expect(spread?.spec?.urn).toBe('beam:transform:reshuffle:v1');
  expect(spread?.inputs).toEqual({ in: 'ReadFromText/Shards.main' });
  expect(spread?.outputs).toEqual({ main: 'ReadFromText/Reshuffle/Ungroup.main' });
  expect(stepOf(proto, 'ReadFromText/Shards')).toMatchObject({ kind: 'readShards', export: 'step1' });
  expect(stepOf(proto, 'ReadFromText/Read')).toMatchObject({ kind: 'readPart', export: 'step1' });
  expect(coderOf(proto, 'ReadFromText/Shards.main')).toBe('kv(key,value)');
  expect(displayOf(proto, 'ReadFromText')).toMatchObject({
    class: 'TextSource',
    patterns: 'data/*.txt, more.txt',
    skipHeaderLines: 1n,
  });
});

test('toPortable() reads a source that need not end in a step that hands the rest of its work back', async () => {
  const numbers = beam
    .pipeline()
    .apply(beam.generateSequence({ rate: { elements: 1, per: { seconds: 1 } } }));
  const { proto } = await portableOf([numbers]);
  expect(brokenIds(proto)).toEqual([]);
  const name = 'GenerateSequence';
  expect(leaves(proto)).toEqual([
    `${name}/Impulse: impulse,  > ${name}/Impulse.main`,
    `${name}/Read: pardo, ${name}/Impulse.main > ${name}.main`,
  ]);
  expect(stepOf(proto, `${name}/Read`)).toMatchObject({
    kind: 'readUnbounded',
    export: 'step1',
    isBounded: false,
  });
  const payload = proto.components?.transforms[`${name}/Read`]?.spec?.payload ?? new Uint8Array();
  const { restrictionCoderId } = fromBinary(ParDoPayloadSchema, payload);
  expect(proto.components?.coders[restrictionCoderId]?.spec?.urn).toBe('millrace:coder:value:v1');
  expect(proto.requirements).toEqual(['beam:requirement:pardo:splittable_dofn:v1']);
  expect(proto.components?.pcollections[`${name}/Impulse.main`]?.isBounded).toBe(IsBounded_Enum.BOUNDED);
  expect(proto.components?.pcollections[`${name}.main`]?.isBounded).toBe(IsBounded_Enum.UNBOUNDED);
});

function createWindowed(elements: readonly beam.WindowedValue<unknown>[]): beam.PCollection<unknown> {
  return beam
    .pipeline()
    .addPrimitive({ label: 'Windowed', spec: { kind: 'createWindowed', elements }, inputs: [] }).main;
}
