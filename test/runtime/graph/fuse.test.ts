import { expect, test } from 'vitest';
import { fragment } from '../../../runtime/src/graph/fragment.ts';
import { fuse } from '../../../runtime/src/graph/fuse.ts';
import { fullNames } from '../../../runtime/src/graph/names.ts';
import * as beam from '../../../runtime/src/index.ts';
import type { PCollection } from '../../../runtime/src/index.ts';

/** Each stage as "input: fused transforms > shuffles", full names. */
function shape(
  targets: readonly PCollection<unknown>[],
  { available = [] }: { readonly available?: readonly PCollection<unknown>[] } = {},
): string[] {
  const needed = fragment(targets, (pcollection) => available.includes(pcollection));
  const names = fullNames(needed.transforms);
  const { stages } = fuse(needed, { materialise: new Set(targets), names });
  return stages.map(({ input, head, transforms, shuffles }) => {
    const start = input.kind === 'input' ? 'input' : (names.get(head.producer) ?? '');
    const fused = transforms.map((transform) => names.get(transform)).join(', ');
    const ends = shuffles.map((transform) => names.get(transform)).join(', ');
    return `${start}: ${fused} > ${ends}`;
  });
}

const pairs = (p = beam.pipeline()) => p.apply(beam.create([1])).map((n) => ({ key: n, value: n }));

test('fuse() fuses producers and consumers up to a shuffle', () => {
  const target = pairs()
    .apply(beam.groupByKey())
    .apply(beam.keys())
    .filter((n) => n > 0);
  expect(shape([target])).toEqual(['Create: Map > GroupByKey', 'GroupByKey: Keys, Filter > ']);
});

test('fuse() puts the branches of a PCollection in one stage', () => {
  const source = pairs();
  const target = beam
    .P([source.apply(beam.keys()), source.apply(beam.values())])
    .apply(beam.flatten())
    .map((n) => n);
  expect(shape([target])).toEqual(['Create: Map, Keys, Values, Flatten, Map 2 > ']);
});

test('fuse() unzips a flatten of two roots: what follows is in both stages', () => {
  const p = beam.pipeline();
  const target = beam
    .P([p.apply(beam.create([1])), p.apply(beam.create([2]))])
    .apply(beam.flatten())
    .apply(beam.countPerElement());
  const fused = 'Flatten, CountPerElement/Map(pairWithOne) > CountPerElement/CombinePerKey(Sum)';
  expect(shape([target])).toEqual([
    `Create: ${fused}`,
    `Create 2: ${fused}`,
    'CountPerElement/CombinePerKey(Sum):  > ',
  ]);
});

test('fuse() orders a stage after all that write to its shuffle', () => {
  const grouped = pairs().apply(beam.groupByKey());
  const again = grouped.map(({ key }) => ({ key, value: 1 })).apply(beam.combinePerKey(beam.sum()));
  expect(shape([again, grouped])).toEqual([
    'Create: Map > GroupByKey',
    'GroupByKey: Map 2 > CombinePerKey(Sum)',
    'CombinePerKey(Sum):  > ',
  ]);
});

test('fuse() starts a stage at what is available, also if its producer runs for another output', () => {
  const source = beam.pipeline().apply(beam.create(['a']));
  const { main, bad } = source.apply(
    beam.parDo((line: string) => [line, new beam.TaggedOutput('bad', line)]).withOutputs('bad'),
  );
  const target = beam.P([main, bad]).apply(beam.flatten());
  expect(shape([target], { available: [main] })).toEqual(['Create: ParDo, Flatten > ', 'input: Flatten > ']);
});

test('fuse() gives a stage to a target that is available', () => {
  const target = pairs();
  expect(shape([target], { available: [target] })).toEqual(['input:  > ']);
});
