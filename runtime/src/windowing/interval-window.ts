import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../model/timestamp.ts';
import type { IntervalWindow } from '../model/window.ts';

/**
 * The window `[start, end)`: what a WindowFn of one's own gives.
 *
 * @param start Milliseconds since the epoch, as is `end`.
 * @throws {RangeError} unless both are whole milliseconds of Beam's time, and start is before end.
 */
export function intervalWindow(start: Timestamp, end: Timestamp): IntervalWindow {
  const areTimes = [start, end].every(
    (time) => Number.isInteger(time) && time >= MIN_TIMESTAMP && time <= MAX_TIMESTAMP,
  );
  if (areTimes && start < end) return Object.freeze({ kind: 'interval', start, end });
  throw new RangeError(
    `Cannot make a window as start and end must be whole milliseconds since the epoch, start before end: received ` +
      `[${String(start)}, ${String(end)})`,
  );
}
