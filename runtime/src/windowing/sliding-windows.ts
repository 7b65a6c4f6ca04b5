import type { Timestamp } from '../model/timestamp.ts';
import type { StandardWindowFn, WindowFn } from '../model/window-fn.ts';
import type { BoundedWindow } from '../model/window.ts';
import { clampedWindow, startOf } from './clamped-window.ts';
import { durationMs, type Duration } from './duration.ts';
import { remembering } from './remembering.ts';

/**
 * Windows of one size, of which one starts every period: `windows.sliding({ size: { hours: 1 }, period: { minutes: 5 } })`.
 *
 * An element is in all that are open at its time, earliest first; in none, where the period is longer than the size and
 * it is between two: it is dropped then.
 *
 * @throws {RangeError} unless size and period are at least 1 ms, and offset less than the period.
 */
export function sliding({
  size,
  period,
  offset = 0,
}: {
  readonly size: Duration;
  readonly period: Duration;
  readonly offset?: Duration;
}): WindowFn<unknown> {
  const sizeMs = durationMs(size, { action: 'window in sliding windows as size', least: 1 });
  const periodMs = durationMs(period, { action: 'window in sliding windows as period', least: 1 });
  const offsetMs = durationMs(offset, { action: 'window in sliding windows as offset' });
  if (offsetMs >= periodMs) {
    throw new RangeError(
      `Cannot window in sliding windows as offset must be less than period: received ${offsetMs} ms and ${periodMs} ms`,
    );
  }
  return new SlidingWindows({ size: sizeMs, period: periodMs, offset: offsetMs });
}

class SlidingWindows implements WindowFn<unknown> {
  readonly name = 'SlidingWindows';
  readonly standard: StandardWindowFn & { readonly kind: 'sliding' };

  constructor(sizes: { readonly size: number; readonly period: number; readonly offset: number }) {
    this.standard = { kind: 'sliding', ...sizes };
  }

  assign(timestamp: Timestamp): readonly BoundedWindow[] {
    const { size, period } = this.standard;
    const windows: BoundedWindow[] = [];
    for (let start = startOf(timestamp, this.standard); start > timestamp - size; start -= period) {
      windows.unshift(clampedWindow(start, size));
    }
    return windows;
  }

  assigner(): (timestamp: Timestamp) => readonly BoundedWindow[] {
    const { size, period } = this.standard;
    // Which windows are open changes only where one starts, if none ends in between.
    if (size % period !== 0) return (timestamp) => this.assign(timestamp);
    const windowsOf = remembering((start) => this.assign(start));
    return (timestamp) => windowsOf(startOf(timestamp, this.standard));
  }
}
