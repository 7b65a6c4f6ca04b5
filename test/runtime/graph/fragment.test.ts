import { expect, test } from 'vitest';
import { fragment } from '../../../runtime/src/graph/fragment.ts';
import * as beam from '../../../runtime/src/index.ts';

const labels = (targets: Parameters<typeof fragment>[0], available?: Parameters<typeof fragment>[1]) =>
  fragment(targets, available).transforms.map(({ label }) => label);

test('fragment() holds what is upstream, in the order of application, and no dead branches', () => {
  const p = beam.pipeline();
  const numbers = p.apply(beam.create([1, 2]));
  numbers.map(function dead(n) {
    return n;
  });
  const odd = numbers.filter(function isOdd(n) {
    return n % 2 === 1;
  });
  const both = beam.P([odd, numbers]).apply(beam.flatten());
  expect(labels([both])).toEqual(['Create', 'Filter(isOdd)', 'Flatten']);
});

test('fragment() is cut at what is available, and goes on for what is not', () => {
  const p = beam.pipeline();
  const lines = p.apply(beam.create(['a']));
  const { main, bad } = lines.apply(
    beam.parDo((line) => [line, new beam.TaggedOutput('bad', line)]).withOutputs('bad'),
  );
  const joined = beam.P([main, bad]).apply(beam.flatten());
  const cut = fragment([joined], (pcollection) => pcollection === main);
  expect(cut.inputs).toEqual([main]);
  expect(cut.transforms.map(({ label }) => label)).toEqual(['Create', 'ParDo', 'Flatten']);
});

test('fragment() of an available target needs no transform', () => {
  const target = beam.pipeline().apply(beam.create([1]));
  expect(fragment([target, target], () => true)).toEqual({
    targets: [target],
    transforms: [],
    inputs: [target],
  });
});

test('fragment() refuses targets of two pipelines', () => {
  const of = (name: string) => beam.pipeline(name).apply(beam.create([1]));
  expect(() => fragment([of('a'), of('b')])).toThrow(beam.ForeignPCollectionError);
});
