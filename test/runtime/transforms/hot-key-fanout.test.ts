import fc from 'fast-check';
import { expect, expectTypeOf, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

type Pair = beam.KV<string, number>;

const valuesOf = async <T>(target: beam.PCollection<T>, bundleSize = 2) =>
  (await collect(target, { bundleSize })).values;

const byKey = (values: readonly beam.KV<string, unknown>[]) =>
  Object.fromEntries(values.map(({ key, value }) => [key, value]));

test('withHotKeyFanout() gives what the combine gives without, whichever keys are hot', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'ü'), value: fc.integer() }), { maxLength: 30 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'ü'), fc.nat(4)),
      async (pairs, fanouts) => {
        const all = beam.pipeline().apply(beam.create<Pair>(pairs));
        const plain = all.apply(beam.combinePerKey(beam.top<number>(3)));
        const parts = all.apply(
          beam.combinePerKey(beam.top<number>(3)).withHotKeyFanout((key: string) => fanouts[key] ?? 1),
        );
        expect(byKey(await valuesOf(parts))).toEqual(byKey(await valuesOf(plain)));
      },
    ),
    { numRuns: 50 },
  );
});

test('withHotKeyFanout() keeps the types of keys and results, and the name', () => {
  const pairs = beam.pipeline().apply(beam.create<Pair>([]));
  const sums = pairs.apply(beam.combinePerKey(beam.mean()).withHotKeyFanout(3));
  expectTypeOf(sums).toEqualTypeOf<beam.PCollection<beam.KV<string, number>>>();
  expect(sums.producer.parent?.label).toBe('CombinePerKey(Mean)');
});

test('withHotKeyFanout() combines within windows, also where they overlap or merge', async () => {
  for (const windowFn of [
    beam.windows.fixed(10),
    beam.windows.sliding({ size: 20, period: 5 }),
    beam.windows.sessions(4),
  ]) {
    const pairs = beam
      .pipeline()
      .apply(beam.create([1, 3, 6, 15, 17, 30, 33]))
      .apply(beam.assignTimestamps((n) => n))
      .apply(beam.windowInto(windowFn))
      .map((n) => ({ key: 'a', value: n }));
    const told = async (sums: beam.PCollection<Pair>) =>
      (await valuesOf(sums.apply(beam.reify()))).map(({ value, timestamp, window }) =>
        JSON.stringify([value, timestamp, window]),
      );
    const plain = await told(pairs.apply(beam.combinePerKey(beam.sum())));
    const parts = await told(pairs.apply(beam.combinePerKey(beam.sum()).withHotKeyFanout(3)));
    expect(parts.sort()).toEqual(plain.sort());
  }
});

test('withHotKeyFanout() counts nothing twice where panes accumulate', async () => {
  const trigger = beam.triggers.repeatedly(beam.triggers.afterCount(1));
  let stream = beam.testStream<Pair>();
  for (const value of [1, 2, 4, 8]) stream = stream.addElements([{ key: 'a', value }]);
  const sums = (fanout: number) => {
    const pairs = beam
      .pipeline()
      .apply(stream.advanceWatermarkToInfinity())
      .apply(beam.windowInto(beam.windows.global(), { trigger, accumulationMode: 'accumulating' }));
    return valuesOf(pairs.apply(beam.combinePerKey(beam.sum()).withHotKeyFanout(fanout)));
  };
  expect((await sums(1)).map(({ value }) => value)).toEqual([1, 3, 7, 15]);
  expect((await sums(3)).map(({ value }) => value)).toEqual([1, 3, 7, 15]);
});

test('withFanout() gives what combineGlobally gives without, of none too', async () => {
  const of = (numbers: readonly number[]) => beam.pipeline().apply(beam.create(numbers));
  const mean = () => beam.combineGlobally(beam.mean()).withFanout(4);
  expect(await valuesOf(of([1, 2, 3, 10]).apply(mean()))).toEqual([4]);
  expect(await valuesOf(of([]).apply(mean()))).toEqual([Number.NaN]);
  expect(await valuesOf(of([]).apply(beam.combineGlobally(beam.max<number>()).withFanout(4)))).toEqual([]);
  const none = beam.combineGlobally(beam.sum(), { withoutDefaults: true }).withFanout(2);
  expect(await valuesOf(of([]).apply(none))).toEqual([]);
  expect(await valuesOf(of([5, 6]).apply(none))).toEqual([11]);
});

test.each([0, -1, 1.5, Number.NaN, '3'])('a fanout of %s is refused', async (fanout) => {
  const message = 'as the fanout must be a whole number, at least 1, or a function of the key: received';
  expect(() => beam.combinePerKey(beam.sum()).withHotKeyFanout(fanout as number)).toThrow(message);
  expect(() => beam.combineGlobally(beam.sum()).withFanout(fanout as number)).toThrow(message);
  if (typeof fanout === 'number' && !Number.isNaN(fanout)) return;
  const pairs = beam.pipeline().apply(beam.create<Pair>([{ key: 'a', value: 1 }]));
  const sums = pairs.apply(beam.combinePerKey(beam.sum()).withHotKeyFanout(() => fanout as number));
  await expect(valuesOf(sums)).rejects.toThrow('the fanout of a key must be a number: received');
});

test('withHotKeyFanout() refuses sessions of what need not end', () => {
  const pairs = beam
    .pipeline()
    .apply(beam.testStream<Pair>().advanceWatermarkToInfinity())
    .apply(beam.windowInto(beam.windows.sessions(5)));
  expect(() => pairs.apply(beam.combinePerKey(beam.sum()).withHotKeyFanout(2))).toThrow(
    'as windows must not merge where the input need not end: received Sessions',
  );
});
