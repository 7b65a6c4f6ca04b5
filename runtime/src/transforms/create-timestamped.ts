import { describeValue } from '../model/describe-value.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { PTransform } from '../model/ptransform.ts';
import { create } from './create.ts';
import { assignTimestamps } from './assign-timestamps.ts';
import { requirePipeline } from './require-input.ts';
import { requireTimestamp } from './require-timestamp.ts';
import type { TimestampedElement } from './test-stream.ts';

/**
 * Makes a PCollection of values at their event times: `p.apply(beam.createTimestamped([{ value: 'a', timestamp: 1000 }]))`.
 *
 * Timestamps are milliseconds since the epoch. The array is copied now; all are in the global window.
 *
 * @throws {TypeError} if `elements` is not an array of { value, timestamp }. @throws {RangeError} if a timestamp is none.
 * @see Beam Java's Create.timestamped
 */
export function createTimestamped<T>(
  elements: readonly TimestampedElement<T>[],
): PTransform<Pipeline, PCollection<T>> {
  const root = create(elements);
  for (const element of elements as readonly unknown[]) {
    if (typeof element !== 'object' || element === null || !('value' in element && 'timestamp' in element)) {
      throw new TypeError(
        `Cannot create a PCollection as each of its elements must be { value, timestamp }: received ${describeValue(element)}`,
      );
    }
    requireTimestamp(element.timestamp, 'create a PCollection', 'timestamp');
  }
  return {
    name: 'Create',
    expand: (pipeline) =>
      requirePipeline(pipeline, 'Create')
        .apply(root)
        .apply(assignTimestamps(timestampOf<T>))
        .map(valueOf<T>),
  };
}

function timestampOf<T>({ timestamp }: TimestampedElement<T>): number {
  return timestamp;
}

function valueOf<T>({ value }: TimestampedElement<T>): T {
  return value;
}
