import * as beam from 'millrace';
import type { ConformanceCase } from '../case.ts';
import { combined, panes } from '../event-time.ts';
import { EMPTY_PANE, onRunners, play, ten, type Seen, type StreamName } from '../test-streams.ts';

const { triggers, windows } = beam;
const { afterCount, afterWatermark, repeatedly } = triggers;

type Pairs = beam.PCollection<beam.KV<string, number>>;

interface Again extends beam.WindowIntoOptions {
  readonly stream: StreamName;
  readonly windowFn: beam.WindowFn<unknown>;
}

const windowed = (pairs: Pairs, { windowFn, ...options }: Omit<Again, 'stream'>) =>
  pairs.apply(beam.windowInto(windowFn, options));

const sumsOf = (p: beam.Pipeline, { stream, ...windowing }: Again) =>
  windowed(play(p, stream), windowing).apply(beam.combinePerKey(beam.sum()));

/** The panes of sums, grouped once more: the trigger goes on as its continuation. */
const again = (name: string, options: Again): ConformanceCase => ({
  name,
  build: (p) => ({ out: sumsOf(p, options).apply(panes) }),
});

const LATE: Again = {
  stream: 'late',
  windowFn: ten,
  trigger: afterWatermark({ late: afterCount(1) }),
  accumulationMode: 'discarding',
  allowedLateness: { seconds: 100 },
};

const EARLY_AND_LATE: Again = {
  ...LATE,
  trigger: afterWatermark({ early: afterCount(2), late: afterCount(1) }),
};

/** Odd and even values. */
const split = (pairs: Pairs) => ({
  odd: pairs.filter(({ value }) => value % 2 === 1),
  even: pairs.filter(({ value }) => value % 2 === 0),
});

/** Beside its empty panes: the second grouping of a stream has an on-time pane before it has the watermark. */
const PANE_FIRST =
  'Flink has a pane come to the next grouping before the watermark that made it, and emits it as an early one';

/** What runners were seen to do with these. */
const SEEN: Seen = {
  'regrouping: early and late panes, discarding': {
    flink: PANE_FIRST,
    prism: 'Prism 2.77 has no on-time pane where nothing came since an early one',
  },
  'regrouping: early and late panes, accumulating': {
    flink: PANE_FIRST,
    prism: 'Prism 2.77 emits late panes as early ones, and more of them',
  },
  'regrouping: after each, one after the other': {
    flink: PANE_FIRST,
    prism: 'Prism 2.77 emits what it emitted once more when the input ends',
  },
  'regrouping: panes in one window for all, with a trigger of its own': {
    flink: PANE_FIRST,
    prism: 'Prism 2.77 has no on-time pane where nothing came since an early one',
  },
  'regrouping: after every count': { flink: PANE_FIRST },
  'regrouping: panes in larger windows': { flink: PANE_FIRST },
  'branches: each in windows of its own': { flink: EMPTY_PANE },
};

const LIST: readonly ConformanceCase[] = [
  again('regrouping: early and late panes, discarding', EARLY_AND_LATE),
  again('regrouping: early and late panes, accumulating', {
    ...EARLY_AND_LATE,
    accumulationMode: 'accumulating',
  }),
  again('regrouping: after every count', {
    stream: 'counts',
    windowFn: windows.global(),
    trigger: repeatedly(afterCount(3)),
    accumulationMode: 'discarding',
  }),
  again('regrouping: after each, one after the other', {
    stream: 'counts',
    windowFn: windows.global(),
    trigger: triggers.afterEach(afterCount(2), afterCount(1), repeatedly(afterCount(3))),
    accumulationMode: 'accumulating',
  }),
  {
    name: 'regrouping: panes in larger windows',
    build: (p) => ({
      out: sumsOf(p, LATE)
        .apply(beam.windowInto(windows.fixed({ seconds: 40 }), { allowedLateness: { seconds: 100 } }))
        .apply(panes),
    }),
  },
  {
    name: 'regrouping: panes in one window for all, with a trigger of its own',
    build: (p) => ({
      out: sumsOf(p, EARLY_AND_LATE)
        .apply(
          beam.windowInto(windows.global(), {
            trigger: repeatedly(afterCount(1)),
            accumulationMode: 'accumulating',
          }),
        )
        .apply(panes),
    }),
  },
  {
    name: 'branches: of one stream, flattened',
    build: (p) => {
      const { odd, even } = split(play(p, 'late').apply(beam.windowInto(ten)));
      return { out: beam.P([odd, even]).apply(beam.flatten()).apply(panes) };
    },
  },
  {
    name: 'branches: windowed apart, and flattened',
    build: (p) => {
      const { odd, even } = split(play(p, 'late'));
      const windowed = [odd, even].map((branch) => branch.apply(beam.windowInto(ten)));
      return { out: beam.P(windowed).apply(beam.flatten()).apply(panes) };
    },
  },
  {
    name: 'branches: each in windows of its own',
    build: (p) => {
      const pairs = play(p, 'late');
      const sliding = windows.sliding({ size: 25_000, period: 10_000 });
      return {
        fixed: combined(pairs.apply(beam.windowInto(ten)), beam.sum()),
        sliding: combined(pairs.apply(beam.windowInto(sliding)), beam.max<number>()),
        late: windowed(pairs, LATE).apply(panes),
      };
    },
  },
];

export const REGROUPING = onRunners(LIST, SEEN);
