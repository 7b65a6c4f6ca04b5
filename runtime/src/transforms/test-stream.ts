import { describeValue } from '../model/describe-value.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { PTransform } from '../model/ptransform.ts';
import type { TestStreamEvent } from '../model/test-stream-event.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../model/timestamp.ts';
import { durationMs, type Duration } from '../windowing/duration.ts';
import { requirePipeline } from './require-input.ts';
import { requireTimestamp } from './require-timestamp.ts';

/** An element with its event time, milliseconds since the epoch. */
export interface TimestampedElement<T> {
  readonly value: T;
  readonly timestamp: Timestamp;
}

/**
 * An unbounded PCollection made by hand, to see what a pipeline does with event time: each method adds one event, and
 * gives a new TestStream, which can be applied to a pipeline as it is.
 *
 * An event comes when all that follows from the one before is done. Processing time stands still between them. After the
 * last event the stream ends, and the watermark goes to the end of time. Make one with `testStream()`.
 */
export class TestStream<T> implements PTransform<Pipeline, PCollection<T>> {
  readonly name = 'TestStream';
  readonly #events: readonly TestStreamEvent[];
  readonly #watermark: Timestamp;

  /** Use `testStream()`. */
  constructor(events: readonly TestStreamEvent[] = [], watermark: Timestamp = MIN_TIMESTAMP) {
    this.#events = events;
    this.#watermark = watermark;
  }

  /**
   * Elements that arrive together: `{ value, timestamp }`, or values, which get the watermark as their timestamp.
   *
   * What has the two fields `value` and `timestamp`, and no other, is a value with its timestamp.
   *
   * @throws {TypeError} if `elements` is not an array.
   * @throws {RangeError} if a timestamp is none, or is the end of time; after the watermark came to infinity.
   */
  addElements(elements: readonly (TimestampedElement<T> | T)[]): TestStream<T> {
    const received: unknown = elements; // the types do not hold in plain JavaScript
    if (!Array.isArray(received)) {
      throw new TypeError(
        `Cannot add elements to a test stream as they must be an array: received ${describeValue(received)}`,
      );
    }
    const timestamped = received.map((element: unknown) => this.#timestamped(element));
    return this.#with({ kind: 'elements', elements: timestamped });
  }

  /**
   * The watermark comes to `timestamp`: what is older from now on is late.
   *
   * @throws {RangeError} if it would go back; at the end of time, for which there is advanceWatermarkToInfinity.
   */
  advanceWatermarkTo(timestamp: Timestamp): TestStream<T> {
    const watermark = requireBeforeTheEnd(timestamp, 'advance the watermark', 'it');
    if (watermark < this.#watermark) {
      throw new RangeError(
        `Cannot advance the watermark as it must not go back: received ${watermark} after ${this.#watermark}`,
      );
    }
    return this.#with({ kind: 'watermark', watermark }, watermark);
  }

  /** The watermark comes to the end of time; nothing can come after. A stream that ends does so by itself. */
  advanceWatermarkToInfinity(): TestStream<T> {
    return this.#with({ kind: 'watermark', watermark: MAX_TIMESTAMP }, MAX_TIMESTAMP);
  }

  /** @throws {RangeError} if `duration` is not above 0. */
  advanceProcessingTime(duration: Duration): TestStream<T> {
    const advanceBy = durationMs(duration, { action: 'advance processing time as it', least: 1 });
    return this.#with({ kind: 'processingTime', advanceBy });
  }

  expand(pipeline: Pipeline): PCollection<T> {
    return requirePipeline(pipeline, this.name).addPrimitive({
      label: this.name,
      spec: { kind: 'testStream', events: this.#events },
      inputs: [],
    }).main as PCollection<T>; // made of the elements above
  }

  #with(event: TestStreamEvent, watermark = this.#watermark): TestStream<T> {
    if (this.#watermark === MAX_TIMESTAMP) {
      throw new RangeError(
        'Cannot add to a test stream as its watermark is at infinity, and nothing can come after that',
      );
    }
    return new TestStream([...this.#events, event], watermark);
  }

  #timestamped(element: unknown): TimestampedElement<unknown> {
    if (!isTimestamped(element)) return { value: element, timestamp: this.#watermark };
    const { value, timestamp } = element;
    return { value, timestamp: requireBeforeTheEnd(timestamp, 'add elements to a test stream', 'timestamp') };
  }
}

/**
 * Begins a stream of events made by hand, for tests of what a pipeline does with event time:
 *
 * ```ts
 * const scores = p.apply(
 *   beam.testStream<number>()
 *     .addElements([{ value: 1, timestamp: 0 }, { value: 2, timestamp: 30_000 }])
 *     .advanceWatermarkTo(60_000)
 *     .addElements([{ value: 3, timestamp: 10_000 }]) // late
 *     .advanceProcessingTime({ minutes: 1 }),
 * );
 * ```
 *
 * @see Beam's TestStream
 */
export function testStream<T>(): TestStream<T> {
  return new TestStream<T>();
}

function isTimestamped(element: unknown): element is TimestampedElement<unknown> {
  return (
    typeof element === 'object' &&
    element !== null &&
    'value' in element &&
    'timestamp' in element &&
    Object.keys(element).length === 2
  );
}

function requireBeforeTheEnd(timestamp: unknown, action: string, name: string): Timestamp {
  const checked = requireTimestamp(timestamp, action, name);
  if (checked < MAX_TIMESTAMP) return checked;
  throw new RangeError(`Cannot ${action} as ${name} must be before the end of time: received ${checked}`);
}
