import * as beam from 'millrace';
import type { ConformanceCase } from '../case.ts';
import { events, shown, type Event } from '../event-time.ts';

type Pair = beam.KV<string, number>;

const EVENTS: readonly Event[] = [
  [1, 'a', 1],
  [2, 'a', 2],
  [3, 'ü', 3],
  [14, 'a', 4],
];

const inWindows = (p: beam.Pipeline) =>
  events(p, EVENTS).apply(beam.windowInto(beam.windows.fixed({ seconds: 10 })));

interface OneTimer {
  readonly timer: beam.TimerSpec<beam.Timer>;
  readonly window: beam.ParDoParam<beam.ElementParam<beam.BoundedWindow>>;
}
const oneTimer = (timer = beam.eventTimeTimer()): OneTimer => ({ timer, window: beam.windowParam() });

const startOf = (window: beam.BoundedWindow) => (window.kind === 'interval' ? window.start : 0);

/** Emits the key, and how many milliseconds after its window's start the timer was to fire. */
const fired = ({ key, window, fireTimestamp }: beam.FiredTimer<string>) => [
  { key, value: fireTimestamp - startOf(window) },
];

export const TIMERS: readonly ConformanceCase[] = [
  {
    name: 'timers: one per key and window fires once',
    build: (p) => {
      const doFn: beam.DoFn<Pair, Pair, OneTimer> = {
        process: (_, { timer, window }) => timer.set(startOf(window.lookup()) + 5000),
        onTimer: fired,
      };
      return { out: inWindows(p).apply(beam.parDo(doFn, oneTimer())).apply(shown) };
    },
  },
  {
    name: 'timers: set again, the last one counts',
    build: (p) => {
      const doFn: beam.DoFn<Pair, Pair, OneTimer> = {
        process(_, { timer, window }) {
          timer.set(startOf(window.lookup()) + 5000);
          timer.set(startOf(window.lookup()) + 7000);
        },
        onTimer: fired,
      };
      return { out: inWindows(p).apply(beam.parDo(doFn, oneTimer())).apply(shown) };
    },
  },
  {
    name: 'timers: cleared, it does not fire',
    build: (p) => {
      const doFn: beam.DoFn<Pair, Pair, OneTimer> = {
        process({ key }, { timer, window }) {
          timer.set(startOf(window.lookup()) + 5000);
          if (key === 'ü') timer.clear();
        },
        onTimer: fired,
      };
      return { out: inWindows(p).apply(beam.parDo(doFn, oneTimer())).apply(shown) };
    },
  },
  {
    name: 'timers: one sets the next',
    build: (p) => {
      const doFn: beam.DoFn<Pair, Pair, OneTimer> = {
        process: (_, { timer, window }) => timer.set(startOf(window.lookup()) + 2000),
        onTimer(timer, { timer: next }) {
          const after = timer.fireTimestamp + 2000;
          if (after - startOf(timer.window) < 10_000) next.set(after);
          return fired(timer);
        },
      };
      return { out: inWindows(p).apply(beam.parDo(doFn, oneTimer())).apply(shown) };
    },
  },
  {
    name: 'timers: a family, told apart by tags',
    build: (p) => {
      const context = { reminders: beam.timerFamily('eventTime'), window: beam.windowParam() };
      const doFn: beam.DoFn<Pair, unknown, typeof context> = {
        process({ value }, { reminders, window }) {
          reminders.get(`every ${value % 2}`).set(beam.maxTimestamp(window.lookup()));
          reminders.get(`ü ${value}`).set(beam.maxTimestamp(window.lookup()));
        },
        onTimer: ({ key, tag }) => [`${key} ${tag}`],
      };
      return { out: inWindows(p).apply(beam.parDo(doFn, context)) };
    },
  },
  {
    name: 'timers: two of them, by name, to two outputs',
    build: (p) => {
      const context = {
        soon: beam.eventTimeTimer(),
        later: beam.eventTimeTimer(),
        window: beam.windowParam(),
      };
      const doFn: beam.DoFn<Pair, string | beam.TaggedOutput<'later', string>, typeof context> = {
        process(_, { soon, later, window }) {
          soon.set(startOf(window.lookup()) + 4000);
          later.set(startOf(window.lookup()) + 6000);
        },
        onTimer: ({ key, name }) => [name === 'later' ? new beam.TaggedOutput('later', key) : key],
      };
      const { main, later } = inWindows(p).apply(beam.parDo(doFn, context).withOutputs('later'));
      return { main: main.apply(shown), later: later.apply(shown) };
    },
  },
  {
    name: 'timers: state is there when they fire, and after',
    build: (p) => {
      const context = { ...oneTimer(), seen: beam.combiningState(COUNT), fires: beam.valueState<number>() };
      const doFn: beam.DoFn<Pair, unknown, typeof context> = {
        process(_, { timer, seen, window }) {
          seen.add(1);
          timer.set(startOf(window.lookup()) + 5000);
        },
        onTimer({ key, fireTimestamp, window }, { timer, seen, fires }) {
          const count = (fires.read() ?? 0) + 1;
          fires.write(count);
          if (fireTimestamp - startOf(window) < 8000) timer.set(fireTimestamp + 2000);
          return [{ key, seen: seen.read(), count }];
        },
      };
      return { out: inWindows(p).apply(beam.parDo(doFn, context)) };
    },
  },
  {
    name: 'timers: what they emit is grouped in their window',
    build: (p) => {
      const doFn: beam.DoFn<Pair, Pair, OneTimer> = {
        process: (_, { timer, window }) => timer.set(startOf(window.lookup()) + 5000),
        onTimer: ({ window }) => [{ key: 'all', value: startOf(window) }],
      };
      const sums = inWindows(p).apply(beam.parDo(doFn, oneTimer())).apply(beam.combinePerKey(beam.sum()));
      return { out: sums.apply(shown) };
    },
  },
  {
    name: 'timers: by the clock, they fire before a batch ends',
    build: (p) => {
      const doFn: beam.DoFn<Pair, string, OneTimer> = {
        process: (_, { timer }) => timer.setRelative(10),
        onTimer: ({ key }) => [key],
      };
      return {
        out: events(p, EVENTS)
          .apply(beam.parDo(doFn, oneTimer(beam.processingTimeTimer())))
          .apply(beam.distinct()),
      };
    },
  },
];

const COUNT: beam.CombineFn<number, number, number> = {
  createAccumulator: () => 0,
  addInput: (count) => count + 1,
  mergeAccumulators: (counts) => counts.reduce((a, b) => a + b, 0),
  extractOutput: (count) => count,
};
