import type { Timestamp } from '../model/timestamp.ts';
import type { BoundedWindow, IntervalWindow } from '../model/window.ts';

/** So many windows are kept. */
const MOST_KEPT = 4096;

interface Span {
  readonly start: Timestamp;
  readonly end: Timestamp;
  readonly windows: readonly BoundedWindow[];
}

/**
 * Makes each window of a WindowFn once, whose windows do not overlap, but of which only a slow calendar knows where they
 * start: one that was made is found by the times in it, also where elements of several days come by turns.
 *
 * Cost: O(log n) for n windows that are kept.
 */
export function rememberingSpans(
  make: (timestamp: Timestamp) => IntervalWindow,
): (timestamp: Timestamp) => readonly BoundedWindow[] {
  const kept: Span[] = []; // earliest first
  let last: Span = { start: Infinity, end: -Infinity, windows: [] };
  return (timestamp) => {
    if (timestamp >= last.start && timestamp < last.end) return last.windows;
    let at = firstAfter(kept, timestamp);
    const before = kept[at - 1];
    if (before !== undefined && timestamp < before.end) return (last = before).windows;
    const window = make(timestamp);
    if (kept.length >= MOST_KEPT) at = kept.length = 0;
    last = { start: window.start, end: window.end, windows: Object.freeze([window]) };
    kept.splice(at, 0, last);
    return last.windows;
  };
}

/** The index of the first span that starts after a time; their number if none does. */
function firstAfter(spans: readonly Span[], timestamp: Timestamp): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.start ?? Infinity) <= timestamp) low = middle + 1;
    else high = middle;
  }
  return low;
}
