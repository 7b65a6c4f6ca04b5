import { END_OF_GLOBAL_WINDOW, MIN_TIMESTAMP, type Timestamp } from '../model/timestamp.ts';
import type { IntervalWindow } from '../model/window.ts';

/**
 * The window `[start, start + size)`, cut off at the ends of Beam's time: elements that have no timestamp are at its
 * beginning.
 */
export function clampedWindow(start: Timestamp, size: number): IntervalWindow {
  return Object.freeze({
    kind: 'interval',
    start: Math.max(start, MIN_TIMESTAMP),
    end: Math.min(start + size, END_OF_GLOBAL_WINDOW),
  });
}

/** The largest multiple of `period`, counted from `offset`, that is not after `timestamp`. */
export function startOf(
  timestamp: Timestamp,
  { period, offset }: { readonly period: number; readonly offset: number },
): Timestamp {
  const past = (timestamp - offset) % period;
  return timestamp - (past < 0 ? past + period : past);
}
