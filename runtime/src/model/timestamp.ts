/**
 * An event time: milliseconds since the epoch, as a number.
 *
 * Beam's end timestamps do not fit a number exactly; these are the nearest ones. Only `coders/timestamp.ts` maps them
 * to the wire.
 */
export type Timestamp = number;

/** Before every event time: Beam's TIMESTAMP_MIN_VALUE. Elements of `create` and of text files carry it. */
export const MIN_TIMESTAMP: Timestamp = -9223372036854776;

/** After every event time: Beam's TIMESTAMP_MAX_VALUE; a watermark here says that the input has ended. */
export const MAX_TIMESTAMP: Timestamp = 9223372036854776;

/** The last event time in the global window, a day before the last of all, so that a watermark can pass it. */
export const END_OF_GLOBAL_WINDOW: Timestamp = Number(9223371950454775n);
