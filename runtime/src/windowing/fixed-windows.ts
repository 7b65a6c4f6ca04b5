import type { Timestamp } from '../model/timestamp.ts';
import type { StandardWindowFn, WindowFn } from '../model/window-fn.ts';
import type { BoundedWindow } from '../model/window.ts';
import { clampedWindow, startOf } from './clamped-window.ts';
import { durationMs, type Duration } from './duration.ts';
import { remembering } from './remembering.ts';

/**
 * Windows of one size, one after the other: `windows.fixed({ minutes: 1 })`.
 *
 * @param options.offset Moves their starts, which are at multiples of the size since the epoch.
 * @throws {RangeError} unless size is at least 1 ms, and offset less than size.
 */
export function fixed(
  size: Duration,
  { offset = 0 }: { readonly offset?: Duration } = {},
): WindowFn<unknown> {
  const sizeMs = durationMs(size, { action: 'window in fixed windows as size', least: 1 });
  const offsetMs = durationMs(offset, { action: 'window in fixed windows as offset' });
  if (offsetMs >= sizeMs) {
    throw new RangeError(
      `Cannot window in fixed windows as offset must be less than size: received ${offsetMs} ms and ${sizeMs} ms`,
    );
  }
  return new FixedWindows({ size: sizeMs, offset: offsetMs });
}

class FixedWindows implements WindowFn<unknown> {
  readonly name = 'FixedWindows';
  readonly standard: StandardWindowFn & { readonly kind: 'fixed' };

  constructor({ size, offset }: { readonly size: number; readonly offset: number }) {
    this.standard = { kind: 'fixed', size, offset };
  }

  assign(timestamp: Timestamp): readonly BoundedWindow[] {
    const { size, offset } = this.standard;
    return [clampedWindow(startOf(timestamp, { period: size, offset }), size)];
  }

  assigner(): (timestamp: Timestamp) => readonly BoundedWindow[] {
    const { size, offset } = this.standard;
    const windowsOf = remembering((start) => [clampedWindow(start, size)]);
    return (timestamp) => {
      const past = (timestamp - offset) % size;
      return windowsOf(timestamp - (past < 0 ? past + size : past));
    };
  }
}
