import { END_OF_GLOBAL_WINDOW, MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../model/timestamp.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';
import { refuseValue } from './refuse-value.ts';

/**
 * The timestamps of Beam that a number does not hold exactly, by the number that is nearest: the two ends, and the
 * end of the global window, a day before the last.
 */
const EXACT = new Map<Timestamp, bigint>([
  [MIN_TIMESTAMP, -9223372036854775n],
  [MAX_TIMESTAMP, 9223372036854775n],
  [END_OF_GLOBAL_WINDOW, 9223371950454775n],
]);

const LEAST = -9223372036854775n;

const TWO_32 = 2 ** 32;

/** Whole milliseconds since the epoch, exactly as Beam counts them, also at the ends of time. */
export function exactMillis(timestamp: Timestamp): bigint {
  return EXACT.get(timestamp) ?? BigInt(timestamp);
}

/**
 * Writes a timestamp as 8 bytes in the order of time: with the highest bit flipped, so that negative ones come first.
 *
 * @throws {PipelineError} if it is not a whole number of milliseconds between Beam's ends.
 */
export function encodeTimestamp(timestamp: Timestamp, to: OutputBytes): void {
  if (Number.isSafeInteger(timestamp)) {
    const high = Math.floor(timestamp / TWO_32);
    to.uint32(high ^ 0x80000000);
    to.uint32(timestamp - high * TWO_32);
  } else if (Number.isInteger(timestamp) && timestamp >= MIN_TIMESTAMP && timestamp <= MAX_TIMESTAMP) {
    encodeExactMillis(exactMillis(timestamp), to);
  } else {
    refuseValue(timestamp, { coder: 'a timestamp', what: 'whole milliseconds since the epoch' });
  }
}

/** Writes a timestamp that a number may not hold, as `exactMillis` gives it. */
export function encodeExactMillis(millis: bigint, to: OutputBytes): void {
  const flipped = BigInt.asUintN(64, millis) ^ (1n << 63n);
  to.uint32(Number(flipped >> 32n));
  to.uint32(Number(flipped & 0xffffffffn));
}

/** Reads a timestamp; one that a number does not hold exactly becomes the nearest one. */
export function decodeTimestamp(from: InputBytes): Timestamp {
  const high = from.uint32() ^ 0x80000000;
  return high * TWO_32 + from.uint32();
}

/** The time that is `span` milliseconds before another, computed exactly. */
export function millisBefore(timestamp: Timestamp, span: number): Timestamp {
  const start = timestamp - span;
  if (Number.isSafeInteger(timestamp) && Number.isSafeInteger(start)) return start;
  const exact = exactMillis(timestamp) - BigInt(span);
  return Number(exact < LEAST ? LEAST : exact);
}

/** How long it is from one time to a later one, computed exactly. */
export function millisBetween(start: Timestamp, end: Timestamp): number {
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end)) return end - start;
  return Number(exactMillis(end) - exactMillis(start));
}
