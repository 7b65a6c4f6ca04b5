import { MIN_TIMESTAMP } from '../../../runtime/src/model/timestamp.ts';
import type { TimestampCombiner, WindowingStrategy } from '../../../runtime/src/model/windowing-strategy.ts';
import { TriggeredGroups } from '../../../runtime/src/engine/groups/triggered-groups.ts';
import { GroupsDriver, type FiredPane } from '../groups.ts';
import { triggerOf, windowFnOf } from './beam-words.ts';
import { readCall } from './python-call.ts';

/** One transcript of trigger_transcripts.yaml. */
export interface Transcript {
  readonly name: string;
  /** What a check of it must say: it is a bad one on purpose. */
  readonly error?: string;
  readonly window_fn?: string;
  readonly trigger_fn?: string;
  readonly accumulation_mode?: string;
  readonly timestamp_combiner?: string;
  readonly allowed_lateness?: number;
  readonly transcript: readonly Action[];
}

type Action =
  | { readonly input: readonly number[] }
  | { readonly watermark: number }
  | { readonly expect: readonly Expected[] }
  | { readonly state: unknown };

type Expected = Readonly<Record<string, unknown>>;

/** A timestamp combiner that Beam Python alone has: the model's OutputTime does not. */
export const TRANSFORMED = 'OUTPUT_AT_EARLIEST_TRANSFORMED';

/**
 * Plays a transcript, whose integers are milliseconds here; throws what differs.
 *
 * What Beam's own driver (trigger_test.py) does is done here: elements are their own timestamps, all of an input is one bundle,
 * expected panes need match in the attributes that they name, and lines of `state` are not looked at.
 */
export async function runTranscript(spec: Transcript): Promise<void> {
  const driver = new GroupsDriver((options) => new TriggeredGroups(options), strategyOf(spec));
  let watermark = MIN_TIMESTAMP;
  let panes: FiredPane[] = [];
  const requireNone = () => {
    if (panes.length > 0)
      throw new RangeError(`Unexpected output: ${JSON.stringify(panes.map(attributesOf))}`);
  };
  for (const action of spec.transcript) {
    if ('expect' in action) {
      for (const expected of action.expect) {
        const found = panes.findIndex((pane) => matches(attributesOf(pane), expected));
        if (found === -1) {
          throw new RangeError(
            `Unmatched output: ${JSON.stringify(expected)} in ${JSON.stringify(panes.map(attributesOf))}`,
          );
        }
        panes.splice(found, 1);
      }
      continue;
    }
    requireNone();
    if ('input' in action) {
      driver.bundle(...action.input.map((time) => ['key', time, time] as const));
      panes = await driver.advance(watermark);
    } else if ('watermark' in action) {
      ({ watermark } = action);
      panes = await driver.advance(watermark);
    }
  }
  requireNone();
}

function strategyOf(spec: Transcript): Partial<WindowingStrategy> {
  const combiners: Readonly<Record<string, TimestampCombiner>> = {
    OUTPUT_AT_EOW: 'endOfWindow',
    OUTPUT_AT_EARLIEST: 'earliest',
    OUTPUT_AT_LATEST: 'latest',
  };
  const timestampCombiner = combiners[spec.timestamp_combiner ?? 'OUTPUT_AT_EOW'];
  if (timestampCombiner === undefined) {
    throw new RangeError(`Cannot run a transcript: received the combiner ${spec.timestamp_combiner ?? ''}`);
  }
  return {
    windowFn: windowFnOf(readCall(spec.window_fn ?? 'GlobalWindows')),
    trigger: triggerOf(readCall(spec.trigger_fn ?? 'Default')),
    accumulationMode: spec.accumulation_mode === 'discarding' ? 'discarding' : 'accumulating',
    timestampCombiner,
    allowedLateness: spec.allowed_lateness ?? 0,
  };
}

/** A pane in the words of the file, whose windows name their last timestamp. */
function attributesOf({ window, values, timestamp, pane }: FiredPane): Readonly<Record<string, unknown>> {
  const [start, end] = /^\[(-?\d+), (-?\d+)\)$/.exec(window)?.slice(1).map(Number) ?? [];
  return {
    window: [start, (end ?? NaN) - 1],
    values: (values as number[]).toSorted((a, b) => a - b), // the elements are their timestamps
    timestamp,
    index: pane.index,
    nonspeculative_index: pane.onTimeIndex,
    early: pane.timing === 'early',
    late: pane.timing === 'late',
    final: pane.isLast,
  };
}

function matches(actual: Readonly<Record<string, unknown>>, expected: Expected): boolean {
  return Object.entries(expected).every(
    ([name, value]) => JSON.stringify(actual[name]) === JSON.stringify(value),
  );
}
