import type { Timestamp } from '../model/timestamp.ts';
import type { Matcher } from './matcher.ts';

/** An element and its event time, in milliseconds since the epoch; the name is Beam's. */
export interface TimestampedValue<out T> {
  readonly value: T;
  readonly timestamp: Timestamp;
}

/** Gives a matcher each element with its timestamp: `withTimestamps(containsInAnyOrder([{ value: 'a', timestamp: 5 }]))`. */
export function withTimestamps<T>(matcher: Matcher<TimestampedValue<T>>): Matcher<T> {
  return {
    name: 'withTimestamps',
    judge: (elements) =>
      matcher.judge(
        elements.map((element) => ({
          ...element,
          value: { value: element.value, timestamp: element.timestamp },
        })),
      ),
  };
}
