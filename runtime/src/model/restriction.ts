import { describeValue } from './describe-value.ts';
import type { ParDoParam } from './par-do-param.ts';

/** How much of a restriction is done and left to do, in one measure of its own: bytes, offsets, files. */
export interface RestrictionProgress {
  readonly completed: number;
  /** Infinity where no end is known. */
  readonly remaining: number;
}

/**
 * Keeps what a restriction still is while its work is done: positions are claimed one after the other, and what is not
 * claimed yet can be split off at any time.
 *
 * A tracker is used by one call of `process`. Restrictions are plain data, encodable as elements are.
 *
 * @see https://beam.apache.org/documentation/programming-guide/#splittable-dofns
 */
export interface RestrictionTracker<R, P> {
  /** What `process` is to do: of a restriction that was split, the part that is still its own. */
  currentRestriction(): R;
  /**
   * Whether the work at a position is this call's: all work before it is then done, or under way.
   *
   * False once what is left was split off, or has ended: `process` returns. A position comes before the next one.
   */
  tryClaim(position: P): boolean;
  /**
   * Gives away some of what is not claimed: with 0 all of it, with 0.5 about half. It keeps the first part.
   *
   * @returns undefined if nothing can be split off; it is unchanged then.
   */
  trySplit(fractionOfRemainder: number): { readonly primary: R; readonly residual: R } | undefined;
  /** @throws {Error} if something of its restriction was not claimed: elements would be lost. */
  checkDone(): void;
  currentProgress(): RestrictionProgress;
}

/** Says what work there is for an element of a splittable DoFn, and how it is cut. The name is Beam's. */
export interface RestrictionProvider<T, R, P> {
  /** All of the work for an element. */
  initialRestriction(element: T): R | PromiseLike<R>;
  createTracker(restriction: R): RestrictionTracker<R, P>;
  /** Cuts an element's work before any of it is done, for many workers; together the parts are the whole. One part if absent. */
  split?(element: T, restriction: R): Iterable<R> | PromiseLike<Iterable<R>>;
  /** How much work it is, in a measure of its own, for a runner's balance; what its tracker says is left if absent. */
  restrictionSize?(element: T, restriction: R): number;
  /**
   * What is left to do when a job is drained, which ends it as soon as it can without losing what was begun; undefined for
   * nothing. If absent: all of a bounded restriction, nothing of an unbounded one.
   */
  truncate?(element: T, restriction: R): R | undefined | PromiseLike<R | undefined>;
  /** False if the work for an element need not end: what comes out is unbounded. True if absent. */
  readonly isBounded?: boolean;
}

/** The restriction that `process` is called for. The tracker of its provider is behind it. */
export interface Restriction<R, P> {
  /** What is to do: begin at its start. A split may make it smaller while it is worked on. */
  currentRestriction(): R;
  /** Whether the work at a position is this call's: if not, return. */
  tryClaim(position: P): boolean;
  /**
   * Hands back all that was not claimed, to go on so many milliseconds from now, or at once; then return. Nothing happens
   * if there is nothing left.
   */
  deferRemainder(delayMs?: number): void;
}

/** A request for the restriction to work on: it makes a DoFn splittable. */
export interface RestrictionParam<R, P> extends ParDoParam<Restriction<R, P>> {
  readonly paramKind: 'restriction';
  readonly provider: RestrictionProvider<unknown, R, P>;
}

/**
 * Makes a DoFn splittable: `parDo(new Read(), { work: beam.restrictionParam(new FileRanges()) })`, and in process
 * `for (let at = work.currentRestriction().start; work.tryClaim(at); …) yield …`.
 *
 * - The provider says what work there is for each element, as a restriction; `process` claims position after position, and
 *   emits what is there. A runner may split what is not claimed off at any time and have it done elsewhere, and `process` may
 *   itself hand the rest back to go on later. Each position is worked on once.
 * - `process` is a generator, sync or async, or returns when it has claimed all: what it does is seen at each claim.
 * - Here in the notebook, initial splits are worked on one after the other. What need not end is cut about every second, so
 *   that what follows goes on.
 * - A DoFn has one restriction, and then no state and no timers.
 *
 * @throws {TypeError} if it is no provider.
 * @see Beam Python's DoFn.RestrictionParam
 */
export function restrictionParam<T, R, P>(provider: RestrictionProvider<T, R, P>): RestrictionParam<R, P> {
  const received: unknown = provider; // the types do not hold in plain JavaScript
  for (const method of ['initialRestriction', 'createTracker'] as const) {
    if (typeof received === 'object' && received !== null && method in received) continue;
    throw new TypeError(
      `Cannot make a restriction parameter as its provider must have the method ${method}: received ${describeValue(received)}`,
    );
  }
  // The pipeline gives it the elements that it is for.
  const ofAny = provider as RestrictionProvider<unknown, R, P>;
  return { paramKind: 'restriction', name: 'restriction', provider: ofAny };
}

export function isRestrictionParam(value: unknown): value is RestrictionParam<unknown, unknown> {
  return (
    typeof value === 'object' && value !== null && 'paramKind' in value && value.paramKind === 'restriction'
  );
}
