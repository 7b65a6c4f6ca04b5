import type { PCollection } from '../model/pcollection.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { PTransform } from '../model/ptransform.ts';
import type { Timestamp } from '../model/timestamp.ts';
import { fixed } from '../windowing/fixed-windows.ts';
import { periodOf, readPeriodic, type PeriodicSequenceOptions } from './periodic-sequence.ts';
import { PeriodicSource } from './periodic-source.ts';
import { requireOptions } from './require-options.ts';
import { windowInto } from './window-into.ts';

/** When periodicImpulse emits. */
export interface PeriodicImpulseOptions extends PeriodicSequenceOptions {
  /** Puts each element in a window of its own: fixed windows as long as the interval. */
  readonly applyWindowing?: boolean;
}

/**
 * Emits an event time at each interval: `p.apply(beam.periodicImpulse({ interval: { minutes: 1 } }))`, to do something
 * over and over. Each element is its own timestamp, as in `periodicSequence`.
 *
 * @throws {RangeError} if a time or an interval cannot be one. @throws {TypeError} for an unknown option.
 * @see Beam Python's PeriodicImpulse
 */
export function periodicImpulse(
  options: PeriodicImpulseOptions,
): PTransform<Pipeline, PCollection<Timestamp>> {
  const action = 'make a periodic impulse';
  const known = ['start', 'stop', 'interval', 'applyWindowing'];
  const { applyWindowing = false, ...sequence } = requireOptions(options, action, known);
  const period = periodOf(sequence, action);
  const source = new PeriodicSource([period]);
  return {
    name: 'PeriodicImpulse',
    expand: (pipeline) => {
      const impulses = readPeriodic(pipeline, 'PeriodicImpulse', source);
      return applyWindowing ? impulses.apply(windowInto<Timestamp>(fixed(period.interval))) : impulses;
    },
  };
}
