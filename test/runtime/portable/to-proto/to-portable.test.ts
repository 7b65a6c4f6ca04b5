import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import type { CapturedModule } from '../../../../runtime/src/capture/captured-module.ts';
import * as beam from '../../../../runtime/src/index.ts';
import {
  ArtifactStagingToRolePayloadSchema,
  CombinePayloadSchema,
  PipelineSchema,
} from '../../../../runtime/src/proto/runner-api.ts';
import { captureNames, brokenIds, portableOf } from '../../../support/portable.ts';
import { coderOf, displayOf, leaves, readElements, stepOf } from '../../../support/portable-proto.ts';

/** A capture that may not be asked for anything. */
function captureNothing(): Promise<CapturedModule> {
  return Promise.reject(new RangeError('Cannot capture as nothing is to be captured'));
}

test('toPortable() gives each primitive its runner form, under its full name', async () => {
  const counts = beam
    .pipeline('words')
    .apply(beam.create(['a b', 'b']))
    .flatMap((line) => line.split(' '))
    .apply(beam.countPerElement())
    .filter(({ value }) => value > 1);
  const { proto } = await portableOf([counts]);
  const combine = 'CountPerElement/CombinePerKey(Sum)';
  expect(brokenIds(proto)).toEqual([]);
  expect(leaves(proto)).toEqual([
    'Create/Impulse: impulse,  > Create/Impulse.main',
    'Create/Create: pardo, Create/Impulse.main > Create.main',
    'FlatMap: pardo, Create.main > FlatMap.main',
    'CountPerElement/Map(pairWithOne): pardo, FlatMap.main > CountPerElement/Map(pairWithOne).main',
    `${combine}/ToKV: pardo, CountPerElement/Map(pairWithOne).main > ${combine}/ToKV.main`,
    `${combine}/Combine/Precombine: combine_per_key_precombine, ${combine}/ToKV.main > ${combine}/Combine/Precombine.main`,
    `${combine}/Combine/GroupByKey: group_by_key, ${combine}/Combine/Precombine.main > ${combine}/Combine/GroupByKey.main`,
    `${combine}/Combine/Merge: combine_per_key_merge_accumulators, ${combine}/Combine/GroupByKey.main > ${combine}/Combine/Merge.main`,
    `${combine}/Combine/Extract: combine_per_key_extract_outputs, ${combine}/Combine/Merge.main > ${combine}.main`,
    `Filter: pardo, ${combine}.main > Filter.main`,
  ]);
});

test('toPortable() keeps composites, with their parts, inputs and outputs', async () => {
  const counts = beam
    .pipeline()
    .apply(beam.create(['a']))
    .apply(beam.countPerElement());
  const { proto } = await portableOf([counts]);
  const whole = proto.components?.transforms.CountPerElement;
  expect(proto.rootTransformIds).toEqual(['Create', 'CountPerElement']);
  expect(whole?.subtransforms).toEqual([
    'CountPerElement/Map(pairWithOne)',
    'CountPerElement/CombinePerKey(Sum)',
  ]);
  expect(whole?.inputs).toEqual({ in: 'Create.main' });
  expect(whole?.outputs).toEqual({ main: 'CountPerElement/CombinePerKey(Sum).main' });
  expect(whole?.spec).toBeUndefined();
});

test('toPortable() makes a combine that a runner may replace: one KV in, one out, the payload on every part', async () => {
  const pairs = beam.pipeline().apply(beam.create([{ key: 'a', value: 1 }]));
  const { proto } = await portableOf([pairs.apply(beam.combinePerKey(beam.sum()))]);
  const name = 'CombinePerKey(Sum)';
  const whole = proto.components?.transforms[`${name}/Combine`];
  expect(whole?.spec?.urn).toBe('beam:transform:combine_per_key:v1');
  expect(whole?.inputs).toEqual({ in: `${name}/ToKV.main` });
  expect(whole?.outputs).toEqual({ main: `${name}.main` });
  expect(whole?.environmentId).toBe('node');
  const payload = fromBinary(CombinePayloadSchema, whole?.spec?.payload ?? new Uint8Array());
  expect(payload.combineFn?.urn).toBe('millrace:combinefn:v1');
  expect(JSON.parse(new TextDecoder().decode(payload.combineFn?.payload))).toMatchObject({
    kind: 'combine',
    name,
    export: 'step1',
  });
  expect(proto.components?.coders[payload.accumulatorCoderId]?.spec?.urn).toBe('millrace:coder:value:v1');
  for (const part of ['Precombine', 'Merge', 'Extract']) {
    const leaf = proto.components?.transforms[`${name}/Combine/${part}`];
    expect(leaf?.spec?.payload, part).toEqual(whole?.spec?.payload);
    expect(leaf?.environmentId, part).toBe('node');
  }
  expect(coderOf(proto, `${name}/ToKV.main`)).toBe('kv(key,value)');
  expect(coderOf(proto, `${name}/Combine/GroupByKey.main`)).toBe('kv(key,iterable(value))');
  expect(coderOf(proto, `${name}.main`)).toBe('kv(key,value)');
});

