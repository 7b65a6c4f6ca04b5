import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import { pipelineGraph } from '../../../../runtime/src/portable/from-proto/pipeline-graph.ts';
import { PipelineSchema } from '../../../../runtime/src/proto/runner-api.ts';
import { portableOf } from '../../../support/portable.ts';

test('pipelineGraph() has the steps of the notebook, and none of the parts that a job adds', async () => {
  const p = beam.pipeline('graph');
  const { main, odd } = p
    .apply(beam.create([1]))
    .apply(beam.parDo((n: number) => [new beam.TaggedOutput('odd', n)]).withOutputs('odd'));
  const joined = beam.P([main as beam.PCollection<number>, odd, odd]).apply(beam.flatten<number>());
  const { proto } = await portableOf([joined.apply(beam.countPerElement())]);
  const { title, nodes, edges } = pipelineGraph(proto);
  expect(title).toBe('graph');
  expect(nodes.map(({ id, label, kind, parent }) => `${id}: ${label}, ${kind} in ${parent ?? '-'}`)).toEqual([
    'Create: Create, create in -',
    'ParDo: ParDo, parDo in -',
    'Flatten: Flatten, flatten in -',
    'CountPerElement: CountPerElement, composite in -',
    'CountPerElement/Map(pairWithOne): Map(pairWithOne), map in CountPerElement',
    'CountPerElement/CombinePerKey(Sum): CombinePerKey(Sum), combinePerKey in CountPerElement',
  ]);
  // The copy of what is flattened twice is a part of the Flatten.
  expect(edges).toHaveLength(5);
  expect(new Set(edges)).toEqual(
    new Set([
      { from: 'Create', to: 'ParDo' },
      { from: 'ParDo', to: 'Flatten' },
      { from: 'ParDo', to: 'Flatten', label: 'odd' },
      { from: 'Flatten', to: 'CountPerElement/Map(pairWithOne)' },
      { from: 'CountPerElement/Map(pairWithOne)', to: 'CountPerElement/CombinePerKey(Sum)' },
    ]),
  );
  expect(nodes[1]?.definedAt).toMatch(/pipeline-graph\.test\.ts, line \d+$/);
});

test('pipelineGraph() draws a pipeline of another SDK by its names', () => {
  const transform = (uniqueName: string, urn: string, rest: object = {}) => ({
    uniqueName,
    ...(urn !== '' && { spec: { urn } }),
    ...rest,
  });
  const pipeline = create(PipelineSchema, {
    rootTransformIds: ['a', 'b'],
    components: {
      transforms: {
        a: transform('In', 'beam:transform:impulse:v1', { outputs: { out: 'p' } }),
        b: transform('Work', '', { subtransforms: ['c'], inputs: { x: 'p' } }),
        c: transform('Work/Sum', 'beam:transform:combine_per_key:v1', {
          subtransforms: ['d'],
          inputs: { x: 'p' },
        }),
        d: transform('Work/Sum/Group', 'beam:transform:group_by_key:v1', { inputs: { x: 'p' } }),
      },
      pcollections: { p: {} },
    },
  });
  expect(pipelineGraph(pipeline)).toEqual({
    title: 'A pipeline without a name',
    nodes: [
      { id: 'a', label: 'In', fullName: 'In', kind: 'impulse' },
      { id: 'b', label: 'Work', fullName: 'Work', kind: 'composite' },
      { id: 'c', label: 'Sum', fullName: 'Work/Sum', kind: 'combinePerKey', parent: 'b' },
    ],
    edges: [{ from: 'a', to: 'c' }],
  });
});
