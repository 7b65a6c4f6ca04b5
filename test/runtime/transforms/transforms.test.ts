import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import type { CombineFn, PCollection } from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

const create = <T>(elements: readonly T[]) => beam.pipeline().apply(beam.create(elements));
const valuesOf = async <T>(target: PCollection<T>) => (await collect(target)).values;

test('create() copies its array, and refuses what is none', async () => {
  const elements = [1, 2];
  const target = create(elements);
  elements.push(3);
  expect(await valuesOf(target)).toEqual([1, 2]);
  const wrong = (value: unknown) => () => beam.create(value as number[]);
  expect(wrong(new Set([1]))).toThrow(
    'Cannot create a PCollection as its elements must be an array: received an instance of Set; spread it: create([...elements])',
  );
  expect(wrong('abc')).toThrow('received the string "abc"');
  expect(wrong(undefined)).toThrow('received undefined');
});

test('map(), flatMap() and filter() are transforms too, with the name of their function', async () => {
  const double = (n: number) => n * 2;
  const target = create([1, 2, 3])
    .apply(beam.map(double))
    .apply(beam.flatMap((n) => [n, -n]))
    .apply(beam.filter((n) => n > 2));
  expect(await valuesOf(target)).toEqual([4, 6]);
  expect(target.pipeline.transforms.map(({ label }) => label)).toEqual([
    'Create',
    'Map(double)',
    'FlatMap',
    'Filter',
  ]);
});

test('groupBy() takes a function, an async one, or a property', async () => {
  const rows = create([
    { user: 'a', n: 1 },
    { user: 'b', n: 2 },
    { user: 'a', n: 3 },
  ]);
  const expected = [
    {
      key: 'a',
      value: [
        { user: 'a', n: 1 },
        { user: 'a', n: 3 },
      ],
    },
    { key: 'b', value: [{ user: 'b', n: 2 }] },
  ];
  expect(await valuesOf(rows.apply(beam.groupBy('user')))).toEqual(expected);
  expect(await valuesOf(rows.apply(beam.groupBy((row) => row.user)))).toEqual(expected);
  expect(await valuesOf(rows.apply(beam.groupBy((row) => Promise.resolve(row.user))))).toEqual(expected);
  expect(rows.apply(beam.groupBy('user')).producer.parent?.label).toBe('GroupBy(user)');
  const byBoth = rows.apply(beam.groupBy(['user', 'n']));
  expect(byBoth.producer.parent?.label).toBe('GroupBy(user, n)');
  const groups = await valuesOf(byBoth);
  expect(groups.map(({ key }) => Object.keys(key))).toEqual(groups.map(() => ['user', 'n']));
});

test('keys(), values(), kvSwap() and distinct()', async () => {
  const pairs = create([
    { key: 'a', value: 1 },
    { key: 'b', value: 1 },
    { key: 'a', value: 2 },
  ]);
  expect(await valuesOf(pairs.apply(beam.keys()))).toEqual(['a', 'b', 'a']);
  expect(await valuesOf(pairs.apply(beam.values()))).toEqual([1, 1, 2]);
  expect(await valuesOf(pairs.apply(beam.kvSwap()))).toContainEqual({ key: 2, value: 'a' });
  expect(await valuesOf(pairs.apply(beam.values()).apply(beam.distinct()))).toEqual([1, 2]);
  expect(await valuesOf(create([{ a: 1, b: 2 }, { b: 2, a: 1 }, null]).apply(beam.distinct()))).toEqual([
    { a: 1, b: 2 },
    null,
  ]);
});

test('partition() splits by index, and refuses one that is out of range', async () => {
  const [even, odd] = create([1, 2, 3]).apply(beam.partition(2, (n, count) => n % count));
  expect(await valuesOf(even)).toEqual([2]);
  expect(await valuesOf(odd)).toEqual([1, 3]);
  const [bad] = create([1]).apply(beam.partition(2, () => 2));
  await expect(collect(bad)).rejects.toThrow(
    '"Partition" threw in process: Cannot partition as the function must give an integer from 0 to 1: received the number 2',
  );
  expect(() => beam.partition(0, () => 0)).toThrow(RangeError);
});

test('flatten() needs an array of PCollections', () => {
  expect(() => create([1]).apply(beam.flatten() as never)).toThrow('use P([a, b]).apply(flatten())');
  const foreign = create([1]);
  expect(() => beam.P([create([1]), foreign]).apply(beam.flatten())).toThrow(beam.ForeignPCollectionError);
});

test.each([
  { name: 'sum', fn: beam.sum(), some: 7, none: [0] },
  { name: 'mean', fn: beam.mean(), some: 7 / 3, none: [NaN] },
  { name: 'min', fn: beam.min<number>(), some: -2, none: [] },
  { name: 'max', fn: beam.max<number>(), some: 5, none: [] },
  { name: 'count', fn: beam.count(), some: 3, none: [0] },
  { name: 'top', fn: beam.top<number>(2), some: [5, 4], none: [[]] },
  { name: 'sample of all', fn: beam.sample<number>(1, { random: () => 0.5 }), some: [5], none: [[]] },
])('combineGlobally($name) of some elements and of none', async ({ fn, some, none }) => {
  const combine = beam.combineGlobally(fn as CombineFn<number, unknown, unknown>);
  expect(await valuesOf(create([5, -2, 4]).apply(combine))).toEqual([some]);
  expect(await valuesOf(create<number>([]).apply(combine))).toEqual(none);
});

