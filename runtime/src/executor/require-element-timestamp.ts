import { PipelineError } from '../errors.ts';
import { describeValue } from '../model/describe-value.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../model/timestamp.ts';

/**
 * Gives the timestamp that a user's function says of an element, in whole milliseconds: Beam's time has no smaller part.
 *
 * @param options.transform Full name, for the error.
 * @throws {PipelineError} if it is no number of milliseconds since the epoch.
 */
export function requireElementTimestamp(
  timestamp: unknown,
  { element, transform }: { readonly element: unknown; readonly transform: string },
): Timestamp {
  if (typeof timestamp === 'number' && timestamp >= MIN_TIMESTAMP && timestamp <= MAX_TIMESTAMP) {
    return Math.floor(timestamp);
  }
  const isDate = timestamp instanceof Date;
  throw new PipelineError(
    `Cannot assign a timestamp in "${transform}" as it must be a number of milliseconds since the epoch: ` +
      `received ${isDate ? 'a Date' : describeValue(timestamp)} for ${describeValue(element)}`,
    {
      transform,
      hint: isDate ? 'Give date.getTime()' : 'Date.parse(text) makes one of an ISO 8601 text',
    },
  );
}
