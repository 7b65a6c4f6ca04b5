import fc from 'fast-check';
import { expect, expectTypeOf, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from './run-fragment.ts';

type Pair = beam.KV<string, number>;

const kv = (key: string, value: number): Pair => ({ key, value });

const counting = () =>
  beam.parDo(
    ({ key }: Pair, { seen }: { readonly seen: beam.ValueState<number> }) => {
      const count = (seen.read() ?? 0) + 1;
      seen.write(count);
      return [kv(key, count)];
    },
    { seen: beam.valueState<number>() },
  );

test('state is typed by its spec, and kept by key from bundle to bundle', async () => {
  const counts = beam
    .pipeline()
    .apply(beam.create([kv('a', 1), kv('b', 1), kv('a', 1)]))
    .apply(counting());
  expectTypeOf(counts).toEqualTypeOf<beam.PCollection<Pair>>();
  const { values } = await collect(counts, { bundleSize: 1 });
  expect(values).toEqual([kv('a', 1), kv('b', 1), kv('a', 2)]);
});

test('state is one for all that comes through a flatten', async () => {
  const p = beam.pipeline();
  const both = beam
    .P([p.apply(beam.create([kv('a', 1)])), p.apply(beam.create([kv('a', 1)]))])
    .apply(beam.flatten());
  expect((await collect(both.apply(counting()))).values).toEqual([kv('a', 1), kv('a', 2)]);
});

test('an asynchronous function has one element at a time, and its state', async () => {
  const context = { seen: beam.valueState<number>() };
  const doFn: beam.DoFn<Pair, number, typeof context> = {
    async process(_, { seen }) {
      const count = seen.read() ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 3 - count));
      seen.write(count + 1);
      return [count];
    },
  };
  const pairs = beam.pipeline().apply(beam.create([kv('a', 1), kv('a', 1), kv('a', 1)]));
  expect((await collect(pairs.apply(beam.parDo(doFn, context)))).values).toEqual([0, 1, 2]);
});

const context = { seen: beam.bagState<number>(), end: beam.eventTimeTimer(), window: beam.windowParam() };

/** Keeps what comes in a window, and emits it when the window ends. */
const AT_END: beam.DoFn<Pair, number[], typeof context> = {
  process({ value }, { seen, end, window }) {
    seen.add(value);
    end.set(beam.maxTimestamp(window.lookup()));
  },
  *onTimer(timer, { seen }) {
    expectTypeOf(timer.key).toEqualTypeOf<string>();
    yield [...seen.read()].sort((a, b) => a - b);
    seen.clear();
  },
};

test('in a stream a timer fires when the watermark comes to it; state goes with its window', async () => {
  const stream = beam
    .testStream<Pair>()
    .addElements([
      { value: kv('a', 1), timestamp: 1000 },
      { value: kv('a', 2), timestamp: 2000 },
    ])
    .advanceWatermarkTo(10_000)
    .addElements([{ value: kv('a', 3), timestamp: 3000 }]) // late, and within the lateness
    .advanceWatermarkTo(16_000)
    .addElements([{ value: kv('a', 4), timestamp: 4000 }]) // too late
    .addElements([{ value: kv('a', 5), timestamp: 17_000 }])
    .advanceWatermarkToInfinity();
  const out = beam
    .pipeline()
    .apply(stream)
    .apply(
      beam.windowInto(beam.windows.fixed({ seconds: 10 }), {
        trigger: beam.triggers.afterWatermark({ late: beam.triggers.afterCount(1) }),
        accumulationMode: 'discarding',
        allowedLateness: { seconds: 5 },
      }),
    )
    .apply(beam.parDo(AT_END, context));
  const { values, counters } = await collect(out);
  expect(values).toEqual([[1, 2], [3], [5]]);
  expect(Object.values(counters)).toContainEqual({ droppedDueToLateness: 1 });
});

test('what a timer will emit holds the watermark back', async () => {
  const hold = { timer: beam.eventTimeTimer() };
  const doFn: beam.DoFn<Pair, Pair, typeof hold> = {
    process: (_, { timer }) => timer.set(25_000, { outputTimestamp: 2000 }),
    onTimer: ({ key, timestamp, fireTimestamp }) => [kv(key, fireTimestamp + timestamp)],
  };
  const stream = beam
    .testStream<Pair>()
    .addElements([{ value: kv('a', 1), timestamp: 1000 }])
    .advanceWatermarkTo(20_000)
    .advanceWatermarkToInfinity();
  const out = beam
    .pipeline()
    .apply(stream)
    .apply(beam.parDo(doFn, hold))
    .apply(beam.windowInto(beam.windows.fixed({ seconds: 10 })))
    .apply(beam.groupByKey())
    .apply(beam.reify());
  const { values } = await collect(out);
  expect(values.map(({ value, window }) => [value, window])).toEqual([
    [{ key: 'a', value: [27_000] }, beam.intervalWindow(0, 10_000)], // not dropped as late
  ]);
});

