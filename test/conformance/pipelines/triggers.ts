import * as beam from 'millrace';
import type { ConformanceCase } from '../case.ts';
import { combined, panes, shown } from '../event-time.ts';
import { INPUTS } from '../inputs.ts';

const { triggers, windows } = beam;
const { afterCount, afterProcessingTime, afterWatermark, repeatedly } = triggers;

/** One of the streams of the inputs. */
function play(
  p: beam.Pipeline,
  name: keyof typeof INPUTS.streams,
): beam.PCollection<beam.KV<string, number>> {
  let stream = beam.testStream<beam.KV<string, number>>();
  for (const [kind, what] of INPUTS.streams[name]) {
    if (kind === 'elements') {
      const elements = what.map(([seconds, key, value]) => ({
        value: { key, value },
        timestamp: seconds * 1000,
      }));
      stream = stream.addElements(elements);
    } else if (kind === 'watermark') {
      stream = stream.advanceWatermarkTo(what * 1000);
    } else {
      stream = stream.advanceProcessingTime({ seconds: what });
    }
  }
  return p.apply(stream.advanceWatermarkToInfinity());
}

interface PanesOf extends beam.WindowIntoOptions {
  readonly stream: keyof typeof INPUTS.streams;
  readonly windowFn: beam.WindowFn<unknown>;
}

const panesOf = (name: string, { stream, windowFn, ...options }: PanesOf): ConformanceCase => ({
  name,
  build: (p) => ({ out: play(p, stream).apply(beam.windowInto(windowFn, options)).apply(panes) }),
});

const ten = windows.fixed({ seconds: 10 });
const hundred = windows.fixed({ seconds: 100 });

const EMPTY_PANE =
  'Flink emits an empty on-time pane when a window ends, whatever its trigger is, as Beam Java does';
const NO_CLOCK = "Beam's portable Flink runner cannot advance the processing time of a test stream";

/** What runners were seen to do with these. */
const CANNOT: Readonly<Record<string, ConformanceCase['cannot']>> = {
  'test stream: sessions': { prism: 'Prism 2.77 emits sessions of a stream before they are merged' },
  'triggers: early and late panes, discarding': {
    flink: EMPTY_PANE,
    prism: 'Prism 2.77 calls an on-time pane late that follows an early one',
  },
  'triggers: early and late panes, accumulating': {
    flink: EMPTY_PANE,
    prism: 'Prism 2.77 emits late panes as early ones, and more of them',
  },
  'triggers: late elements beyond the lateness are dropped': {
    flink: EMPTY_PANE,
    prism: 'Prism 2.77 emits more late panes than there are bundles of late elements',
  },
  'triggers: again and again after a count, accumulating': {
    flink: EMPTY_PANE,
    prism: 'Prism 2.77 emits what it emitted once more when the input ends',
  },
  'triggers: after the first of two': {
    prism: 'Prism 2.77 does not emit the on-time pane of afterFirst',
  },
  'triggers: early panes of sessions': {
    flink: 'Each element of a test stream is a bundle of its own on Flink, and so has its own early pane',
    prism: 'Prism 2.77 refuses stateful triggers with merging windows',
  },
  'triggers: again and again after a count': { flink: EMPTY_PANE },
  'triggers: after all of two': { flink: EMPTY_PANE },
  'triggers: one after the other': { flink: EMPTY_PANE },
  'triggers: after processing time': { flink: NO_CLOCK },
  'triggers: after processing time, before the watermark comes': { flink: NO_CLOCK },
};

const LIST: readonly ConformanceCase[] = [
  panesOf('test stream: windows as the watermark passes them', { stream: 'late', windowFn: ten }),
  panesOf('test stream: sliding windows', {
    stream: 'late',
    windowFn: windows.sliding({ size: 10_000, period: 5000 }),
  }),
  panesOf('test stream: sessions', { stream: 'late', windowFn: windows.sessions(10_000) }),
  panesOf('triggers: early and late panes, discarding', {
    stream: 'late',
    windowFn: ten,
    trigger: afterWatermark({ early: afterCount(2), late: afterCount(1) }),
    accumulationMode: 'discarding',
    allowedLateness: { seconds: 100 },
  }),
  panesOf('triggers: early and late panes, accumulating', {
    stream: 'late',
    windowFn: ten,
    trigger: afterWatermark({ early: afterCount(2), late: afterCount(1) }),
    accumulationMode: 'accumulating',
    allowedLateness: { seconds: 100 },
  }),
  panesOf('triggers: late elements beyond the lateness are dropped', {
    stream: 'late',
    windowFn: ten,
    trigger: afterWatermark({ late: afterCount(1) }),
    accumulationMode: 'accumulating',
    allowedLateness: { seconds: 15 },
  }),
  panesOf('triggers: again and again after a count', {
    stream: 'counts',
    windowFn: windows.global(),
    trigger: repeatedly(afterCount(3)),
    accumulationMode: 'discarding',
  }),
  panesOf('triggers: again and again after a count, accumulating', {
    stream: 'counts',
    windowFn: windows.global(),
    trigger: repeatedly(afterCount(3)),
    accumulationMode: 'accumulating',
  }),
  panesOf('triggers: after processing time', {
    stream: 'clock',
    windowFn: windows.global(),
    trigger: repeatedly(afterProcessingTime({ seconds: 10 })),
    accumulationMode: 'discarding',
  }),
  panesOf('triggers: after processing time, before the watermark comes', {
    stream: 'clock',
    windowFn: hundred,
    trigger: afterWatermark({ early: afterProcessingTime({ seconds: 10 }) }),
    accumulationMode: 'accumulating',
  }),
  panesOf('triggers: after the first of two', {
    stream: 'counts',
    windowFn: hundred,
    trigger: repeatedly(triggers.afterFirst(afterCount(3), afterWatermark())),
    accumulationMode: 'discarding',
  }),
  panesOf('triggers: after all of two', {
    stream: 'counts',
    windowFn: hundred,
    trigger: repeatedly(triggers.afterAll(afterCount(2), afterCount(3))),
    accumulationMode: 'discarding',
  }),
  panesOf('triggers: one after the other', {
    stream: 'counts',
    windowFn: windows.global(),
    trigger: triggers.afterEach(afterCount(2), afterCount(1), repeatedly(afterCount(3))),
    accumulationMode: 'discarding',
  }),
  panesOf('triggers: early panes of sessions', {
    stream: 'late',
    windowFn: windows.sessions(10_000),
    trigger: afterWatermark({ early: afterCount(2) }),
    accumulationMode: 'accumulating',
  }),
  {
    name: 'test stream: sums per window',
    build: (p) => ({ out: combined(play(p, 'late').apply(beam.windowInto(ten)), beam.sum()) }),
  },
  {
    name: 'test stream: two groupings, one after the other',
    build: (p) => ({
      out: combined(
        play(p, 'late')
          .apply(beam.windowInto(ten))
          .apply(beam.combinePerKey(beam.sum()))
          .map(({ value }) => ({ key: 'all', value })),
        beam.sum(),
      ),
    }),
  },
  {
    name: 'test stream: elements as they come',
    build: (p) => ({ out: play(p, 'late').apply(shown) }),
  },
];

export const TRIGGERS = LIST.map((one): ConformanceCase => ({ ...one, cannot: CANNOT[one.name] ?? {} }));
