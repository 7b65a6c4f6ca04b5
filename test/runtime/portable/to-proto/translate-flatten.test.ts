import { expect, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import { brokenIds, portableOf } from '../../../support/portable.ts';
import { coderOf, leaves, stepOf } from '../../../support/portable-proto.ts';

const flattened = (...inputs: beam.PCollection<unknown>[]) => beam.P(inputs).apply(beam.flatten());

test('toPortable() flattens PCollections of one form as they are', async () => {
  const p = beam.pipeline();
  const both = flattened(p.apply(beam.create([1])), p.apply(beam.withName('More', beam.create([2]))));
  const { proto } = await portableOf([both]);
  expect(proto.components?.transforms.Flatten?.inputs).toEqual({ in1: 'Create.main', in2: 'More.main' });
  expect(proto.components?.transforms.Flatten?.spec?.urn).toBe('beam:transform:flatten:v1');
  expect(proto.components?.transforms.Flatten?.environmentId).toBe('node');
});

test('toPortable() copies a PCollection for each time that it is given, where it is given twice', async () => {
  const numbers = beam.pipeline().apply(beam.create([1]));
  const { proto } = await portableOf([flattened(numbers, numbers, numbers)]);
  expect(brokenIds(proto)).toEqual([]);
  expect(proto.components?.transforms['Flatten/Flatten']?.inputs).toEqual({
    in1: 'Flatten/Copy 1.main',
    in2: 'Flatten/Copy 2.main',
    in3: 'Flatten/Copy 3.main',
  });
  expect(stepOf(proto, 'Flatten/Copy 2')).toMatchObject({ kind: 'copy', name: 'Flatten' });
});

test('toPortable() brings the inputs of a flatten to one form', async () => {
  const pairs = beam.pipeline().apply(beam.create([{ key: 'a', value: 1 }]));
  const groups = pairs.apply(beam.groupByKey());
  const sums = pairs.apply(beam.combinePerKey(beam.sum()));
  const { proto } = await portableOf([flattened(pairs, groups, sums)]);
  expect(brokenIds(proto)).toEqual([]);
  const inputs = Object.values(proto.components?.transforms['Flatten/Flatten']?.inputs ?? {});
  expect(inputs).toEqual(['Create.main', 'Flatten/Copy 2.main', 'Flatten/Copy 3.main']);
  expect([...inputs, 'Flatten.main'].map((id) => coderOf(proto, id))).toEqual(Array(4).fill('value'));
});

test('toPortable() leaves groups in their form where all inputs of a flatten are groups', async () => {
  const groups = beam
    .pipeline()
    .apply(beam.create([{ key: 'a', value: 1 }]))
    .apply(beam.groupByKey());
  const { proto } = await portableOf([flattened(groups, groups)]);
  expect(coderOf(proto, 'Flatten.main')).toBe('kv(key,iterable(value))');
  expect(leaves(proto).at(-1)).toBe(
    'Flatten/Flatten: flatten, Flatten/Copy 1.main Flatten/Copy 2.main > Flatten.main',
  );
});
