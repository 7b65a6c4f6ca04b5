import type { ParDoParam } from './par-do-param.ts';
import type { Timestamp } from './timestamp.ts';
import type { BoundedWindow } from './window.ts';

/** Which clock a timer goes by. */
export type TimeDomain = 'eventTime' | 'processingTime';

/** How a timer is set. */
export interface SetTimerOptions {
  /**
   * The timestamp of what its callback emits: it holds the watermark back. As a default, when an event-time timer
   * fires, and the timestamp of the element or timer that set a processing-time timer.
   */
  readonly outputTimestamp?: Timestamp;
}

/** A timer of the element's key and window: at most one time is set; a new one replaces it. */
export interface Timer {
  /**
   * Has `onTimer` called when its clock comes to `timestamp`, milliseconds since the epoch.
   *
   * @throws {PipelineError} for an event time after the window's end and its allowed lateness.
   */
  set(timestamp: Timestamp, options?: SetTimerOptions): void;
  /** The same so many milliseconds from now, by the machine's clock: of a processing-time timer. */
  setRelative(milliseconds: number, options?: SetTimerOptions): void;
  clear(): void;
}

/** Timers told apart by a tag, of which there are as many as are set. */
export interface TimerFamily {
  get(tag: string): Timer;
}

/** A timer that is due: what `onTimer` is called with. */
export interface FiredTimer<K, Name extends string = string> {
  /** The name that the context gives it. */
  readonly name: Name;
  /** Of a family's timer; '' otherwise. */
  readonly tag: string;
  readonly key: K;
  readonly window: BoundedWindow;
  /** When it was to fire. */
  readonly fireTimestamp: Timestamp;
  /** The timestamp of what is emitted for it. */
  readonly timestamp: Timestamp;
}

/** A request for a timer, or a family of them; in the context of a `parDo`. */
export interface TimerSpec<T> extends ParDoParam<T> {
  readonly paramKind: 'timer';
  readonly domain: TimeDomain;
  readonly isFamily: boolean;
}

/**
 * Asks for a timer by event time: `{ flush: beam.eventTimeTimer() }`, in process `flush.set(…)`. The DoFn's
 * `onTimer(timer, context)` is called when the watermark has come there.
 *
 * Timers are per key and window, and survive a bundle. In a batch all elements come before the first timer fires.
 */
export function eventTimeTimer(): TimerSpec<Timer> {
  return { paramKind: 'timer', name: 'timer', domain: 'eventTime', isFamily: false };
}

/** Asks for a timer by the machine's clock. At the end of the input, those that are still set fire at once. */
export function processingTimeTimer(): TimerSpec<Timer> {
  return { paramKind: 'timer', name: 'timer', domain: 'processingTime', isFamily: false };
}

/** Asks for timers told apart by tags: `{ reminders: beam.timerFamily('eventTime') }`, `reminders.get('a').set(…)`. */
export function timerFamily(domain: TimeDomain): TimerSpec<TimerFamily> {
  const received: unknown = domain; // the types do not hold in plain JavaScript
  if (received !== 'eventTime' && received !== 'processingTime') {
    throw new RangeError(
      `Cannot make a timer family as its time domain must be "eventTime" or "processingTime": received ${String(received)}`,
    );
  }
  return { paramKind: 'timer', name: 'timer family', domain, isFamily: true };
}

export function isTimerSpec(value: unknown): value is TimerSpec<unknown> {
  return typeof value === 'object' && value !== null && 'paramKind' in value && value.paramKind === 'timer';
}
