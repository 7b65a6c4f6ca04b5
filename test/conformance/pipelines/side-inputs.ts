import * as beam from 'millrace';
import { sorted } from '../canonical.ts';
import type { ConformanceCase } from '../case.ts';
import { events, shown } from '../event-time.ts';
import { INPUTS } from '../inputs.ts';

type Pair = beam.KV<string, number>;

const NUMBERS = [1, 2, 3, 4, 5];
const PAIRS: readonly Pair[] = [
  { key: 'a', value: 1 },
  { key: 'b', value: 2 },
  { key: 'ü', value: 3 },
  { key: 'b', value: 4 },
];

const numbers = (p: beam.Pipeline) => p.apply(beam.create(NUMBERS));
const pairs = (p: beam.Pipeline) => p.apply(beam.create(PAIRS));
const sum = (elements: beam.PCollection<number>) => elements.apply(beam.combineGlobally(beam.sum()));

/** Numbers above a limit go to another output. */
class Sort implements beam.DoFn<
  number,
  number | beam.TaggedOutput<'large', number>,
  { readonly limit: beam.SideInput<number> }
> {
  *process(n: number, { limit }: { readonly limit: beam.ElementParam<number> }) {
    yield n > limit.lookup() ? new beam.TaggedOutput('large', n) : n;
  }
}

const fixed = (seconds: number) => beam.windowInto<Pair>(beam.windows.fixed({ seconds }));

export const SIDE_INPUTS: readonly ConformanceCase[] = [
  {
    name: 'side inputs: a singleton',
    build: (p) => ({
      out: pairs(p).map(({ key, value }, { total }) => ({ key, share: value / total.lookup() }), {
        total: beam.singletonSideInput(sum(numbers(p))),
      }),
    }),
  },
  {
    name: 'side inputs: a singleton that is not there has a default',
    build: (p) => ({
      out: numbers(p).map((n, { side }) => n + side.lookup(), {
        side: beam.singletonSideInput(
          numbers(p).filter((n) => n > 9),
          100,
        ),
      }),
    }),
  },
  {
    name: 'side inputs: a list, sorted',
    build: (p) => ({
      out: numbers(p).map((n, { all }) => [n, sorted(all.lookup())], {
        all: beam.listSideInput(pairs(p)),
      }),
    }),
  },
  {
    name: 'side inputs: an iterable, gone through twice',
    build: (p) => ({
      out: numbers(p).flatMap(
        (n, { all }) => [...all.lookup(), ...all.lookup()].map(({ key }) => `${key}${n}`),
        { all: beam.iterableSideInput(pairs(p)) },
      ),
    }),
  },
  {
    name: 'side inputs: a map',
    build: (p) => ({
      out: p
        .apply(beam.create(['a', 'ü', 'nowhere']))
        .map((key, { values }) => [key, values.lookup().get(key) ?? null, values.lookup().size], {
          values: beam.mapSideInput(pairs(p).filter(({ value }) => value !== 4)),
        }),
    }),
  },
  {
    name: 'side inputs: a multimap',
    build: (p) => ({
      out: p
        .apply(beam.create(['a', 'b', 'nowhere']))
        .map((key, { values }) => [key, sorted(values.lookup().get(key) ?? [])], {
          values: beam.multimapSideInput(pairs(p)),
        }),
    }),
  },
  {
    name: 'side inputs: several of one step, and of a filter',
    build: (p) => ({
      out: numbers(p).filter((n, { least, most }) => n > least.lookup() && n < most.lookup(), {
        least: beam.singletonSideInput(numbers(p).apply(beam.combineGlobally(beam.min()))),
        most: beam.singletonSideInput(numbers(p).apply(beam.combineGlobally(beam.max()))),
      }),
    }),
  },
  {
    name: 'side inputs: made of the main input',
    build: (p) => {
      const all = numbers(p);
      return {
        out: all.map((n, { total }) => n / total.lookup(), { total: beam.singletonSideInput(sum(all)) }),
      };
    },
  },
  {
    name: 'side inputs: of a DoFn with two outputs, behind a grouping',
    build: (p) => {
      const { main, large } = pairs(p)
        .apply(beam.combinePerKey(beam.sum()))
        .map(({ value }) => value)
        .apply(
          beam
            .parDo(new Sort(), { limit: beam.singletonSideInput(sum(numbers(p)).map((n) => n / 5)) })
            .withOutputs('large'),
        );
      return { main, large };
    },
  },
  {
    name: 'side inputs: one that needs another',
    build: (p) => {
      const total = sum(numbers(p));
      const shares = numbers(p).map((n, { total }) => n / total.lookup(), {
        total: beam.singletonSideInput(total),
      });
      return {
        out: pairs(p).map(({ key }, { shares }) => [key, sorted(shares.lookup())], {
          shares: beam.listSideInput(shares),
        }),
      };
    },
  },
  {
    name: 'side inputs: the same windows',
    build: (p) => {
      const windowed = events(p, INPUTS.events).apply(fixed(60));
      const seen = windowed.map(({ key, value }, { all }) => [key, value, sorted(all.lookup())], {
        all: beam.listSideInput(windowed),
      });
      return { out: seen.apply(shown) };
    },
  },
  {
    name: 'side inputs: larger windows than the main input',
    build: (p) => {
      const all = events(p, INPUTS.events);
      const sums = all.apply(fixed(120)).apply(beam.combinePerKey(beam.sum()));
      const seen = all
        .apply(fixed(60))
        .map(({ key, value }, { sums }) => [key, value, sums.lookup().get(key) ?? null], {
          sums: beam.mapSideInput(sums),
        });
      return { out: seen.apply(shown) };
    },
  },
  {
    name: 'side inputs: of the global window, for windows',
    build: (p) => ({
      out: events(p, INPUTS.events)
        .apply(fixed(60))
        .map(({ key, value }, { total }) => ({ key, value: value * total.lookup() }), {
          total: beam.singletonSideInput(sum(numbers(p))),
        })
        .apply(beam.combinePerKey(beam.sum()))
        .apply(shown),
    }),
  },
  {
    name: 'side inputs: of sliding windows',
    build: (p) => {
      const all = events(p, INPUTS.events);
      const sums = all
        .apply(beam.windowInto(beam.windows.sliding({ size: 120_000, period: 60_000 })))
        .apply(beam.combinePerKey(beam.sum()));
      return {
        out: all
          .apply(fixed(60))
          .map(({ key, value }, { sums }) => [key, value, sums.lookup().get(key) ?? null], {
            sums: beam.mapSideInput(sums),
          })
          .apply(shown),
      };
    },
  },
];
