import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

/** The types refuse nearly all of this; plain JavaScript, `any` and a cast get past them. */
const wrong = (value: unknown) => value as never;
const p = beam.pipeline('wrong');
const numbers = p.apply(beam.create([1, 2]));

class Doubled {
  *process(element: number) {
    yield element * 2;
  }
}

test.each([
  {
    name: 'a root on a PCollection',
    use: () => numbers.apply(wrong(beam.create([1]))),
    want: 'Cannot apply "Create" as it begins a pipeline: received a PCollection; apply it to the pipeline itself',
  },
  {
    name: 'a file on a PCollection',
    use: () => numbers.apply(wrong(beam.io.readFromText('x'))),
    want: 'Cannot apply "ReadFromText" as it begins a pipeline',
  },
  {
    name: 'a step on the pipeline',
    use: () => p.apply(wrong(beam.countPerElement())),
    want: 'Cannot apply "CountPerElement" as it takes one PCollection: received the pipeline; begin with create() or io.readFromText()',
  },
  {
    name: 'map on the pipeline',
    use: () => p.apply(wrong(beam.map((x) => x))),
    want: 'Cannot apply "Map" as it takes one PCollection',
  },
  {
    name: 'groupByKey on the pipeline',
    use: () => p.apply(wrong(beam.groupByKey())),
    want: 'Cannot apply "GroupByKey" as it takes one PCollection',
  },
  {
    name: 'groupBy on the pipeline',
    use: () => p.apply(wrong(beam.groupBy('x' as never))),
    want: 'Cannot apply "GroupBy(x)" as it takes one PCollection',
  },
  {
    name: 'combineGlobally on the pipeline',
    use: () => p.apply(wrong(beam.combineGlobally(beam.sum()))),
    want: 'Cannot apply "CombineGlobally(Sum)" as it takes one PCollection',
  },
  {
    name: 'parDo on several PCollections',
    use: () => beam.P([numbers]).apply(wrong(beam.parDo(new Doubled()))),
    want: 'put several together with flatten() first',
  },
  {
    name: 'writeToText on the pipeline',
    use: () => p.apply(wrong(beam.io.writeToText('x'))),
    want: 'Cannot apply "WriteToText" as it takes one PCollection',
  },
  {
    name: 'nothing',
    use: () => numbers.apply(wrong(undefined)),
    want: 'Cannot apply as it takes a PTransform, or a function that applies some: received undefined',
  },
  {
    name: 'a CombineFn',
    use: () => numbers.apply(wrong(beam.sum())),
    want: 'give a CombineFn to combineGlobally() or combinePerKey()',
  },
  { name: 'a DoFn', use: () => numbers.apply(wrong(new Doubled())), want: 'give a DoFn to parDo()' },
  {
    name: 'a class',
    use: () => numbers.apply(wrong(Doubled)),
    want: 'received the class Doubled; make an instance of it with new',
  },
  {
    name: 'a factory that was not called',
    use: () => numbers.apply(wrong(beam.countPerElement)),
    want: 'received a PTransform; call the function that makes it',
  },
  {
    name: 'an async composite',
    use: () => numbers.apply(wrong(async () => Promise.resolve(numbers))),
    want: 'received a promise; await before apply() instead',
  },
  {
    name: 'the class of a DoFn',
    use: () => beam.parDo(wrong(Doubled)),
    want: 'Cannot apply ParDo as it takes a DoFn or a function: received the class Doubled; make one: new Doubled()',
  },
  {
    name: 'the class of a CombineFn',
    use: () => beam.combineGlobally(wrong(Doubled)),
    want: 'received the class Doubled',
  },
  {
    name: 'no function to partition by',
    use: () => beam.partition(2, wrong(undefined)),
    want: 'Cannot partition as it takes a function: received undefined',
  },
  {
    name: 'no function to map',
    use: () => numbers.apply(beam.map(wrong(undefined))),
    want: 'Cannot apply Map as it takes a function: received undefined',
  },
  {
    name: 'an element that was not awaited',
    use: () => beam.create([1, Promise.resolve(2)]),
    want: 'received a promise at [1]; await them first: create(await Promise.all(elements))',
  },
  {
    name: 'a name that is no string',
    use: () => beam.withName(wrong(3), beam.sum),
    want: 'a name must be a string',
  },
])('$name is refused when the pipeline is built', ({ use, want }) => {
  const before = p.transforms.length;
  expect(use).toThrow(want);
  expect(p.transforms).toHaveLength(before); // nothing half-applied stays
});

test('what is no PCollection cannot be computed, and the outputs that it has are named', async () => {
  const outputs = numbers.apply(beam.parDo(new Doubled()).withOutputs('odd'));
  await expect(collect(wrong(outputs))).rejects.toThrow('take one of its outputs "main", "odd"');
  await expect(collect(wrong(p))).rejects.toThrow('Cannot compute as it takes a PCollection');
});

test('PCollections of two pipelines of one name are told apart by a hint', () => {
  const again = beam.pipeline('wrong').apply(beam.create([3]));
  expect(() => beam.P([numbers, again]).apply(beam.flatten())).toThrow('of two pipelines named "wrong"');
});

test('max() takes undefined for an element, not for none', async () => {
  const { values } = await collect(
    p.apply(beam.create([undefined])).apply(beam.combineGlobally(wrong(beam.max()))),
  );
  expect(values).toEqual([undefined]);
});

test('anything can be thrown, also what has no text', async () => {
  const failing = numbers.map(() => {
    throw Object.create(null);
  });
  await expect(collect(failing)).rejects.toThrow('"Map" threw in map: an object');
});
