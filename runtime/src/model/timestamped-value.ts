import type { Timestamp } from './timestamp.ts';

/**
 * An element with a timestamp of its own: `yield new TimestampedValue(line, Date.parse(line.slice(0, 24)))` in a DoFn. Without it
 * an element has the timestamp of what it was made of.
 *
 * One that is older than the watermark is late. It goes in a TaggedOutput: `new TaggedOutput('bad', new TimestampedValue(…))`.
 */
export class TimestampedValue<V> {
  /** Never there at run time: an element that happens to have a value and a timestamp is not taken for one of these. */
  declare protected readonly isTimestampedValue: true;
  readonly value: V;
  /** Milliseconds since the epoch. */
  readonly timestamp: Timestamp;

  constructor(value: V, timestamp: Timestamp) {
    this.value = value;
    this.timestamp = timestamp;
  }
}
