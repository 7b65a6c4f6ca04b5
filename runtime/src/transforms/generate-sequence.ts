import { describeValue } from '../model/describe-value.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { PTransform } from '../model/ptransform.ts';
import type { Timestamp } from '../model/timestamp.ts';
import { durationMs, type Duration } from '../windowing/duration.ts';
import { requirePipeline } from './require-input.ts';
import { requireOptions } from './require-options.ts';
import { SequenceSource } from './sequence-source.ts';

/** What generateSequence counts, and how fast. */
export interface GenerateSequenceOptions {
  /** The first number; 0 unless told otherwise. */
  readonly start?: number;
  /** The number after the last one; without it the sequence need not end. */
  readonly stop?: number;
  /** So many elements in so much time, evenly; as fast as they are taken unless told otherwise. */
  readonly rate?: { readonly elements: number; readonly per: Duration };
  /** The event time of an element, milliseconds since the epoch; must not go back from one element to the next. */
  readonly timestampFn?: (element: number) => Timestamp;
  /** Ends the sequence so long after reading began. */
  readonly maxReadTime?: Duration;
}

const ACTION = 'generate a sequence';

/**
 * Counts: `p.apply(beam.generateSequence({ rate: { elements: 10, per: { seconds: 1 } } }))`.
 *
 * Event times are what `timestampFn` says. Without it they are the moments at which the elements are due: so long after
 * reading began as the rate says, or now where there is no rate. A sequence with a stop and no clock in it (no rate, no
 * maxReadTime) has the earliest timestamp, as `create` has, and can be cached.
 *
 * The PCollection is bounded with a `stop` or a `maxReadTime`, and unbounded without.
 *
 * @throws {RangeError} if a number, a rate or a duration cannot be one. @throws {TypeError} for an unknown option.
 * @see Beam Java's GenerateSequence: from, to, withRate, withTimestampFn, withMaxReadTime
 */
export function generateSequence(
  options: GenerateSequenceOptions = {},
): PTransform<Pipeline, PCollection<number>> {
  const {
    start = 0,
    stop,
    rate,
    timestampFn,
    maxReadTime,
  } = requireOptions(options, ACTION, ['start', 'stop', 'rate', 'timestampFn', 'maxReadTime']);
  requireWholeNumber(start, 'start');
  if (stop !== undefined) requireWholeNumber(stop, 'stop');
  if (stop !== undefined && stop < start) {
    throw new RangeError(`Cannot ${ACTION} as stop must not be before start: received ${start} to ${stop}`);
  }
  if (timestampFn !== undefined && typeof (timestampFn as unknown) !== 'function') {
    throw new TypeError(
      `Cannot ${ACTION} as timestampFn must be a function: received ${describeValue(timestampFn)}`,
    );
  }
  const source = new SequenceSource({
    first: start,
    stop: stop ?? Infinity,
    rate: rate && requireRate(rate),
    timestampFn,
    maxReadTimeMs:
      maxReadTime === undefined
        ? Infinity
        : durationMs(maxReadTime, { action: `${ACTION} as maxReadTime`, least: 1 }),
  });
  return {
    name: 'GenerateSequence',
    expand: (pipeline) =>
      requirePipeline(pipeline, 'GenerateSequence').addPrimitive({
        label: 'GenerateSequence',
        spec: {
          kind: 'readUnbounded',
          source,
          isBounded: stop !== undefined || maxReadTime !== undefined,
          isDeterministic: stop !== undefined && rate === undefined && maxReadTime === undefined,
        },
        inputs: [],
      }).main as PCollection<number>, // a SequenceSource emits numbers
  };
}

function requireWholeNumber(value: number, name: string): void {
  if (Number.isSafeInteger(value)) return;
  throw new RangeError(
    `Cannot ${ACTION} as ${name} must be a whole number: received ${describeValue(value)}`,
  );
}

function requireRate(rate: NonNullable<GenerateSequenceOptions['rate']>): SequenceSource['rate'] {
  const { elements, per } = requireOptions(rate, `${ACTION} at a rate`, ['elements', 'per']);
  if (!(Number.isFinite(elements) && elements > 0)) {
    throw new RangeError(
      `Cannot ${ACTION} as rate.elements must be a number above 0: received ${describeValue(elements)}`,
    );
  }
  return { elements, perMs: durationMs(per, { action: `${ACTION} as rate.per`, least: 1 }) };
}
