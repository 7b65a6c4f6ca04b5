import type { Timestamp } from '../model/timestamp.ts';
import type { StandardWindowFn, WindowFn, WindowMerge } from '../model/window-fn.ts';
import type { BoundedWindow, IntervalWindow } from '../model/window.ts';
import { clampedWindow } from './clamped-window.ts';
import { durationMs, type Duration } from './duration.ts';

/**
 * Windows of a key's elements that are less than a gap apart: `windows.sessions({ minutes: 10 })`.
 *
 * A session ends a gap after its last element. Windows are half-open: elements that are exactly a gap apart are in two
 * sessions.
 *
 * @throws {RangeError} unless the gap is at least 1 ms.
 */
export function sessions(gap: Duration): WindowFn<unknown> {
  return new Sessions(durationMs(gap, { action: 'window in sessions as gap', least: 1 }));
}

class Sessions implements WindowFn<unknown> {
  readonly name = 'Sessions';
  readonly standard: StandardWindowFn & { readonly kind: 'sessions' };

  constructor(gap: number) {
    this.standard = { kind: 'sessions', gap };
  }

  assign(timestamp: Timestamp): readonly BoundedWindow[] {
    return [clampedWindow(timestamp, this.standard.gap)];
  }

  merge(windows: readonly IntervalWindow[]): readonly WindowMerge[] {
    return mergeOverlapping(windows);
  }
}

/** Merges windows that overlap, also by way of others; those that only touch stay apart. */
export function mergeOverlapping(windows: readonly IntervalWindow[]): readonly WindowMerge[] {
  const merges: WindowMerge[] = [];
  let open: IntervalWindow[] = [];
  let [start, end] = [0, -Infinity];
  const close = () => {
    if (open.length > 1) merges.push({ merged: Object.freeze({ kind: 'interval', start, end }), of: open });
  };
  for (const window of windows.toSorted((a, b) => a.start - b.start)) {
    if (window.start < end) {
      open.push(window);
      end = Math.max(end, window.end);
    } else {
      close();
      open = [window];
      ({ start, end } = window);
    }
  }
  close();
  return merges;
}
