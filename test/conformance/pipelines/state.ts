import * as beam from 'millrace';
import { sorted } from '../canonical.ts';
import type { ConformanceCase } from '../case.ts';
import { events, shown, type Event } from '../event-time.ts';

type Pair = beam.KV<string, number>;
type Pairs = beam.PCollection<Pair>;

const EVENTS: readonly Event[] = [
  [1, 'a', 1],
  [2, 'a', 2],
  [3, 'ü', 3],
  [4, 'a', 2],
  [11, 'a', 4],
  [12, 'ü', 3],
  [13, 'a', 1],
  [25, 'a', 7],
];

const inWindows = (p: beam.Pipeline): Pairs =>
  events(p, EVENTS).apply(beam.windowInto(beam.windows.fixed({ seconds: 10 })));

/** What is kept until the window ends, when a timer fires. */
interface AtEnd<S> {
  readonly end: beam.TimerSpec<beam.Timer>;
  readonly window: beam.ParDoParam<beam.ElementParam<beam.BoundedWindow>>;
  readonly kept: beam.StateSpec<S>;
}

/** Takes each element into state, and emits what `read` makes of it when the window ends. */
const atEnd = <S>(
  kept: beam.StateSpec<S>,
  take: (state: S, value: number) => void,
  read: (state: S) => unknown,
): beam.ParDo<Pair, unknown> => {
  const context: AtEnd<S> = { kept, end: beam.eventTimeTimer(), window: beam.windowParam() };
  const doFn: beam.DoFn<Pair, unknown, AtEnd<S>> = {
    process({ value }, { kept: state, end, window }) {
      take(state, value);
      end.set(beam.maxTimestamp(window.lookup()));
    },
    onTimer: ({ key }, { kept: state }) => [{ key, value: read(state) }],
  };
  return beam.parDo(doFn, context);
};

/** Counts the elements of a key, as they come. */
const running = beam.parDo<Pair, Pair, { readonly seen: beam.StateSpec<beam.ValueState<number>> }>(
  ({ key }, { seen }) => {
    const count = (seen.read() ?? 0) + 1;
    seen.write(count);
    return [{ key, value: count }];
  },
  { seen: beam.valueState<number>() },
);

const SUM: beam.CombineFn<number, number, number> = {
  createAccumulator: () => 0,
  addInput: (sum, n) => sum + n,
  mergeAccumulators: (sums) => sums.reduce((a, b) => a + b, 0),
  extractOutput: (sum) => sum,
};

/** Sizes of batches by key, and all that is in them. */
const batches = (groups: beam.PCollection<beam.KV<string, number[]>>) => ({
  sizes: groups.map(({ key, value }) => ({ key, value: value.length })),
  values: groups.flatMap(({ key, value }) => value.map((n) => ({ key, value: n }))),
});

