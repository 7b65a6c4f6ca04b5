import * as beam from 'millrace';
import type { ConformanceCase } from './case.ts';
import { panes } from './event-time.ts';
import { INPUTS } from './inputs.ts';

export const ten = beam.windows.fixed({ seconds: 10 });
export const hundred = beam.windows.fixed({ seconds: 100 });

/** A stream of the inputs. */
export type StreamName = keyof typeof INPUTS.streams;

/** Plays one of the streams of the inputs. */
export function play(p: beam.Pipeline, name: StreamName): beam.PCollection<beam.KV<string, number>> {
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
  readonly stream: StreamName;
  readonly windowFn: beam.WindowFn<unknown>;
}

/** The case of the panes that a stream of the inputs comes in. */
export const panesOf = (name: string, { stream, windowFn, ...options }: PanesOf): ConformanceCase => ({
  name,
  build: (p) => ({ out: play(p, stream).apply(beam.windowInto(windowFn, options)).apply(panes) }),
});

/** What runners were seen to do with cases, by name. */
export type Seen = Readonly<Record<string, ConformanceCase['cannot']>>;

/** Why Flink has other panes: what many of these end with. */
export const EMPTY_PANE =
  'Flink emits an empty on-time pane when a window ends, whatever its trigger is, as Beam Java does';
export const NO_CLOCK = "Beam's portable Flink runner cannot advance the processing time of a test stream";

/** Says of each case which runners do not play it as Beam Python does. */
export function onRunners(list: readonly ConformanceCase[], seen: Seen): readonly ConformanceCase[] {
  return list.map((one) => ({ ...one, cannot: seen[one.name] ?? {} }));
}
