import { expect, expectTypeOf, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from './run-fragment.ts';

const sum = (numbers: beam.PCollection<number>) => numbers.apply(beam.combineGlobally(beam.sum()));

test('a singleton side input is there before the first element', async () => {
  const p = beam.pipeline();
  const total = sum(p.apply(beam.create([1, 2, 3])));
  const shares = p
    .apply(beam.create([3, 6]))
    .map((n, { total }) => n / total.lookup(), { total: beam.singletonSideInput(total) });
  expectTypeOf(shares).toEqualTypeOf<beam.PCollection<number>>();
  expect((await collect(shares)).values).toEqual([0.5, 1]);
});

test('what a side input is made of may be the main input itself', async () => {
  const numbers = beam.pipeline().apply(beam.create([1, 2, 3, 4]));
  const shares = numbers.map((n, { total }) => n / total.lookup(), {
    total: beam.singletonSideInput(sum(numbers)),
  });
  const { values, elements } = await collect(shares);
  expect(values).toEqual([0.1, 0.2, 0.3, 0.4]);
  expect(elements.get(numbers.id)).toBe(4);
});

test('side inputs are iterables, lists, maps and multimaps, whose keys are compared by value', async () => {
  const p = beam.pipeline();
  const pairs = p.apply(
    beam.create([
      { key: { id: 1 }, value: 'a' },
      { key: { id: 2 }, value: 'b' },
      { key: { id: 1 }, value: 'c' },
    ]),
  );
  const seen = p.apply(beam.create([{ id: 1 }, { id: 3 }])).map(
    (id, { map, multimap, list, iterable }) => ({
      id: id.id,
      isThere: map.lookup().has(id),
      size: map.lookup().size,
      values: [...(multimap.lookup().get(id) ?? [])].sort(),
      list: list.lookup().length,
      iterable: [...iterable.lookup(), ...iterable.lookup()].length,
      keys: [...map.lookup().keys()].map((key) => key.id),
      entries: [...multimap.lookup()].length,
    }),
    {
      map: beam.mapSideInput(pairs),
      multimap: beam.multimapSideInput(pairs),
      list: beam.listSideInput(pairs),
      iterable: beam.iterableSideInput(pairs),
    },
  );
  const common = { size: 2, list: 3, iterable: 6, keys: [1, 2], entries: 2 };
  expect((await collect(seen)).values).toEqual([
    { id: 1, isThere: true, values: ['a', 'c'], ...common },
    { id: 3, isThere: false, values: [], ...common },
  ]);
});

test('a singleton side input of nothing is its default, also undefined; without one it is an error', async () => {
  const p = beam.pipeline();
  const none = p.apply(beam.create<number>([]));
  const main = p.apply(beam.create(['x']));
  const withDefault = main.map((x, { side }) => [x, side.lookup()], {
    side: beam.singletonSideInput<number | undefined>(none, undefined),
  });
  expect((await collect(withDefault)).values).toEqual([['x', undefined]]);
  const without = main.map((x, { side }) => [x, side.lookup()], { side: beam.singletonSideInput(none) });
  await expect(collect(without)).rejects.toThrow(
    'Cannot look up the side input "side" in "Map" as there must be one element: received 0',
  );
  const many = main.map((x, { side }) => [x, side.lookup()], {
    side: beam.singletonSideInput(p.apply(beam.create([1, 2]))),
  });
  await expect(collect(many)).rejects.toThrow('as there must be one element: received 2');
});

class Sort implements beam.DoFn<number, number | beam.TaggedOutput<'large', number>, Limit> {
  *process(n: number, { limit }: beam.Bound<Limit>) {
    yield n > limit.lookup() ? new beam.TaggedOutput('large', n) : n;
  }
}

interface Limit {
  readonly limit: beam.SideInput<number>;
}

test('every kind of function takes side inputs, and a DoFn with several outputs', async () => {
  const p = beam.pipeline();
  const limit = { limit: beam.singletonSideInput(p.apply(beam.create([2]))) };
  const numbers = p.apply(beam.create([1, 2, 3]));
  const kept = numbers.filter((n, { limit }) => n <= limit.lookup(), limit);
  const repeated = numbers.flatMap((n, { limit }) => Array.from({ length: limit.lookup() }, () => n), limit);
  const { main, large } = numbers.apply(beam.parDo(new Sort(), limit).withOutputs('large'));
  expect((await collect(kept)).values).toEqual([1, 2]);
  expect((await collect(repeated)).values).toEqual([1, 1, 2, 2, 3, 3]);
  expect((await collect(main)).values).toEqual([1, 2]);
  expect((await collect(large)).values).toEqual([3]);
});

test('side inputs of side inputs, and of what comes out of one, are there', async () => {
  const p = beam.pipeline();
  const one = p.apply(beam.create([1]));
  const two = one.map((n, { one }) => n + one.lookup(), { one: beam.singletonSideInput(one) });
  const three = one.map((n, { two }) => n + two.lookup(), { two: beam.singletonSideInput(two) });
  const six = three.map((n, { three, two }) => n + three.lookup() + (two.lookup() - 2), {
    three: beam.singletonSideInput(three),
    two: beam.singletonSideInput(two),
  });
  expect((await collect(six)).values).toEqual([6]);
});

test('an element sees the window of the side input that its own window ends in', async () => {
  const p = beam.pipeline();
  const events = p.apply(beam.create([1, 5, 11, 25])).apply(beam.assignTimestamps((n) => n * 1000));
  const perTen = events
    .apply(beam.windowInto(beam.windows.fixed({ seconds: 10 })))
    .map((value) => ({ key: 'all', value }))
    .apply(beam.combinePerKey(beam.sum()))
    .map(({ value }) => value);
  const perFive = events.apply(beam.windowInto(beam.windows.fixed({ seconds: 5 })));
  const seen = perFive.map((n, { sums }) => [n, [...sums.lookup()]], {
    sums: beam.iterableSideInput(perTen),
  });
  expect((await collect(seen)).values).toEqual([
    [1, [6]],
    [5, [6]],
    [11, [11]],
    [25, [25]],
  ]);
});

test('elements of a stream wait for the window of their side input, and hold the watermark', async () => {
  const p = beam.pipeline();
  const side = p
    .apply(
      beam
        .testStream<string>()
        .addElements([
          { value: 'early', timestamp: 1000 },
          { value: 'late', timestamp: 12_000 },
        ])
        .advanceWatermarkTo(10_000)
        .addElements([{ value: 'main', timestamp: 13_000 }])
        .advanceWatermarkToInfinity(),
    )
    .apply(beam.windowInto(beam.windows.fixed({ seconds: 10 })));
  const seen = side
    .map((value, { all }) => ({ key: value, value: [...all.lookup()].sort() }), {
      all: beam.iterableSideInput(side),
    })
    .apply(beam.groupByKey());
  expect((await collect(seen)).values).toEqual([
    { key: 'early', value: [['early']] },
    { key: 'late', value: [['late', 'main']] },
    { key: 'main', value: [['late', 'main']] },
  ]);
});

test('a side input with merging windows is refused', () => {
  const sessions = beam
    .pipeline()
    .apply(beam.create([1]))
    .apply(beam.windowInto(beam.windows.sessions(10)));
  expect(() => beam.listSideInput(sessions)).toThrow(
    'Cannot make a side input as its windows must not merge, for a main window to fall into one: received merging windows',
  );
  expect(() => beam.listSideInput([1] as never)).toThrow(
    'Cannot make a side input as it takes a PCollection: received an instance of Array',
  );
});
