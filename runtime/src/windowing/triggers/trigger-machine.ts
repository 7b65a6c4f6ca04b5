import type { Timestamp } from '../../model/timestamp.ts';
import type { BoundedWindow } from '../../model/window.ts';

/** Where a window and time stand when a trigger is asked; milliseconds since the epoch. */
export interface TriggerContext {
  readonly window: BoundedWindow;
  /** The input watermark. */
  readonly watermark: Timestamp;
  readonly processingTime: Timestamp;
}

/** What firing comes to. */
export interface Fired<S> {
  readonly state: S;
  /** It never fires again: elements that come later are dropped. */
  readonly isFinished: boolean;
}

/**
 * A trigger of one key and window as a state machine: from a state and what happens to the next state. It has no clock and
 * keeps nothing; a state is never changed.
 */
export interface TriggerMachine<S = unknown> {
  /** The state of a window without elements. */
  readonly initial: S;
  /** An element has come. */
  onElement(state: S, context: TriggerContext): S;
  /** Windows have become one: `context.window`. There is at least one state. */
  onMerge(states: readonly S[], context: TriggerContext): S;
  /** Asked when elements have come, when the watermark has passed the window's end, and at `dueAt`. */
  shouldFire(state: S, context: TriggerContext): boolean;
  /** It fires; `shouldFire` was true. */
  fire(state: S, context: TriggerContext): Fired<S>;
  /** The processing time at which it may fire although nothing comes; undefined if there is none. */
  dueAt(state: S): Timestamp | undefined;
}

/** The earliest of some times; undefined if there is none. */
export function earliest(times: readonly (Timestamp | undefined)[]): Timestamp | undefined {
  return times.reduce(
    (least, time) => (time === undefined || (least !== undefined && least <= time) ? least : time),
    undefined,
  );
}
