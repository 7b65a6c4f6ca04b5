import { setTimeout as delay } from 'node:timers/promises';
import * as beam from 'millrace';
import { sorted } from '../canonical.ts';
import type { ConformanceCase } from '../case.ts';
import { combined, events, grouped, shown } from '../event-time.ts';
import { INPUTS } from '../inputs.ts';

const { windows } = beam;
const minute = { minutes: 1 };

const windowed = (
  p: beam.Pipeline,
  windowFn: beam.WindowFn<beam.KV<string, number>>,
  options: beam.WindowIntoOptions = {},
) => events(p, INPUTS.events).apply(beam.windowInto(windowFn, options));

/** From the least to the largest. */
class Range implements beam.CombineFn<number, readonly number[], number | null> {
  createAccumulator() {
    return [];
  }

  addInput(held: readonly number[], value: number) {
    return [Math.min(value, ...held), Math.max(value, ...held)];
  }

  mergeAccumulators(several: readonly (readonly number[])[]) {
    const all = several.flat();
    return all.length === 0 ? [] : [Math.min(...all), Math.max(...all)];
  }

  extractOutput([low, high]: readonly number[]) {
    return low === undefined || high === undefined ? null : high - low;
  }
}

/** Even values in windows of 10 s, odd ones of 30 s. */
class ByValue implements beam.WindowFn<beam.KV<string, number>> {
  assign(timestamp: number, { value }: beam.KV<string, number>) {
    const size = value % 2 === 0 ? 10_000 : 30_000;
    const start = Math.floor(timestamp / size) * size;
    return [beam.intervalWindow(start, start + size)];
  }
}

/** Keeps all values of a bundle back, and emits them at the starts of their windows. */
class AtStart implements beam.DoFn<beam.KV<string, number>, beam.KV<string, number>> {
  #kept: beam.WindowedValue<beam.KV<string, number>>[] = [];

  startBundle() {
    this.#kept = [];
  }

  process(
    { value }: beam.KV<string, number>,
    { window }: { readonly window: beam.ElementParam<beam.BoundedWindow> },
  ) {
    const own = window.lookup();
    const timestamp = own.kind === 'interval' ? own.start : 0;
    this.#kept.push(beam.windowedValue({ key: 'all', value }, { timestamp, windows: [own] }));
  }

  finishBundle() {
    return this.#kept;
  }
}

