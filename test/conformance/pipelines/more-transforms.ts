import * as beam from 'millrace';
import { sorted } from '../canonical.ts';
import type { ConformanceCase } from '../case.ts';
import { events, grouped, shown, type Event } from '../event-time.ts';
import { INPUTS } from '../inputs.ts';
import { onRunners, play, ten, type Seen } from '../test-streams.ts';

const { afterCount, afterWatermark } = beam.triggers;

const TIMES: readonly Event[] = [
  [-61, 'a', 1],
  [5, 'b', 2],
  [70, 'a', 3],
  [12, 'a', 4],
  [65, 'b', 5],
  [-3, 'ü', 6],
];

const timed = (p: beam.Pipeline) => events(p, TIMES);
const sliding = beam.windows.sliding({ size: { seconds: 60 }, period: { seconds: 20 } });
const inOrder = ({ key, value }: beam.KV<string, Iterable<number>>) => ({ key, value: sorted(value) });

const prices = (p: beam.Pipeline) =>
  p.apply(beam.create(INPUTS.orders)).map(({ user, price }) => ({ key: user, value: price }));

/** What runners were seen to do with these. */
const SEEN: Seen = {
  'reshuffle: panes stay': { prism: 'Prism 2.77 has no on-time pane where nothing came since an early one' },
};

