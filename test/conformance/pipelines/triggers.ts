import * as beam from 'millrace';
import type { ConformanceCase } from '../case.ts';
import { combined, events, grouped, shown } from '../event-time.ts';
import { INPUTS } from '../inputs.ts';
import { EMPTY_PANE, hundred, NO_CLOCK, onRunners, panesOf, play, ten, type Seen } from '../test-streams.ts';

const { triggers, windows } = beam;
const { afterCount, afterProcessingTime, afterWatermark, repeatedly } = triggers;

/** What runners were seen to do with these. */
const SEEN: Seen = {
  'test stream: sessions': { prism: 'Prism 2.77 emits sessions of a stream before they are merged' },
  'triggers: early and late panes, discarding': {
    flink: EMPTY_PANE,
    prism: 'Prism 2.77 has no on-time pane where nothing came since an early one',
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
  'triggers: again and again, or finally after the watermark': {
    prism: 'Prism 2.77 has no on-time pane where nothing came since an early one',
  },
  'triggers: again and again, or finally after a count, and then never again': {
    prism: 'Prism 2.77 emits what came after the trigger had finished when the input ends',
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
  panesOf('triggers: again and again, or finally after the watermark', {
    stream: 'late',
    windowFn: ten,
    trigger: triggers.orFinally(repeatedly(afterCount(2)), afterWatermark()),
    accumulationMode: 'discarding',
  }),
  panesOf('triggers: again and again, or finally after the watermark, accumulating', {
    stream: 'late',
    windowFn: ten,
    trigger: triggers.orFinally(repeatedly(afterCount(2)), afterWatermark()),
    accumulationMode: 'accumulating',
  }),
  panesOf('triggers: again and again, or finally after a count, and then never again', {
    stream: 'counts',
    windowFn: windows.global(),
    trigger: triggers.orFinally(repeatedly(afterCount(2)), afterCount(3)),
    accumulationMode: 'discarding',
    allowUnsafeTrigger: true,
  }),
  {
    name: 'triggers: never, of an input that ends',
    build: (p) => ({
      out: events(p, INPUTS.edges)
        .apply(beam.windowInto(ten, { trigger: triggers.never(), accumulationMode: 'discarding' }))
        .apply(grouped),
    }),
  },
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

export const TRIGGERS = onRunners(LIST, SEEN);
