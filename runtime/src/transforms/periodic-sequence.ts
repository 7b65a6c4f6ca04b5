import { describeValue } from '../model/describe-value.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { PTransform } from '../model/ptransform.ts';
import type { Timestamp } from '../model/timestamp.ts';
import { durationMs, type Duration } from '../windowing/duration.ts';
import { PeriodicSource, type Period } from './periodic-source.ts';
import { requirePipeline } from './require-input.ts';
import { requireOptions } from './require-options.ts';
import { requireTimestamp } from './require-timestamp.ts';

/** Event times at equal distances. */
export interface PeriodicSequenceOptions {
  /** The first one, milliseconds since the epoch; when reading begins, unless told otherwise. One that has passed is made up for. */
  readonly start?: Timestamp;
  /** All are before it; without it there is no end. */
  readonly stop?: Timestamp;
  /** From each to the next. */
  readonly interval: Duration;
}

/**
 * Emits event times when they come, of several sequences: each element is a number of milliseconds since the epoch, and
 * has itself as its timestamp.
 *
 * None comes before its time; those that have passed come at once. The watermark is the next one that is to come. The
 * PCollection is unbounded, also where all sequences stop.
 *
 * Beam Python's PeriodicSequence takes a PCollection of sequences, which needs a splittable DoFn: this one begins a
 * pipeline, and takes an array.
 *
 * @throws {RangeError} if a time or an interval cannot be one. @throws {TypeError} if `sequences` is not an array.
 */
export function periodicSequence(
  sequences: readonly PeriodicSequenceOptions[],
): PTransform<Pipeline, PCollection<Timestamp>> {
  const received: unknown = sequences; // the types do not hold in plain JavaScript
  if (!Array.isArray(received)) {
    throw new TypeError(
      `Cannot make a periodic sequence as it takes an array of { start, stop, interval }: received ${describeValue(received)}`,
    );
  }
  const source = new PeriodicSource(
    sequences.map((sequence) => periodOf(sequence, 'make a periodic sequence')),
  );
  return {
    name: 'PeriodicSequence',
    expand: (pipeline) => readPeriodic(pipeline, 'PeriodicSequence', source),
  };
}

/** The options as milliseconds. @param action For errors: "make a periodic sequence". */
export function periodOf(options: PeriodicSequenceOptions, action: string): Period {
  const { start, stop, interval } = requireOptions(options, action, ['start', 'stop', 'interval']);
  const period = {
    start: start === undefined ? undefined : requireTimestamp(start, action, 'start'),
    stop: stop === undefined ? Infinity : requireTimestamp(stop, action, 'stop'),
    interval: durationMs(interval, { action: `${action} as interval`, least: 1 }),
  };
  if (period.start === undefined || period.start <= period.stop) return period;
  throw new RangeError(
    `Cannot ${action} as stop must not be before start: received ${period.start} to ${period.stop}`,
  );
}

/** Begins a pipeline with what a PeriodicSource emits. */
export function readPeriodic(
  pipeline: Pipeline,
  label: string,
  source: PeriodicSource,
): PCollection<Timestamp> {
  return requirePipeline(pipeline, label).addPrimitive({
    label,
    spec: { kind: 'readUnbounded', source, isBounded: false },
    inputs: [],
  }).main as PCollection<Timestamp>; // a PeriodicSource emits timestamps
}
