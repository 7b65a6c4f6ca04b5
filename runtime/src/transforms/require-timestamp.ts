import { describeValue } from '../model/describe-value.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../model/timestamp.ts';

/**
 * Gives an event time, in whole milliseconds: Beam's time has no smaller part.
 *
 * @param action What is tried, for the error: "add elements to a test stream".
 * @param name What it is called: "timestamp".
 * @throws {RangeError} if it is no number of milliseconds since the epoch.
 */
export function requireTimestamp(timestamp: unknown, action: string, name: string): Timestamp {
  if (typeof timestamp === 'number' && timestamp >= MIN_TIMESTAMP && timestamp <= MAX_TIMESTAMP) {
    return Math.floor(timestamp);
  }
  const received = timestamp instanceof Date ? 'a Date; give date.getTime()' : describeValue(timestamp);
  throw new RangeError(
    `Cannot ${action} as ${name} must be a number of milliseconds since the epoch: received ${received}`,
  );
}