test('toPortable() groups behind a step that checks for { key, value }, under the name that the user knows', async () => {
  const groups = beam
    .pipeline()
    .apply(beam.create([{ key: 'a', value: 1 }]))
    .apply(beam.withName('By letter', beam.groupByKey<string, number>()))
    .map(({ key }) => key);
  const { proto } = await portableOf([groups]);
  expect(leaves(proto).slice(2)).toEqual([
    'By letter/ToKV: pardo, Create.main > By letter/ToKV.main',
    'By letter/GroupByKey: group_by_key, By letter/ToKV.main > By letter.main',
    'Map: pardo, By letter.main > Map.main',
  ]);
  expect(stepOf(proto, 'By letter/ToKV')).toMatchObject({ kind: 'toKV', name: 'By letter' });
  expect(coderOf(proto, 'Create.main')).toBe('value');
  expect(coderOf(proto, 'By letter.main')).toBe('kv(key,iterable(value))');
  expect(proto.components?.transforms['By letter/GroupByKey']?.environmentId).toBe('');
});

test('toPortable() gives a ParDo an output for each tag, also for those that nobody reads', async () => {
  const { good } = beam
    .pipeline()
    .apply(beam.create([1]))
    .apply(
      beam
        .parDo((n: number) => [new beam.TaggedOutput(n > 0 ? 'good' : 'bad', n)])
        .withOutputs('good', 'bad'),
    );
  const { proto, pcollectionIds } = await portableOf([good]);
  expect(proto.components?.transforms.ParDo?.outputs).toEqual({
    main: 'ParDo.main',
    good: 'ParDo.good',
    bad: 'ParDo.bad',
  });
  expect(pcollectionIds.get(good.id)).toBe('ParDo.good');
});

test('toPortable() exports the specs and CombineFns of steps, and says what each is', async () => {
  const asked: [string, unknown, string | undefined][] = [];
  const fn = (n: number) => n + 1;
  const sum = beam.sum();
  const total = beam
    .pipeline()
    .apply(beam.create([1]))
    .map(fn)
    .map((value) => ({ key: 'all', value }))
    .apply(beam.combinePerKey(sum));
  const { proto } = await portableOf([total], {
    capture: (exports, subjects) => {
      for (const [name, value] of exports) asked.push([name, value, subjects.get(name)]);
      return captureNames(exports);
    },
  });
  expect(asked).toEqual([
    ['step1', expect.objectContaining({ kind: 'map', fn }), 'the function of "Map(fn)"'],
    ['step2', expect.objectContaining({ kind: 'map' }), 'the function of "Map"'],
    ['step3', sum, 'the CombineFn of "CombinePerKey(Sum)"'],
  ]);
  expect(stepOf(proto, 'Map(fn)')).toMatchObject({ kind: 'spec', export: 'step1', name: 'Map(fn)' });
});

test('toPortable() ships no module where there is no function', async () => {
  const groups = beam
    .pipeline()
    .apply(beam.create([{ key: 'a', value: 1 }]))
    .apply(beam.groupByKey());
  const { artifacts, proto } = await portableOf([groups], { capture: captureNothing });
  expect(artifacts).toEqual([]);
  expect(proto.components?.environments.node?.dependencies).toEqual([]);
});

test('toPortable() stages the module and its source map, known to the environment by name', async () => {
  const { artifacts, proto } = await portableOf(
    [
      beam
        .pipeline()
        .apply(beam.create([1]))
        .map((n) => n),
    ],
    { resourceHints: { 'beam:resources:min_ram_bytes:v1': new TextEncoder().encode('1000') } },
  );
  const environment = proto.components?.environments.node;
  const names = environment?.dependencies.map(
    ({ rolePayload }) => fromBinary(ArtifactStagingToRolePayloadSchema, rolePayload).stagedName,
  );
  expect(names).toEqual(['pipeline.mjs', 'pipeline.mjs.map']);
  expect(artifacts.map(({ name }) => name)).toEqual(names);
  expect(environment?.resourceHints).toEqual({
    'beam:resources:min_ram_bytes:v1': new TextEncoder().encode('1000'),
  });
});

test('toPortable() has what the targets need, and nothing else', async () => {
  const p = beam.pipeline();
  const numbers = p.apply(beam.create([1]));
  numbers.map((n) => n * 2);
  p.apply(beam.withName('Other', beam.create([2])));
  const { proto } = await portableOf([numbers.filter((n) => n > 0)]);
  expect(proto.rootTransformIds).toEqual(['Create', 'Filter']);
});

test('toPortable() gives the same bytes for the same pipeline, made again', async () => {
  const build = () => {
    const p = beam.pipeline('again');
    const words = p.apply(beam.create(['a', 'b'])).flatMap((word) => [word, word]);
    return [words.apply(beam.countPerElement()), words.apply(beam.countGlobally())];
  };
  const made: Uint8Array[] = [];
  // On one line: the lines where steps were applied go with them.
  while (made.length < 2) made.push(toBinary(PipelineSchema, (await portableOf(build())).proto));
  expect(Buffer.from(made[0] ?? []).equals(made[1] ?? Buffer.from(''))).toBe(true);
});

