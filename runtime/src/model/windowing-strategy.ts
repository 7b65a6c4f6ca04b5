import { DEFAULT_TRIGGER, type Trigger } from './trigger.ts';
import type { WindowFn } from './window-fn.ts';
import { GLOBAL_WINDOWS } from './window.ts';

/** Whether a pane has what came since the last one of its window, or all that came so far. */
export type AccumulationMode = 'discarding' | 'accumulating';

/** Which timestamp a grouping gives to a pane: of its elements the earliest or the latest, or its window's last. */
export type TimestampCombiner = 'endOfWindow' | 'earliest' | 'latest';

/** Whether a window that ends has a last pane also if nothing came since the one before. */
export type ClosingBehavior = 'fireIfNonEmpty' | 'fireAlways';

/** Whether a window with elements has an on-time pane also if nothing came since an early one. */
export type OnTimeBehavior = 'fireAlways' | 'fireIfNonEmpty';

/** How a PCollection's elements are in windows, and when a grouping emits these: Beam's WindowingStrategy. */
export interface WindowingStrategy {
  readonly windowFn: WindowFn;
  readonly trigger: Trigger;
  readonly accumulationMode: AccumulationMode;
  readonly timestampCombiner: TimestampCombiner;
  /** For how long after its end, in event time, a window takes late elements; milliseconds. */
  readonly allowedLateness: number;
  readonly closingBehavior: ClosingBehavior;
  readonly onTimeBehavior: OnTimeBehavior;
}

/** All of event time in one window. */
export const GLOBAL_WINDOW_FN: WindowFn<unknown> = Object.freeze({
  name: 'GlobalWindows',
  standard: Object.freeze({ kind: 'global' }),
  assign: () => GLOBAL_WINDOWS,
});

/** What every PCollection has until `windowInto` says otherwise. */
export const GLOBAL_WINDOWING: WindowingStrategy = Object.freeze({
  windowFn: GLOBAL_WINDOW_FN,
  trigger: DEFAULT_TRIGGER,
  accumulationMode: 'discarding',
  timestampCombiner: 'endOfWindow',
  allowedLateness: 0,
  closingBehavior: 'fireIfNonEmpty',
  onTimeBehavior: 'fireAlways',
});
