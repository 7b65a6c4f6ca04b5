import type { Timestamp } from './timestamp.ts';
import type { BoundedWindow, IntervalWindow } from './window.ts';

/** Windows that become one. */
export interface WindowMerge {
  /** What they become; may be one of them. */
  readonly merged: IntervalWindow;
  /** Those that it takes in. */
  readonly of: readonly IntervalWindow[];
}

/** The window functions that every runner knows, as data; sizes, gaps and offsets are in milliseconds. */
export type StandardWindowFn =
  | { readonly kind: 'global' }
  | { readonly kind: 'fixed'; readonly size: number; readonly offset: number }
  | { readonly kind: 'sliding'; readonly size: number; readonly period: number; readonly offset: number }
  | { readonly kind: 'sessions'; readonly gap: number };

/**
 * Says in which windows an element is: Beam's WindowFn. `beam.windows` has the usual ones; a class of one's own serves
 * as well.
 *
 * - `assign` depends on its arguments alone, and gives at least one window for each element, or none to drop it.
 *   Windows with the same bounds are the same window.
 * - A WindowFn with `merge` merges: the windows of a key that a grouping has seen so far are given to it, whenever one
 *   is new, and become fewer. The result must not depend on the order in which they came.
 */
export interface WindowFn<in T = never> {
  /** What the graph calls it; the class name where absent. */
  readonly name?: string;
  /** Which of Beam's own it is; absent in one of the user's. */
  readonly standard?: StandardWindowFn;
  /** @param timestamp Event time, milliseconds since the epoch; may be negative. */
  assign(timestamp: Timestamp, element: T): readonly BoundedWindow[];
  /**
   * An `assign` for one stage of one run, which may remember windows that it made: equal windows that are the same object
   * are grouped faster. Absent where there is nothing to remember.
   */
  assigner?(): (timestamp: Timestamp, element: T) => readonly BoundedWindow[];
  /** @param windows Different ones, earliest start first. @returns the merges; a window in none of them stays as it is. */
  merge?(windows: readonly IntervalWindow[]): readonly WindowMerge[];
}