export const STATE: readonly ConformanceCase[] = [
  {
    name: 'groupIntoBatches: in the global window',
    build: (p) => batches(events(p, EVENTS).apply(beam.groupIntoBatches({ batchSize: 2 }))),
  },
  {
    name: 'groupIntoBatches: in windows, which end batches',
    build: (p) => {
      const { sizes, values } = batches(inWindows(p).apply(beam.groupIntoBatches({ batchSize: 3 })));
      return { sizes: sizes.apply(shown), values };
    },
  },
  {
    name: 'groupIntoBatches: with a buffering duration, none is lost',
    build: (p) => ({
      values: batches(
        events(p, EVENTS).apply(
          beam.groupIntoBatches({ batchSize: 100, maxBufferingDuration: { milliseconds: 10 } }),
        ),
      ).values,
    }),
  },
  {
    name: 'state: a value counts the elements of each key',
    build: (p) => ({ out: events(p, EVENTS).apply(running) }),
  },
  {
    name: 'state: each window has its own',
    build: (p) => ({ out: inWindows(p).apply(running).apply(shown) }),
  },
  {
    name: 'state: an element in two windows counts in both',
    build: (p) => ({
      out: events(p, EVENTS)
        .apply(beam.windowInto(beam.windows.sliding({ size: { seconds: 20 }, period: { seconds: 10 } })))
        .apply(running)
        .apply(shown),
    }),
  },
  {
    name: 'state: a bag, emptied when its window ends',
    build: (p) => ({
      out: inWindows(p)
        .apply(
          atEnd(
            beam.bagState<number>(),
            (bag, n) => bag.add(n),
            (bag) => sorted([...bag.read()]),
          ),
        )
        .apply(shown),
    }),
  },
  {
    name: 'state: a set, by value',
    build: (p) => ({
      out: inWindows(p).apply(
        atEnd(
          beam.setState<number>(),
          (set, n) => set.add(n),
          (set) => sorted([...set.read()]),
        ),
      ),
    }),
  },
  {
    name: 'state: a map counts values',
    build: (p) => ({
      out: inWindows(p).apply(
        atEnd(
          beam.mapState<number, number>(),
          (map, n) => map.put(n, (map.get(n) ?? 0) + 1),
          (map) => sorted([...map.entries()].map(([n, count]) => [n, count])),
        ),
      ),
    }),
  },
  {
    name: 'state: a multimap, of which one key is removed',
    build: (p) => ({
      out: events(p, EVENTS).apply(
        atEnd(
          beam.multimapState<string, number>(),
          (map, n) => map.put(n % 2 === 0 ? 'even' : 'odd', n),
          (map) => {
            const odd = sorted([...map.get('odd')]);
            map.remove('odd');
            return [odd, sorted([...map.entries()].map(([name, n]) => [name, n]))];
          },
        ),
      ),
    }),
  },
  {
    name: 'state: a combining state',
    build: (p) => ({
      out: inWindows(p)
        .apply(
          atEnd(
            beam.combiningState(SUM),
            (sum, n) => sum.add(n),
            (sum) => sum.read(),
          ),
        )
        .apply(shown),
    }),
  },
  {
    name: 'state: an ordered list, of which a range is cleared',
    build: (p) => ({
      out: events(p, EVENTS).apply(
        atEnd(
          beam.orderedListState<number>(),
          (list, n) => list.add({ timestamp: n * 1000, value: n }),
          (list) => {
            list.clearRange(2000, 4000);
            return [...list.read()].map(({ value }) => value);
          },
        ),
      ),
    }),
  },
  {
    name: 'state: cleared after every second element',
    build: (p) => ({
      out: events(p, EVENTS).apply(
        beam.parDo(
          ({ key }: Pair, { seen }: { readonly seen: beam.ValueState<boolean> }) => {
            if (seen.read() === undefined) {
              seen.write(true);
              return [];
            }
            seen.clear();
            return [key];
          },
          { seen: beam.valueState<boolean>() },
        ),
      ),
    }),
  },
  {
    name: 'state: keys of every kind',
    build: (p) => ({
      out: p
        .apply(beam.create([1, 'ü', true, [1, 'a'], { x: 1 }, -0, 0, 1, 'ü', [1, 'a'], { x: 1 }]))
        .map((key) => ({ key, value: 1 }))
        .apply(
          beam.parDo(
            ({ key }: beam.KV<unknown, number>, { seen }: { readonly seen: beam.ValueState<number> }) => {
              const count = (seen.read() ?? 0) + 1;
              seen.write(count);
              return [{ key: key === 0 ? 0 : key, value: count }];
            },
            { seen: beam.valueState<number>() },
          ),
        ),
    }),
  },
  {
    name: 'state: beside a side input',
    build: (p) => ({
      out: events(p, EVENTS).apply(
        beam.parDo(
          (
            { key }: Pair,
            {
              seen,
              all,
            }: { readonly seen: beam.ValueState<number>; readonly all: beam.ElementParam<number> },
          ) => {
            const count = (seen.read() ?? 0) + 1;
            seen.write(count);
            return [{ key, of: `${count} of ${all.lookup()}` }];
          },
          {
            seen: beam.valueState<number>(),
            all: beam.singletonSideInput(events(p, EVENTS).apply(beam.countGlobally())),
          },
        ),
      ),
    }),
  },
];