test('combineGlobally() by a binary function gives nothing of nothing, as without defaults', async () => {
  const concat = beam.combineGlobally((a: string, b: string) => a + b);
  expect(await valuesOf(create(['a', 'b', 'c']).apply(concat))).toEqual(['abc']);
  expect(await valuesOf(create<string>([]).apply(concat))).toEqual([]);
  const sum = beam.combineGlobally(beam.sum(), { withoutDefaults: true });
  expect(await valuesOf(create<number>([]).apply(sum))).toEqual([]);
  expect(await valuesOf(create([undefined]).apply(beam.combineGlobally((a) => a)))).toEqual([undefined]);
});

test('countGlobally() and countPerElement()', async () => {
  expect(await valuesOf(create(['a', 'b', 'a']).apply(beam.countGlobally()))).toEqual([3]);
  expect(await valuesOf(create([]).apply(beam.countGlobally()))).toEqual([0]);
  expect(await valuesOf(create(['a', 'b', 'a']).apply(beam.countPerElement()))).toEqual([
    { key: 'a', value: 2 },
    { key: 'b', value: 1 },
  ]);
});

test('top() ranks by what it is told, the first of equals first', async () => {
  const rows = create(['bb', 'a', 'cc', 'ddd']);
  const top = rows.apply(beam.combineGlobally(beam.top(3, { by: (text) => text.length })));
  expect(await valuesOf(top)).toEqual([['ddd', 'bb', 'cc']]);
  expect(() => beam.top<number>(0)).toThrow(RangeError);
});

test('min() and max() take strings and dates, and NaN wins', async () => {
  expect(await valuesOf(create(['b', 'a']).apply(beam.combineGlobally(beam.min())))).toEqual(['a']);
  const dates = [new Date(2), new Date(3)];
  expect(await valuesOf(create(dates).apply(beam.combineGlobally(beam.max())))).toEqual([new Date(3)]);
  expect(await valuesOf(create([1, NaN, 2]).apply(beam.combineGlobally(beam.max())))).toEqual([NaN]);
});

test('sample() is the same for the same seed, and draws without replacement', async () => {
  const numbers = create(Array.from({ length: 100 }, (_, n) => n));
  const draw = async (seed: number) =>
    (await valuesOf(numbers.apply(beam.combineGlobally(beam.sample(10, { seed })))))[0] ?? [];
  const first = await draw(1);
  expect(new Set(first).size).toBe(10);
  expect(await draw(1)).toEqual(first);
  expect(await draw(2)).not.toEqual(first);
});

test('sample() draws each element equally often', () => {
  const fn = beam.sample<number>(2, { seed: 7 });
  const drawn = [0, 0, 0, 0, 0];
  for (let round = 0; round < 5000; round++) {
    const kept = drawn.reduce((kept, _, n) => fn.addInput(kept, n), fn.createAccumulator());
    for (const n of fn.extractOutput(kept)) drawn[n] = (drawn[n] ?? 0) + 1;
  }
  // 2000 expected; six standard deviations are about 208.
  for (const count of drawn) expect(Math.abs(count - 2000)).toBeLessThan(208);
});

/** Combines parts, each lifted alone, as a runner may. */
function combineParts<I, A, O>(fn: CombineFn<I, A, O>, parts: readonly (readonly I[])[]): O {
  const accumulators = parts.map((part) =>
    part.reduce((a, input) => fn.addInput(a, input), fn.createAccumulator()),
  );
  return fn.extractOutput(fn.mergeAccumulators(accumulators));
}

test.each([
  { name: 'sum', fn: beam.sum(), expected: (all: number[]) => all.reduce((a, b) => a + b, 0) },
  { name: 'mean', fn: beam.mean(), expected: (all: number[]) => all.reduce((a, b) => a + b, 0) / all.length },
  { name: 'min', fn: beam.min<number>(), expected: (all: number[]) => Math.min(...all) },
  { name: 'max', fn: beam.max<number>(), expected: (all: number[]) => Math.max(...all) },
  { name: 'count', fn: beam.count(), expected: (all: number[]) => all.length },
  {
    name: 'top',
    fn: beam.top<number>(3),
    expected: (all: number[]) => all.toSorted((a, b) => b - a).slice(0, 3),
  },
])('$name does not depend on how its input is split', ({ fn, expected }) => {
  const parts = fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1 }), { minLength: 1 });
  fc.assert(
    fc.property(parts, (split) => {
      const combined = combineParts(fn as CombineFn<number, unknown, unknown>, split);
      expect(combined).toEqual(expected(split.flat()));
    }),
  );
});

test('a failing CombineFn names the method and the input', async () => {
  const pairs = create([
    { key: 'a', value: 1 },
    { key: 'a', value: 2 },
  ]);
  const target = pairs.apply(
    beam.combinePerKey((): number => {
      throw new Error('no');
    }),
  );
  await expect(collect(target)).rejects.toMatchObject({
    method: 'addInput',
    element: 2,
    transform: 'CombinePerKey',
  });
});

test('wrong arguments are refused when the pipeline is built', () => {
  expect(() => beam.combinePerKey({} as never)).toThrow(
    'Cannot combine as it takes a CombineFn or a function of two values: received no createAccumulator',
  );
  expect(() => beam.parDo({} as never)).toThrow('Cannot apply ParDo');
  expect(() => beam.parDo(() => []).withOutputs('main')).toThrow(RangeError);
  expect(() => beam.parDo(() => []).withOutputs('a', 'a')).toThrow(RangeError);
  expect(() => create([1]).map(3 as never)).toThrow(TypeError);
});