test('timers by the clock fire when it comes to them; at the end of the input at once', async () => {
  const timers = { timer: beam.processingTimeTimer() };
  const doFn: beam.DoFn<Pair, string, typeof timers> = {
    process: ({ value }, { timer }) => timer.setRelative(value),
    onTimer: ({ key }) => [key],
  };
  const stream = beam
    .testStream<Pair>()
    .addElements([kv('slow', 5000), kv('soon', 1000)])
    .advanceProcessingTime({ seconds: 2 })
    .addElements([kv('next', 1000)])
    .advanceProcessingTime({ seconds: 2 })
    .advanceWatermarkToInfinity();
  const out = beam.pipeline().apply(stream).apply(beam.parDo(doFn, timers));
  expect((await collect(out)).values).toEqual(['soon', 'next', 'slow']);
});

test('state and timers do not depend on bundles', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom('a', 'b', 'ü'), fc.integer({ min: 0, max: 39 })), { maxLength: 40 }),
      fc.integer({ min: 1, max: 10 }),
      async (list, bundleSize) => {
        const out = beam
          .pipeline()
          .apply(beam.create(list))
          .apply(beam.assignTimestamps(([, second]) => second * 1000))
          .map(([key, second]) => kv(key, second))
          .apply(beam.windowInto(beam.windows.fixed({ seconds: 10 })))
          .apply(beam.parDo(AT_END, context));
        const groups = new Map<string, number[]>();
        for (const [key, second] of list) {
          const id = `${key} ${Math.floor(second / 10)}`;
          groups.set(id, [...(groups.get(id) ?? []), second]);
        }
        const sorted = [...groups.values()].map((values) => values.sort((a, b) => a - b));
        const { values } = await collect(out, { bundleSize });
        expect(values.map(String).sort()).toEqual(sorted.map(String).sort());
      },
    ),
    { numRuns: 60 },
  );
});

test('a timer after its window, or one that is no time, is refused', async () => {
  const timers = { timer: beam.eventTimeTimer() };
  const at = (time: number) =>
    collect(
      beam
        .pipeline()
        .apply(beam.create([kv('a', 1)]))
        .apply(beam.assignTimestamps(() => 1000))
        .apply(beam.windowInto(beam.windows.fixed({ seconds: 10 })))
        .apply(
          beam.parDo<Pair, string, typeof timers>(
            { process: (_, { timer }) => timer.set(time), onTimer: () => [] },
            timers,
          ),
        ),
    );
  await expect(at(10_000)).rejects.toThrow(
    'Cannot set the timer "timer" of "ParDo" as an event-time timer must fire before its window is over, 1970-01-01T00:00:09.999Z: received 1970-01-01T00:00:10.000Z',
  );
  await expect(at(Number.NaN)).rejects.toThrow(/a time must be a whole number of milliseconds.*received NaN/);
});

test('state is refused where it cannot be', async () => {
  const pairs = beam.pipeline().apply(beam.create([kv('a', 1)]));
  const seen = beam.valueState<number>();
  expect(() => pairs.map((_, { seen: state }) => state.read(), { seen })).toThrow(
    'Cannot apply "Map" as state and timers are for a DoFn: received them in the context of map; use parDo()',
  );
  const sessions = pairs.apply(beam.windowInto(beam.windows.sessions({ seconds: 1 })));
  expect(() => sessions.apply(counting())).toThrow(/windows must not merge where state is kept/);
  const timer = beam.eventTimeTimer();
  expect(() => beam.parDo(() => [], { timer })).toThrow(
    'Cannot apply "ParDo" as a DoFn with timers must have an onTimer method: received none, for the timer "timer"',
  );
  const unkeyed = beam.pipeline().apply(beam.create([1])) as unknown as beam.PCollection<Pair>;
  await expect(collect(unkeyed.apply(counting()))).rejects.toThrow(
    /its elements must be { key, value }: received the number 1/,
  );
});

test('state outside of an element says so', async () => {
  const keyed = { seen: beam.valueState<number>() };
  const doFn: beam.DoFn<Pair, string, typeof keyed> = {
    process: () => [],
    finishBundle(bundle) {
      bundle.seen.read();
    },
  };
  const pairs = beam.pipeline().apply(beam.create([kv('a', 1)]));
  await expect(collect(pairs.apply(beam.parDo(doFn, keyed)))).rejects.toThrow(/there must be an element/);
});
