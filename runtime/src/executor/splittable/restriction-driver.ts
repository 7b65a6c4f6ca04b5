import type { Timestamp } from '../../model/timestamp.ts';
import type { WindowedValue } from '../../model/windowed-value.ts';
import type { RunningRestriction } from './running-restriction.ts';

/** A part of the work for an element: what a splittable operator takes for one. Plain data, but for the element. */
export interface RestrictionWork {
  readonly element: unknown;
  readonly restriction: unknown;
  /** What the watermark estimator is made of; undefined without one. */
  readonly estimatorState: unknown;
}

/** Work that was not done yet, with all that belongs to its element. */
export interface RestrictionResidual {
  readonly work: WindowedValue<RestrictionWork>;
  /** No output of it will be older than this; undefined without an estimator: then none is older than its element. */
  readonly watermark: Timestamp | undefined;
  /** When to go on: processing time, milliseconds since the epoch; one that has passed means at once. */
  readonly resumeAt: Timestamp;
}

/** Has restrictions worked on, one at a time, and may split the one under way. */
export interface RestrictionDriver {
  /** Processing time, milliseconds since the epoch. */
  readonly now: () => Timestamp;
  /** Work begins. */
  begin(running: RunningRestriction): void;
  /** It has emitted an element, and waits until this returns. */
  emitted(running: RunningRestriction): void;
  /** It is done, or what is left of it was handed back. */
  done(running: RunningRestriction): void;
  /** Takes work back that a DoFn leaves for later. */
  handBack(residual: RestrictionResidual): void;
}
