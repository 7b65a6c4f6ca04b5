import { expect, test } from 'vitest';
import { fragment } from '../../../runtime/src/graph/fragment.ts';
import { fullNames } from '../../../runtime/src/graph/names.ts';
import * as beam from '../../../runtime/src/index.ts';
import type { PCollection } from '../../../runtime/src/index.ts';

/** The full names of all primitives that the targets need. */
function namesOf(targets: readonly PCollection<unknown>[], available?: (p: PCollection<unknown>) => boolean) {
  const { transforms } = fragment(targets, available);
  const names = fullNames(transforms);
  return transforms.map((transform) => names.get(transform));
}

const numbers = () => beam.pipeline().apply(beam.create([1]));

test('fullNames() numbers a label along a path', () => {
  const target = numbers()
    .map((n) => n)
    .filter((n) => n > 0)
    .map((n) => n)
    .map((n) => n);
  expect(namesOf([target])).toEqual(['Create', 'Map', 'Filter', 'Map 2', 'Map 3']);
});

test('fullNames() does not see dead branches: a cell that runs again keeps its names', () => {
  const source = numbers();
  const build = () => source.map((n) => n).apply(beam.countPerElement());
  const first = namesOf([build()]);
  build().apply(beam.keys());
  expect(namesOf([build()])).toEqual(first);
  expect(first).toEqual([
    'Create',
    'Map',
    'CountPerElement/Map(pairWithOne)',
    'CountPerElement/CombinePerKey(Sum)',
  ]);
});

test('fullNames() tells siblings apart in the order of application', () => {
  const source = numbers();
  const [a, b] = [source.map((n) => n), source.map((n) => n)];
  const both = beam.P([b, a]).apply(beam.flatten());
  expect(namesOf([both.map((n) => n)])).toEqual(['Create', 'Map', 'Map 2', 'Flatten', 'Map 3']);
});

test('fullNames() numbers composites, not what is inside each', () => {
  const twice = numbers().apply(beam.countPerElement()).apply(beam.countPerElement());
  expect(namesOf([twice]).slice(-2)).toEqual([
    'CountPerElement 2/Map(pairWithOne)',
    'CountPerElement 2/CombinePerKey(Sum)',
  ]);
});

test('fullNames() gives the same names when the fragment is cut', () => {
  const first = numbers().map((n) => n);
  const second = first.map((n) => n);
  expect(namesOf([second], (pcollection) => pcollection === first)).toEqual(['Map 2']);
});

test('fullNames() keeps a name that the user gave, and numbers others around it', () => {
  const source = numbers();
  const named = source.map(beam.withName('Map', (n) => n));
  const target = beam.P([source.map((n) => n), named]).apply(beam.flatten());
  expect(namesOf([target])).toEqual(['Create', 'Map', 'Map 2', 'Flatten']);
});

test('fullNames() refuses a name given twice in one fragment, not in two', () => {
  const source = numbers();
  const clean = () => source.map(beam.withName('Clean', (n) => n));
  const [a, b] = [clean(), clean()];
  expect(namesOf([b])).toEqual(['Create', 'Clean']);
  expect(() => namesOf([a, b])).toThrow(beam.DuplicateNameError);
});

test('fullNames() allows a given name in two composites', () => {
  const tidy = (input: PCollection<number>) => input.map(beam.withName('Clean', (n) => n)).filter(() => true);
  const target = numbers().apply(beam.withName('First', tidy));
  const twice = target.apply({ name: 'Second', expand: tidy });
  expect(namesOf([twice])).toEqual([
    'Create',
    'First/Clean',
    'First/Filter',
    'Second/Clean',
    'Second/Filter',
  ]);
});
