import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import { describePipeline } from '../../../../runtime/src/portable/from-proto/describe-pipeline.ts';
import { PipelineSchema } from '../../../../runtime/src/proto/runner-api.ts';
import { portableOf } from '../../../support/portable.ts';

test('describePipeline() shows environments, and steps as a tree with what they read and make', async () => {
  const sums = beam
    .pipeline('sums')
    .apply(beam.create([1]))
    .map((n) => ({ key: 'all', value: n }))
    .apply(beam.combinePerKey(beam.sum()));
  const { proto } = await portableOf([sums]);
  expect(describePipeline(proto).split('\n')).toEqual([
    'pipeline sums',
    'environment node: external localhost:1, pipeline.mjs, pipeline.mjs.map',
    'Create: create',
    '  Impulse: impulse → Create/Impulse.main (bytes)',
    '  Create: create in node, Create/Impulse.main → Create.main (value)',
    'Map: map in node, Create.main → Map.main (value)',
    'CombinePerKey(Sum): combinePerKey',
    '  ToKV: toKV in node, Map.main → CombinePerKey(Sum)/ToKV.main (kv(key, value))',
    '  Combine: combinePerKey',
    '    Precombine: precombine in node, CombinePerKey(Sum)/ToKV.main → CombinePerKey(Sum)/Combine/Precombine.main (kv(key, value))',
    '    GroupByKey: groupByKey, CombinePerKey(Sum)/Combine/Precombine.main → CombinePerKey(Sum)/Combine/GroupByKey.main (kv(key, iterable(value)))',
    '    Merge: merge accumulators in node, CombinePerKey(Sum)/Combine/GroupByKey.main → CombinePerKey(Sum)/Combine/Merge.main (kv(key, value))',
    '    Extract: extract outputs in node, CombinePerKey(Sum)/Combine/Merge.main → CombinePerKey(Sum).main (kv(key, value))',
  ]);
});

test('describePipeline() reads a pipeline of another SDK, also with what it does not know', () => {
  const pipeline = create(PipelineSchema, {
    rootTransformIds: ['e1', 'e9'],
    requirements: ['beam:requirement:pardo:stateful:v1'],
    components: {
      transforms: {
        e1: {
          uniqueName: 'Read from somewhere',
          spec: { urn: 'beam:transform:read:v1', payload: Uint8Array.of(1) },
          outputs: { i0: 'n1' },
        },
      },
      pcollections: { n1: { uniqueName: 'n1', coderId: 'c1' } },
      coders: {
        c1: { spec: { urn: 'beam:coder:kv:v1' }, componentCoderIds: ['c2', 'c1'] },
        c2: { spec: { urn: 'beam:go:coder:custom:v1' } },
      },
      environments: { go: { urn: 'beam:env:anyof:v1' } },
    },
  });
  expect(describePipeline(pipeline).split('\n')).toEqual([
    'pipeline (no name)',
    'environment go: beam:env:anyof:v1',
    'requires beam:requirement:pardo:stateful:v1',
    'Read from somewhere: beam:transform:read:v1 → n1 as i0 (kv(beam:go:coder:custom:v1, missing c1))',
    'e9: missing',
  ]);
});
