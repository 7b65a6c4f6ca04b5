import { expect, expectTypeOf, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import type { KV, PCollection } from '../../../runtime/src/index.ts';

interface Order {
  readonly user: string;
  readonly cents: number;
}

/** Nothing runs: the compiler checks what is inferred. */
const p = beam.pipeline('types');
const words = p.apply(beam.create(['a', 'b']));
const orders = p.apply(beam.create<Order>([]));
const pairs = orders.map(({ user, cents }) => ({ key: user, value: cents }));

test('element-wise transforms infer their output', () => {
  expectTypeOf(words).toEqualTypeOf<PCollection<string>>();
  expectTypeOf(words.map((word) => word.length)).toEqualTypeOf<PCollection<number>>();
  expectTypeOf(words.map((word) => Promise.resolve(word.length))).toEqualTypeOf<PCollection<number>>();
  expectTypeOf(words.flatMap((word) => word.split(''))).toEqualTypeOf<PCollection<string>>();
  expectTypeOf(
    words.flatMap(function* (word) {
      yield word.length;
    }),
  ).toEqualTypeOf<PCollection<number>>();
  expectTypeOf(
    words.flatMap(async function* (word) {
      yield await Promise.resolve(word.length);
    }),
  ).toEqualTypeOf<PCollection<number>>();
  expectTypeOf(words.filter((word) => word !== '')).toEqualTypeOf<PCollection<string>>();
  expectTypeOf(words.filter((word) => word === 'a')).toEqualTypeOf<PCollection<'a'>>();
  expectTypeOf(words.apply(beam.map((word: string) => word.length))).toEqualTypeOf<PCollection<number>>();
  expectTypeOf(words.apply(beam.map((word) => word.length))).toEqualTypeOf<PCollection<number>>();
  expectTypeOf(words.apply(beam.flatMap((word) => [word.length]))).toEqualTypeOf<PCollection<number>>();
  expectTypeOf(words.apply(beam.filter((word) => word.length > 1))).toEqualTypeOf<PCollection<string>>();
  // @ts-expect-error -- a string is no number
  words.map((word: number) => word);
  expect(p.transforms.length).toBeGreaterThan(0);
});

test('composites are plain functions, also generic ones', () => {
  const unique = <T>(input: PCollection<T>) => input.apply(beam.distinct());
  expectTypeOf(words.apply(unique)).toEqualTypeOf<PCollection<string>>();
  expectTypeOf(orders.apply(unique)).toEqualTypeOf<PCollection<Order>>();
  expectTypeOf(words.apply((input) => input.map((word) => word.length))).toEqualTypeOf<PCollection<number>>();
  const { short, lengths } = words.apply((input) => ({
    short: input.filter((word) => word.length < 3),
    lengths: input.map((word) => word.length),
  }));
  expectTypeOf(short).toEqualTypeOf<PCollection<string>>();
  expectTypeOf(lengths).toEqualTypeOf<PCollection<number>>();
  const joined = beam.P({ words, orders }).apply((inputs) => inputs.orders.map(({ user }) => user));
  expectTypeOf(joined).toEqualTypeOf<PCollection<string>>();
});

test('a bound context is what the function sees', () => {
  words.map(
    (word, { lines, limit }) => {
      expectTypeOf(lines).toEqualTypeOf<beam.Counter>();
      expectTypeOf(limit).toEqualTypeOf<number>();
      lines.increment();
      return word;
    },
    { lines: beam.counter('lines'), limit: 3 },
  );
});

test('grouping and combining carry keys and values', () => {
  expectTypeOf(pairs.apply(beam.groupByKey())).toEqualTypeOf<PCollection<KV<string, Iterable<number>>>>();
  expectTypeOf(pairs.apply(beam.combinePerKey(beam.sum()))).toEqualTypeOf<PCollection<KV<string, number>>>();
  expectTypeOf(pairs.apply(beam.combinePerKey((a, b) => a + b))).toEqualTypeOf<
    PCollection<KV<string, number>>
  >();
  expectTypeOf(pairs.apply(beam.combinePerKey(beam.max()))).toEqualTypeOf<PCollection<KV<string, number>>>();
  expectTypeOf(pairs.apply(beam.combinePerKey(beam.top(3)))).toEqualTypeOf<
    PCollection<KV<string, readonly number[]>>
  >();
  expectTypeOf(pairs.apply(beam.combinePerKey(beam.sample(3)))).toEqualTypeOf<
    PCollection<KV<string, readonly number[]>>
  >();
  expectTypeOf(orders.apply(beam.groupBy((order) => order.user))).toEqualTypeOf<
    PCollection<KV<string, Iterable<Order>>>
  >();
  expectTypeOf(orders.apply(beam.groupBy(['user', 'cents']))).toEqualTypeOf<
    PCollection<KV<Pick<Order, 'user' | 'cents'>, Iterable<Order>>>
  >();
  expectTypeOf(orders.apply(beam.groupBy('cents'))).toEqualTypeOf<PCollection<KV<number, Iterable<Order>>>>();
  expectTypeOf(words.apply(beam.countPerElement())).toEqualTypeOf<PCollection<KV<string, number>>>();
  expectTypeOf(words.apply(beam.countGlobally())).toEqualTypeOf<PCollection<number>>();
  expectTypeOf(words.map((word) => word.length).apply(beam.combineGlobally(beam.mean()))).toEqualTypeOf<
    PCollection<number>
  >();
  expectTypeOf(orders.apply(beam.combineGlobally(beam.top(3, { by: (order) => order.cents })))).toEqualTypeOf<
    PCollection<readonly Order[]>
  >();
  expectTypeOf(words.apply(beam.combineGlobally((a, b) => a + b))).toEqualTypeOf<PCollection<string>>();
  const refused = () => {
    // @ts-expect-error -- a string is no KV
    words.apply(beam.groupByKey());
    // @ts-expect-error -- strings have no sum
    words.apply(beam.combineGlobally(beam.sum()));
    // @ts-expect-error -- an Order has no such property
    orders.apply(beam.groupBy('name'));
    // @ts-expect-error -- an Order has no order of its own
    orders.apply(beam.combineGlobally(beam.top<Order>(3)));
    // @ts-expect-error -- a string has no key
    words.apply(beam.keys());
  };
  expect(refused).toBeTypeOf('function');
});

test('keys, values, kvSwap, distinct, flatten and partition keep types', () => {
  expectTypeOf(pairs.apply(beam.keys())).toEqualTypeOf<PCollection<string>>();
  expectTypeOf(pairs.apply(beam.values())).toEqualTypeOf<PCollection<number>>();
  expectTypeOf(pairs.apply(beam.kvSwap())).toEqualTypeOf<PCollection<KV<number, string>>>();
  expectTypeOf(words.apply(beam.distinct())).toEqualTypeOf<PCollection<string>>();
  expectTypeOf(beam.P([words, words]).apply(beam.flatten())).toEqualTypeOf<PCollection<string>>();
  expectTypeOf(words.apply(beam.partition(2, (word) => word.length % 2))).toEqualTypeOf<
    readonly [PCollection<string>, PCollection<string>]
  >();
  expectTypeOf(words.apply(beam.partition(Number('2'), () => 0))).toEqualTypeOf<
    readonly PCollection<string>[]
  >();
});

test('parDo() infers its outputs from what its DoFn yields', () => {
  const parse = function* (line: string) {
    if (line === '') yield new beam.TaggedOutput('bad', { line });
    else if (line === '?') yield new beam.TaggedOutput('unknown', 3n);
    else yield line.length;
  };
  const outputs = words.apply(beam.parDo(parse).withOutputs('bad', 'unknown'));
  expectTypeOf(outputs.main).toEqualTypeOf<PCollection<number>>();
  expectTypeOf(outputs.bad).toEqualTypeOf<PCollection<{ line: string }>>();
  expectTypeOf(outputs.unknown).toEqualTypeOf<PCollection<bigint>>();
  expectTypeOf(words.apply(beam.parDo(parse))).toEqualTypeOf<PCollection<number>>();
  class Lengths implements beam.DoFn<string, number> {
    *process(line: string) {
      yield line.length;
    }
  }
  expectTypeOf(words.apply(beam.parDo(new Lengths()))).toEqualTypeOf<PCollection<number>>();
  // An element that happens to look like a TaggedOutput is an element.
  const lookalike = words.apply(beam.parDo((line) => [{ tag: 'x', value: line }]));
  expectTypeOf(lookalike).toEqualTypeOf<PCollection<{ tag: string; value: string }>>();
  // @ts-expect-error -- no such output
  expect(outputs.other).toBeUndefined();
});
