import { describeValue } from '../model/describe-value.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { DEFAULT_TRIGGER, type Trigger } from '../model/trigger.ts';
import type { WindowFn } from '../model/window-fn.ts';
import type {
  AccumulationMode,
  ClosingBehavior,
  OnTimeBehavior,
  TimestampCombiner,
  WindowingStrategy,
} from '../model/windowing-strategy.ts';
import { durationMs, type Duration } from '../windowing/duration.ts';
import { mayLoseData } from '../windowing/may-lose-data.ts';
import { triggerText } from '../windowing/trigger-text.ts';
import { requirePCollection } from './require-input.ts';

/** How windowInto has the windows of groupings emitted. */
export interface WindowIntoOptions {
  /** When panes are emitted; once the watermark passes the window's end, and for late elements, unless told otherwise. */
  readonly trigger?: Trigger;
  /** Must be given with a trigger: whether a pane has what came since the last one, or all that came so far. */
  readonly accumulationMode?: AccumulationMode;
  /** Which timestamp panes have: the window's last, unless told otherwise. */
  readonly timestampCombiner?: TimestampCombiner;
  /** For how long after its end, in event time, a window takes late elements; not at all, unless told otherwise. */
  readonly allowedLateness?: Duration;
  /** Whether a window has a last pane also if that is empty; not so, unless told otherwise. */
  readonly closingBehavior?: ClosingBehavior;
  /** Whether a window has an on-time pane also if that is empty; it has, unless told otherwise. */
  readonly onTimeBehavior?: OnTimeBehavior;
  /** Takes a trigger that may finish while its window still takes elements: these are dropped, and counted. */
  readonly allowUnsafeTrigger?: boolean;
}

/**
 * Puts each element in windows, by its timestamp: `windowInto(beam.windows.fixed({ minutes: 1 }))`. What follows groups and
 * combines by window as well, and says when.
 *
 * - Shape: each element as it is, in its new windows; one that was in several windows before, once for each of them. One that
 *   is in no window is dropped.
 * - Elements of `create` and of files have no timestamp of their own: `assignTimestamps` comes first.
 *
 * @throws {RangeError} for a trigger without an accumulation mode, or one that may lose data, unless that is allowed.
 * @see https://beam.apache.org/documentation/programming-guide/#windowing
 */
export function windowInto<T>(
  windowFn: WindowFn<NoInfer<T>>, // the element type is the PCollection's
  options: WindowIntoOptions = {},
): PTransform<PCollection<T>, PCollection<T>> {
  const windowing = strategyOf(windowFn, options);
  const label = `WindowInto(${nameOf(windowFn)})`;
  return {
    name: label,
    expand: (input) =>
      requirePCollection(input, label).pipeline.addPrimitive({
        label,
        spec: { kind: 'windowInto', windowing },
        inputs: [input],
      }).main as PCollection<T>, // the elements stay as they are
  };
}

function strategyOf<T>(windowFn: WindowFn<T>, options: WindowIntoOptions): WindowingStrategy {
  requireWindowFn(windowFn);
  const { trigger = DEFAULT_TRIGGER, accumulationMode } = options;
  const allowedLateness = durationMs(options.allowedLateness ?? 0, {
    action: 'window elements as allowedLateness',
  });
  if (trigger.kind !== 'default' && accumulationMode === undefined) {
    throw new RangeError(
      `Cannot window elements as accumulationMode must be given with a trigger, 'discarding' or 'accumulating': received none`,
    );
  }
  if (options.allowUnsafeTrigger !== true && mayLoseData(trigger, allowedLateness)) {
    throw new RangeError(
      `Cannot window elements as the trigger must go on for as long as a window takes elements: received ` +
        `${triggerText(trigger)}, after which elements are dropped; use repeatedly(…), give afterWatermark a late trigger, ` +
        `or say allowUnsafeTrigger: true`,
    );
  }
  return Object.freeze({
    windowFn, // its element type was checked against the PCollection
    trigger,
    accumulationMode: oneOf(accumulationMode ?? 'discarding', {
      option: 'accumulationMode',
      known: ['discarding', 'accumulating'],
    }),
    timestampCombiner: oneOf(options.timestampCombiner ?? 'endOfWindow', {
      option: 'timestampCombiner',
      known: ['endOfWindow', 'earliest', 'latest'],
    }),
    allowedLateness,
    closingBehavior: oneOf(options.closingBehavior ?? 'fireIfNonEmpty', {
      option: 'closingBehavior',
      known: ['fireIfNonEmpty', 'fireAlways'],
    }),
    onTimeBehavior: oneOf(options.onTimeBehavior ?? 'fireAlways', {
      option: 'onTimeBehavior',
      known: ['fireAlways', 'fireIfNonEmpty'],
    }),
  });
}

function requireWindowFn(windowFn: unknown): void {
  if (typeof windowFn === 'object' && windowFn !== null && 'assign' in windowFn) return;
  throw new TypeError(
    `Cannot window elements as windowInto takes a WindowFn, such as beam.windows.fixed({ minutes: 1 }): received ${describeValue(windowFn)}`,
  );
}

/** The types do not hold in plain JavaScript. */
function oneOf<V extends string>(
  value: V,
  { option, known }: { readonly option: string; readonly known: readonly V[] },
): V {
  if (known.includes(value)) return value;
  const all = known.map((each) => `'${each}'`).join(', ');
  throw new RangeError(
    `Cannot window elements as ${option} must be one of ${all}: received ${describeValue(value)}`,
  );
}

function nameOf({ name, constructor }: { readonly name?: string; readonly constructor: unknown }): string {
  const className = typeof constructor === 'function' ? constructor.name : '';
  return name ?? (className === '' || className === 'Object' ? 'custom' : className);
}
