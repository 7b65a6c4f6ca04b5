import type { Receiver } from '../../../../model/windowed-value.ts';
import type { Timestamp } from '../../../../model/timestamp.ts';

/** The work for an element that was not done yet. */
export interface Residual<R> {
  readonly restriction: R;
  /** No output of it will be older than this: milliseconds since the epoch. */
  readonly watermark: Timestamp;
  /** When to go on: processing time, milliseconds since the epoch; one that has passed means at once. */
  readonly resumeAt: Timestamp;
}

/** What the processing of a restriction is given. */
export interface ProcessOptions {
  readonly out: Receiver;
  /** Processing time, milliseconds since the epoch. */
  readonly now: () => Timestamp;
  /** True once the runner wants the bundle to end: a residual is welcome. */
  readonly isHurried: () => boolean;
  readonly signal: AbortSignal;
}

/**
 * A function whose work for one element can be cut in pieces: what a restriction says of the element is done, and the
 * rest is handed back to the runner as a residual. Restrictions are plain data (they survive JSON).
 *
 * @see https://s.apache.org/splittable-do-fn
 */
export interface Splittable<R> {
  /** All of the work for an element. */
  restrictionOf(element: unknown): Promise<R>;
  /** How much work a restriction is, in a measure of its own, for the runner's balance. */
  sizeOf(restriction: R): number;
  /** Does some of the work, or all; gives what is left, or undefined. */
  process(element: unknown, restriction: R, options: ProcessOptions): Promise<Residual<R> | undefined>;
  /** What is left to do of a restriction when a job is drained: undefined for nothing. */
  truncate(restriction: R): R | undefined;
}
