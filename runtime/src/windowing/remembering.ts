import type { Timestamp } from '../model/timestamp.ts';
import type { BoundedWindow } from '../model/window.ts';

/** Windows of so many starts are kept. */
const MOST_KEPT = 4096;

/**
 * Makes the windows of each start once, so that elements of the same windows share one array: groupings then find these by
 * identity.
 */
export function remembering(
  make: (start: Timestamp) => readonly BoundedWindow[],
): (start: Timestamp) => readonly BoundedWindow[] {
  const kept = new Map<Timestamp, readonly BoundedWindow[]>();
  let lastStart = NaN;
  let last: readonly BoundedWindow[] = [];
  return (start) => {
    if (start === lastStart) return last;
    let windows = kept.get(start);
    if (windows === undefined) {
      windows = Object.freeze([...make(start)]);
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(start, windows);
    }
    lastStart = start;
    return (last = windows);
  };
}
