import type { Emit } from './bounded-source.ts';
import type { Timestamp } from './timestamp.ts';

/** How far one poll of an unbounded source came. */
export interface Polled<P> {
  /** Where to go on; undefined once the source has ended. */
  readonly position: P | undefined;
  /** No element that is emitted later will be older than this: milliseconds since the epoch. It never goes back. */
  readonly watermark: Timestamp;
  /** When there may be more: processing time, milliseconds since the epoch; one that has passed means at once. */
  readonly resumeAt: Timestamp;
}

/** What a poll is given. */
export interface PollOptions<T> {
  readonly emit: Emit<T>;
  /** Processing time, milliseconds since the epoch: the only clock that a source may look at. */
  readonly now: Timestamp;
  /** Emit no more elements than so many; what is left comes with the next poll, at once. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/**
 * A source that need not end, as a function from one position to the next.
 *
 * Nothing is kept between two polls but the position, which is plain data (it survives JSON): so an engine can stop a
 * source and go on later, a job can keep it in a checkpoint, and both read each element once.
 */
export interface UnboundedSource<T, P = unknown> {
  /**
   * The places where reading starts, each read alone; in a stable order.
   *
   * @param now Processing time, milliseconds since the epoch.
   */
  start(now: Timestamp): Promise<readonly P[]>;
  /**
   * Emits what is there from `position` on, without waiting for more.
   *
   * @throws {PipelineError} when it cannot be read; `signal.reason` once aborted.
   */
  poll(position: P, options: PollOptions<T>): Promise<Polled<P>>;
}