test('toPortable() tells what a step is: its code, its counters, where it was applied', async () => {
  const target = beam
    .pipeline('told')
    .apply(beam.create([1, 2]))
    .map(
      (n, { seen }) => {
        seen.increment();
        return n;
      },
      { seen: beam.counter('seen') },
    );
  const { proto } = await portableOf([target]);
  expect(displayOf(proto, 'Create')).toEqual({ elements: 2n });
  expect(displayOf(proto, 'Map')).toMatchObject({
    code: expect.stringContaining('seen.increment()') as string,
    'counter seen': 'seen',
  });
  const step = stepOf(proto, 'Map');
  expect(step.appliedAt).toMatch(/^Error\n {4}at .*to-portable\.test\.ts:\d+:\d+/);
});

test('toPortable() makes the inputs of a cut fragment of the elements that are given', async () => {
  const pairs = beam
    .pipeline()
    .apply(beam.create([1, 2]))
    .map((n) => ({ key: n % 2, value: n }));
  const sums = pairs.apply(beam.combinePerKey(beam.sum()));
  const elements = [beam.windowedValue({ key: 1, value: 1 }, { timestamp: 5 })];
  const { proto, transformIds, pcollectionIds } = await portableOf([sums], {
    cut: [pairs],
    inputs: new Map([[pairs.id, elements]]),
  });
  expect(brokenIds(proto)).toEqual([]);
  expect(proto.rootTransformIds).toEqual(['Input Map.main', 'CombinePerKey(Sum)']);
  const step = stepOf(proto, 'Input Map.main/Create');
  const inline = step.kind === 'create' && 'inline' in step.elements ? step.elements.inline : '';
  expect(readElements(Buffer.from(inline, 'base64'))).toEqual(elements);
  expect(pcollectionIds.get(pairs.id)).toBe('Map.main');
  expect([...transformIds.values()]).toEqual(['CombinePerKey(Sum)']);
});

test('toPortable() refuses a cut fragment without the elements of its inputs', async () => {
  const numbers = beam.pipeline().apply(beam.create([1]));
  await expect(portableOf([numbers.map((n) => n)], { cut: [numbers] })).rejects.toThrow(
    'Cannot translate a part of a pipeline as the elements of its inputs must be there: received none of "Create"',
  );
});

test('toPortable() keeps apart an input and the same output of a step that is needed for another one', async () => {
  const { main, odd } = beam
    .pipeline()
    .apply(beam.create([1]))
    .apply(beam.parDo((n: number) => [new beam.TaggedOutput('odd', n)]).withOutputs('odd'));
  const joined = beam.P([main as beam.PCollection<unknown>, odd]).apply(beam.flatten<unknown>());
  const { proto } = await portableOf([joined], { cut: [odd], inputs: new Map([[odd.id, []]]) });
  expect(brokenIds(proto)).toEqual([]);
  expect(proto.components?.transforms.Flatten?.inputs).toEqual({ in1: 'ParDo.main', in2: 'ParDo.odd' });
  expect(proto.components?.transforms.ParDo?.outputs).toEqual({
    main: 'ParDo.main',
    odd: 'ParDo.odd (unused)',
  });
});

test('toPortable() writes collected PCollections through a grouping, so that each element comes once', async () => {
  const numbers = beam.pipeline().apply(beam.create([1]));
  const { proto } = await portableOf([numbers], { collect: new Map([[numbers, '/tmp/there']]) });
  expect(brokenIds(proto)).toEqual([]);
  expect(leaves(proto).slice(2)).toEqual([
    'Collect Create.main/Shard: pardo, Create.main > Collect Create.main/Shard.main',
    'Collect Create.main/GroupByKey: group_by_key, Collect Create.main/Shard.main > Collect Create.main/GroupByKey.main',
    'Collect Create.main/Write: pardo, Collect Create.main/GroupByKey.main > Collect Create.main/Write.main',
  ]);
  expect(coderOf(proto, 'Collect Create.main/Shard.main')).toBe('kv(key,bytes)');
  expect(stepOf(proto, 'Collect Create.main/Write')).toMatchObject({ folder: '/tmp/there' });
});

test('toPortable() refuses a name that is also that of a part which it adds', async () => {
  const pairs = beam.pipeline().apply(beam.create([{ key: 1, value: 1 }]));
  const groups = pairs.apply(beam.groupByKey<number, number>());
  const part = { name: 'GroupByKey/ToKV', expand: (input: typeof groups) => input.map(({ key }) => key) };
  await expect(portableOf([groups.apply(part)])).rejects.toMatchObject({
    message:
      'Cannot make a job of the pipeline as its steps and their parts must have names of their own: received "GroupByKey/ToKV.main" twice',
    hint: expect.stringContaining('withName') as string,
  });
});