export const WINDOWS: readonly ConformanceCase[] = [
  {
    name: 'fixed windows: groups',
    build: (p) => ({ out: windowed(p, windows.fixed(minute)).apply(grouped) }),
  },
  {
    name: 'fixed windows: an offset',
    build: (p) => ({
      out: windowed(p, windows.fixed(minute, { offset: { seconds: 17 } })).apply(grouped),
    }),
  },
  {
    name: 'fixed windows: boundaries and times before the epoch',
    build: (p) => ({
      out: events(p, INPUTS.edges)
        .apply(beam.windowInto(windows.fixed({ seconds: 10 })))
        .apply(grouped),
    }),
  },
  {
    name: 'fixed windows: no elements',
    build: (p) => ({
      out: events(p, [])
        .apply(beam.windowInto(windows.fixed(10)))
        .apply(grouped),
    }),
  },
  {
    name: 'fixed windows: sum, mean, count, min and max',
    build: (p) => {
      const pairs = windowed(p, windows.fixed(minute));
      return {
        sum: combined(pairs, beam.sum()),
        mean: combined(pairs, beam.mean()),
        count: combined(pairs, beam.count()),
        min: combined(pairs, beam.min<number>()),
        max: combined(pairs, beam.max<number>()),
      };
    },
  },
  {
    name: 'fixed windows: the largest two of each key',
    build: (p) => ({ out: combined(windowed(p, windows.fixed({ minutes: 2 })), beam.top<number>(2)) }),
  },
  {
    name: "fixed windows: a CombineFn of one's own",
    build: (p) => ({ out: combined(windowed(p, windows.fixed(minute)), new Range()) }),
  },
  {
    name: 'fixed windows: all elements of a window',
    build: (p) => {
      const values = windowed(p, windows.fixed(minute)).map(({ value }) => value);
      return {
        sum: values.apply(beam.combineGlobally(beam.sum(), { withoutDefaults: true })).apply(shown),
        count: values.apply(beam.combineGlobally(beam.count(), { withoutDefaults: true })).apply(shown),
      };
    },
  },
  {
    name: 'fixed windows: different elements, and how often they are there',
    build: (p) => {
      const keys = windowed(p, windows.fixed(minute)).map(({ key }) => key);
      return {
        distinct: keys.apply(beam.distinct()).apply(shown),
        counts: keys.apply(beam.countPerElement()).apply(shown),
      };
    },
  },
  {
    name: 'sliding windows: groups',
    build: (p) => ({
      out: windowed(p, windows.sliding({ size: minute, period: { seconds: 20 } })).apply(grouped),
    }),
  },
  {
    name: 'sliding windows: sums, with an offset',
    build: (p) => ({
      out: combined(
        windowed(p, windows.sliding({ size: minute, period: { seconds: 30 }, offset: { seconds: 7 } })),
        beam.sum(),
      ),
    }),
  },
  {
    name: 'sliding windows: a period that the size is no multiple of',
    build: (p) => ({
      out: combined(windowed(p, windows.sliding({ size: 50_000, period: 30_000 })), beam.count()),
    }),
  },
  {
    name: 'sliding windows: boundaries and times before the epoch',
    build: (p) => ({
      out: events(p, INPUTS.edges)
        .apply(beam.windowInto(windows.sliding({ size: 10_000, period: 5000 })))
        .apply(grouped),
    }),
  },
  {
    name: 'sliding windows: each window of an element by itself',
    build: (p) => ({ out: windowed(p, windows.sliding({ size: 60_000, period: 20_000 })).apply(shown) }),
  },
  {
    name: "windows of one's own: by what an element holds",
    build: (p) => ({ out: windowed(p, new ByValue()).apply(grouped) }),
  },
  {
    name: 'windows again: fixed, then sliding, then one for all',
    build: (p) => {
      const fixed = windowed(p, windows.fixed(minute));
      const sliding = fixed.apply(beam.windowInto(windows.sliding({ size: 40_000, period: 20_000 })));
      const everything = sliding.apply(beam.windowInto(windows.global()));
      return {
        fixed: combined(fixed, beam.sum()),
        sliding: combined(sliding, beam.sum()),
        global: combined(everything, beam.sum()),
      };
    },
  },
  {
    name: 'windows: flattened',
    build: (p) => {
      const early = events(p, INPUTS.edges).apply(beam.windowInto(windows.fixed(minute)));
      const late = windowed(p, windows.fixed(minute));
      return { out: combined(beam.P([early, late]).apply(beam.flatten()), beam.sum()) };
    },
  },
  {
    name: 'windows: what a function asks for',
    build: (p) => ({
      map: windowed(p, windows.fixed(minute)).map(
        ({ key }, { window, timestamp }) => {
          const own = window.lookup();
          return { key, late: own.kind === 'interval' ? timestamp.lookup() - own.start : null };
        },
        { window: beam.windowParam(), timestamp: beam.timestampParam() },
      ),
    }),
  },
  {
    name: 'windows: through map, flatMap and filter',
    build: (p) => ({
      out: windowed(p, windows.fixed(minute))
        .filter(({ value }) => value % 3 !== 0)
        .flatMap(({ key, value }) => [
          { key, value },
          { key: `${key}!`, value: 0 - value },
        ])
        .map(({ key, value }) => ({ key, value: value * 2 }))
        .apply(grouped),
    }),
  },
  {
    name: 'windows: of tagged outputs',
    build: (p) => {
      const { main, odd } = windowed(p, windows.fixed(minute)).apply(
        beam
          .parDo((pair: beam.KV<string, number>) => [
            pair.value % 2 === 0 ? pair : new beam.TaggedOutput('odd', pair),
          ])
          .withOutputs('odd'),
      );
      return { main: combined(main, beam.sum()), odd: combined(odd, beam.sum()) };
    },
  },
  {
    name: 'windows: of asynchronous functions',
    build: (p) => ({
      out: combined(
        windowed(p, windows.sliding({ size: 60_000, period: 30_000 })).map(async ({ key, value }) => {
          await delay(value % 3);
          return { key, value: value + 1 };
        }),
        beam.sum(),
      ),
    }),
  },
  {
    name: 'windows: of what finishBundle emits',
    build: (p) => ({
      out: combined(
        windowed(p, windows.fixed(minute)).apply(beam.parDo(new AtStart(), { window: beam.windowParam() })),
        beam.sum(),
      ),
    }),
  },
  {
    name: "timestamps: of panes, the earliest, the latest and the window's end",
    build: (p) => {
      const pairs = events(p, INPUTS.events);
      const at = (timestampCombiner: beam.TimestampCombiner) =>
        pairs.apply(beam.windowInto(windows.fixed(minute), { timestampCombiner })).apply(grouped);
      return { earliest: at('earliest'), latest: at('latest'), end: at('endOfWindow') };
    },
  },
  {
    name: 'timestamps: of combined elements, the earliest and the latest',
    build: (p) => {
      const pairs = events(p, INPUTS.events);
      const at = (timestampCombiner: beam.TimestampCombiner) =>
        combined(pairs.apply(beam.windowInto(windows.fixed(minute), { timestampCombiner })), beam.sum());
      return { earliest: at('earliest'), latest: at('latest') };
    },
  },
  {
    name: 'timestamps: kept in the global window, and given anew',
    build: (p) => {
      const pairs = events(p, INPUTS.events);
      return {
        kept: pairs.apply(shown),
        anew: pairs
          .apply(
            beam.assignTimestamps(({ value }, { at }) => at.lookup() + value * 1000, {
              at: beam.timestampParam(),
            }),
          )
          .apply(shown),
      };
    },
  },
  {
    name: 'windows: two groupings, one after the other',
    build: (p) => ({
      out: windowed(p, windows.fixed(minute))
        .apply(beam.combinePerKey(beam.sum()))
        .map((pair) => ({ key: pair.value % 2 === 0 ? 'even' : 'odd', value: pair }))
        .apply(beam.groupByKey())
        .map(({ key, value }) => ({ key, value: sorted(value) }))
        .apply(shown),
    }),
  },
  {
    name: 'windows: a second grouping in larger windows',
    build: (p) => ({
      out: combined(
        windowed(p, windows.fixed(minute))
          .apply(beam.combinePerKey(beam.sum()))
          .apply(beam.windowInto(windows.fixed({ minutes: 3 }))),
        beam.max<number>(),
      ),
    }),
  },
  {
    name: "windows: of a group's own values, taken apart again",
    build: (p) => ({
      out: windowed(p, windows.fixed(minute))
        .apply(beam.groupByKey())
        .flatMap(({ key, value }) => sorted(value).map((each) => ({ key, value: each })))
        .apply(shown),
    }),
  },
];
