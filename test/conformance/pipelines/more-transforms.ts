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
];

export const MORE_TRANSFORMS = onRunners(LIST, SEEN);