const LIST: readonly ConformanceCase[] = [
  {
    name: 'reshuffle: every kind of element',
    build: (p) => ({ out: p.apply(beam.create<unknown>(INPUTS.mixed)).apply(beam.reshuffle()) }),
  },
  {
    name: 'reshuffle: timestamps and windows stay, also for what groups after it',
    build: (p) => {
      const shuffled = timed(p)
        .apply(beam.windowInto(sliding))
        .apply(beam.reshuffle({ numBuckets: 3 }));
      return { out: shuffled.apply(shown), grouped: shuffled.apply(grouped) };
    },
  },
  {
    name: 'reshuffle: of groups, twice, and beside what it took',
    build: (p) => {
      const groups = timed(p).apply(beam.groupByKey());
      const once = groups.apply(beam.reshuffle());
      const twice = once.apply(beam.reshuffle());
      return {
        out: beam
          .P([groups, once, twice])
          .apply(beam.flatten<beam.KV<string, Iterable<number>>>())
          .map(inOrder),
        twice: twice.map(inOrder),
      };
    },
  },
  {
    name: 'reshuffle: panes stay',
    build: (p) => {
      const trigger = afterWatermark({ early: afterCount(2) });
      const groups = play(p, 'late')
        .apply(beam.windowInto(ten, { trigger, accumulationMode: 'discarding' }))
        .apply(beam.groupByKey());
      const told = (shuffled: typeof groups) =>
        shuffled.map(
          (group, { pane }) => {
            const { timing, index } = pane.lookup();
            return { value: inOrder(group), timing, index };
          },
          { pane: beam.paneInfoParam() },
        );
      return {
        out: told(groups.apply(beam.reshuffle())),
        perKey: told(groups.apply(beam.reshufflePerKey())),
      };
    },
  },
  {
    name: 'reshufflePerKey: timestamps and windows stay, also for what groups after it',
    build: (p) => {
      const shuffled = timed(p).apply(beam.windowInto(sliding)).apply(beam.reshufflePerKey());
      return { out: shuffled.apply(shown), grouped: shuffled.apply(grouped) };
    },
  },
  {
    name: 'reshufflePerKey: of groups',
    build: (p) => ({
      out: timed(p).apply(beam.groupByKey()).apply(beam.reshufflePerKey()).map(inOrder),
    }),
  },
  {
    name: 'batchElements: loses nothing, of one size and of any',
    build: (p) => {
      const orders = p.apply(beam.create(INPUTS.orders)).map(({ id }) => id);
      const fixed = orders.apply(beam.batchElements({ minBatchSize: 7, maxBatchSize: 7 }));
      return {
        fixed: fixed.flatMap((batch) => batch),
        // Batches end where bundles do: what they have in common is that none is empty or too large.
        fixedSizes: fixed.map(({ length }) => length >= 1 && length <= 7).apply(beam.distinct()),
        found: orders.apply(beam.batchElements({ maxBatchSize: 100 })).flatMap((batch) => batch),
      };
    },
  },
  {
    name: 'batchElements: in windows, at their ends',
    build: (p) => ({
      out: timed(p)
        .apply(beam.windowInto(sliding))
        .apply(beam.batchElements({ minBatchSize: 2, maxBatchSize: 2 }))
        .flatMap((batch) => batch)
        .apply(shown),
    }),
  },
  // Two in each: a fan-out has two shuffles, and a Flink that is small has no room for many in one job.
  {
    name: 'withHotKeyFanout: a number',
    build: (p) => ({
      max: prices(p).apply(beam.combinePerKey(beam.max<number>()).withHotKeyFanout(4)),
      top: prices(p).apply(beam.combinePerKey(beam.top<number>(3)).withHotKeyFanout(3)),
    }),
  },
  {
    name: 'withHotKeyFanout: a function of the key, and none',
    build: (p) => {
      const hot = (user: string) => user.length % 4;
      return {
        count: prices(p).apply(beam.combinePerKey(beam.count()).withHotKeyFanout(hot)),
        none: prices(p).apply(beam.combinePerKey(beam.count()).withHotKeyFanout(1)),
      };
    },
  },
  {
    name: 'withHotKeyFanout: in windows that overlap',
    build: (p) => ({
      out: timed(p)
        .apply(beam.windowInto(sliding))
        .apply(beam.combinePerKey(beam.sum()).withHotKeyFanout(3))
        .apply(shown),
    }),
  },
  {
    name: 'withHotKeyFanout: in sessions',
    build: (p) => ({
      out: timed(p)
        .apply(beam.windowInto(beam.windows.sessions({ seconds: 15 })))
        .apply(beam.combinePerKey(beam.sum()).withHotKeyFanout(3))
        .apply(shown),
    }),
  },
  {
    name: 'withFanout: of some',
    build: (p) => {
      const ids = p.apply(beam.create(INPUTS.orders)).map(({ id }) => id);
      return {
        sum: ids.apply(beam.combineGlobally(beam.sum()).withFanout(4)),
        mean: ids.apply(beam.combineGlobally(beam.mean()).withFanout(3)),
      };
    },
  },
  {
    name: 'withFanout: of none',
    build: (p) => {
      const none = p.apply(beam.create<number>([]));
      return {
        none: none.apply(beam.combineGlobally(beam.sum()).withFanout(4)),
        without: none.apply(beam.combineGlobally(beam.sum(), { withoutDefaults: true }).withFanout(4)),
      };
    },
  },
  {
    name: 'approximateUnique: exact below its size',
    build: (p) => {
      const orders = p.apply(beam.create(INPUTS.orders));
      return {
        users: orders
          .map(({ user }) => user)
          .apply(beam.combineGlobally(beam.approximateUnique({ size: 1000 }))),
        perUser: orders
          .map(({ user, id }) => ({ key: user, value: id % 10 }))
          .apply(beam.combinePerKey(beam.approximateUnique({ maximumEstimationError: 0.2 }))),
        none: p
          .apply(beam.create<number>([]))
          .apply(beam.combineGlobally(beam.approximateUnique({ size: 16 }))),
        windows: timed(p)
          .apply(beam.windowInto(beam.windows.fixed({ seconds: 60 })))
          .apply(beam.combinePerKey(beam.approximateUnique({ size: 16 })))
          .apply(shown),
      };
    },
  },
  {
    name: 'approximateUnique: near enough above its size',
    build: (p) => ({
      out: p
        .apply(beam.create(Array.from({ length: 20 }, (_, n) => n)))
        .flatMap((n) => Array.from({ length: 500 }, (_, i) => (n * 500 + i) % 7000))
        .apply(beam.combineGlobally(beam.approximateUnique({ size: 2000 })))
        .map((found) => Math.abs(found / 7000 - 1) < 0.09),
    }),
  },
  {
    name: 'approximateQuantiles: exact of few',
    build: (p) => {
      const numbers = p.apply(beam.create(Array.from({ length: 101 }, (_, i) => (i * 37) % 101)));
      const texts = p.apply(beam.create(['bb', 'a', 'dddd', 'ccc', 'ü']));
      return {
        five: numbers.apply(beam.combineGlobally(beam.approximateQuantiles(5))),
        two: numbers.apply(beam.combineGlobally(beam.approximateQuantiles(2))),
        reverse: numbers.apply(beam.combineGlobally(beam.approximateQuantiles(4, { reverse: true }))),
        more: p.apply(beam.create([2, 1])).apply(beam.combineGlobally(beam.approximateQuantiles(5))),
        texts: texts.apply(beam.combineGlobally(beam.approximateQuantiles(3))),
        none: p.apply(beam.create<number>([])).apply(beam.combineGlobally(beam.approximateQuantiles(3))),
      };
    },
  },
  {
    name: 'approximateQuantiles: with weights',
    build: (p) => ({
      out: p
        .apply(beam.create(Array.from({ length: 101 }, (_, i) => (i * 37) % 101)))
        .apply(
          beam.combineGlobally(beam.approximateQuantiles(5, { weight: (n: number) => (n < 10 ? 1 : 0.25) })),
        ),
    }),
  },
  {
    name: 'approximateQuantiles: of each key, and in windows',
    build: (p) => ({
      out: p
        .apply(beam.create(Array.from({ length: 300 }, (_, i) => ({ key: i % 3, value: i }))))
        .apply(beam.combinePerKey(beam.approximateQuantiles(4))),
      windows: timed(p)
        .apply(beam.windowInto(sliding))
        .apply(beam.combinePerKey(beam.approximateQuantiles(3)))
        .apply(shown),
    }),
  },
  {
    name: 'approximateQuantiles: near enough of many',
    build: (p) => {
      const quantiles = p
        .apply(beam.create(Array.from({ length: 40 }, (_, n) => n)))
        .flatMap((n) => Array.from({ length: 500 }, (_, i) => ((n * 500 + i) * 7919) % 20_000))
        .apply(beam.combineGlobally(beam.approximateQuantiles(5)));
      return {
        ends: quantiles.map((found) => [found[0], found.at(-1)]),
        near: quantiles.map((found) => found.map((q, n) => Math.abs(q - n * 5000) < 1000)),
      };
    },
  },
];

export const MORE_TRANSFORMS = onRunners(LIST, SEEN);
