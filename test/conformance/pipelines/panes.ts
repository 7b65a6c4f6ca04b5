import * as beam from 'millrace';
import { sorted } from '../canonical.ts';
import type { ConformanceCase } from '../case.ts';
import { EMPTY_PANE, hundred, onRunners, panesOf, play, ten, type Seen } from '../test-streams.ts';

const { windows } = beam;
const { afterCount, afterWatermark, repeatedly } = beam.triggers;

const early = afterWatermark({ early: afterCount(2) });

const told = <T>(value: T, pane: beam.PaneInfo) => ({ value, ...pane });

/** Makes an element's pane a part of it. */
class Told<T> implements beam.DoFn<T, beam.PaneInfo & { readonly value: T }> {
  process(value: T, { pane }: { readonly pane: beam.ElementParam<beam.PaneInfo> }) {
    return [told(value, pane.lookup())];
  }
}

const groups = (p: beam.Pipeline) =>
  play(p, 'late')
    .apply(beam.windowInto(ten, { trigger: early, accumulationMode: 'discarding' }))
    .apply(beam.groupByKey());

const TIMES = { 'the earliest timestamp': 'earliest', 'the latest timestamp': 'latest' } as const;

/** What runners were seen to do with these. */
const SEEN: Seen = {
  'panes: what a function asks for': {
    prism: 'Prism 2.77 has no on-time pane where nothing came since an early one',
  },
  'panes: at the earliest timestamp, accumulating': {
    flink: EMPTY_PANE,
    prism:
      'Prism 2.77 puts a pane at elements that came out before, and emits it once more when the input ends',
  },
  'panes: at the latest timestamp, accumulating': {
    flink: EMPTY_PANE,
    prism: 'Prism 2.77 emits what it emitted once more when the input ends',
  },
  "panes: late ones at the window's end, not at the earliest timestamp": {
    flink: EMPTY_PANE,
    prism: 'Prism 2.77 puts late panes at the times of their elements',
  },
  'lateness: of sessions': { prism: 'Prism 2.77 emits sessions of a stream before they are merged' },
  'panes: at the earliest timestamp, discarding': { flink: EMPTY_PANE },
  'panes: at the latest timestamp, discarding': { flink: EMPTY_PANE },
  'lateness: without a trigger': { flink: EMPTY_PANE },
  "lateness: of each of an element's windows": { flink: EMPTY_PANE },
};

const LIST: readonly ConformanceCase[] = [
  {
    name: 'panes: what a function asks for',
    build: (p) => ({
      out: groups(p).map(
        ({ key, value }, { window, timestamp, pane }) => {
          const own = window.lookup();
          const { start, end } = own.kind === 'interval' ? own : { start: null, end: 0 };
          const before = end - timestamp.lookup();
          return { ...told({ key, value: sorted(value) }, pane.lookup()), start, before };
        },
        { window: beam.windowParam(), timestamp: beam.timestampParam(), pane: beam.paneInfoParam() },
      ),
    }),
  },
  {
    name: 'panes: through flatMap, filter and a DoFn',
    build: (p) => ({
      out: groups(p)
        .flatMap(({ key, value }) => sorted(value).map((each) => ({ key, value: each })))
        .filter(({ value }) => value !== 2)
        .apply(beam.parDo(new Told(), { pane: beam.paneInfoParam() })),
    }),
  },
  {
    name: 'panes: none where nothing is grouped',
    build: (p) => ({
      out: play(p, 'late')
        .apply(beam.windowInto(ten))
        .apply(beam.parDo(new Told(), { pane: beam.paneInfoParam() })),
    }),
  },
  ...Object.entries(TIMES).flatMap(([name, timestampCombiner]) =>
    (['discarding', 'accumulating'] as const).map((accumulationMode) =>
      panesOf(`panes: at ${name}, ${accumulationMode}`, {
        stream: 'counts',
        windowFn: hundred,
        trigger: repeatedly(afterCount(3)),
        accumulationMode,
        timestampCombiner,
      }),
    ),
  ),
  panesOf("panes: late ones at the window's end, not at the earliest timestamp", {
    stream: 'late',
    windowFn: ten,
    trigger: afterWatermark({ late: afterCount(1) }),
    accumulationMode: 'discarding',
    timestampCombiner: 'earliest',
    allowedLateness: { seconds: 100 },
  }),
  panesOf('lateness: to its last millisecond', {
    stream: 'limit',
    windowFn: ten,
    allowedLateness: { seconds: 20 },
  }),
  panesOf('lateness: without a trigger', {
    stream: 'late',
    windowFn: ten,
    allowedLateness: { seconds: 100 },
  }),
  panesOf("lateness: of each of an element's windows", {
    stream: 'late',
    windowFn: windows.sliding({ size: 10_000, period: 5000 }),
    allowedLateness: { seconds: 16 },
  }),
  panesOf('lateness: of sessions', {
    stream: 'late',
    windowFn: windows.sessions(10_000),
    allowedLateness: { seconds: 100 },
  }),
];

export const PANES = onRunners(LIST, SEEN);
