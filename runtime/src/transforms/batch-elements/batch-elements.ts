import { describeValue } from '../../model/describe-value.ts';
import type { PCollection } from '../../model/pcollection.ts';
import type { PTransform } from '../../model/ptransform.ts';
import { durationMs, type Duration } from '../../windowing/duration.ts';
import { requirePCollection } from '../require-input.ts';
import { requireOptions } from '../require-options.ts';
import { BatchElementsFn, BATCHING } from './batch-elements-fn.ts';
import type { BatchTargets } from './batch-size-estimator.ts';

/** How batchElements batches. With equal sizes all batches are of that size, but for the last ones. */
export interface BatchElementsOptions<T> {
  /** Elements of a batch: 1 at least, unless told. */
  readonly minBatchSize?: number;
  /** 10 000 at most, unless told. */
  readonly maxBatchSize?: number;
  /** Which part of a batch's time its fixed cost should be: 0.05, unless told; null for no such aim. */
  readonly targetBatchOverhead?: number | null;
  /** How long a batch should take, without its fixed cost: 10 seconds, unless told; null for no such aim. */
  readonly targetBatchDuration?: Duration | null;
  /** How long a batch should take with its fixed cost: no such aim, unless told. */
  readonly targetBatchDurationIncludingFixedCost?: Duration | null;
  /** What an element counts for in the size of a batch: 1, unless told. A batch with one element may be larger than the most. */
  readonly elementSize?: (element: T) => number;
  /** By which part of itself a size may differ from the one that was found best, so that others are tried: 0.25, unless told. */
  readonly variance?: number;
  /** Milliseconds from any moment on: the machine's clock, unless told. */
  readonly clock?: () => number;
  /** Gives a number in [0, 1): Math.random, unless told. */
  readonly random?: () => number;
}

const OPTIONS: readonly (keyof BatchElementsOptions<unknown>)[] = [
  'minBatchSize',
  'maxBatchSize',
  'targetBatchOverhead',
  'targetBatchDuration',
  'targetBatchDurationIncludingFixedCost',
  'elementSize',
  'variance',
  'clock',
  'random',
];

/**
 * Brings elements together in arrays, for steps that have a cost for each call: `rows.apply(batchElements({ maxBatchSize: 100 }))`.
 *
 * The size is found while it runs, between the least and the most, from the time that what follows takes for each batch. Only what is
 * done in the same stage, and synchronously, is in that time: give the least and the most the same size where services are called, or use
 * requestResponse.
 *
 * - A batch has elements of one bundle and one window; it is in that window, at its last timestamp. The last batches of a bundle
 *   are smaller. Elements are in the order in which they came.
 * - For batches of the elements of many bundles, or of each key, use `groupIntoBatches`.
 * - Cost: unfinished batches of ten windows, at most, are in memory.
 * - Metrics: the distributions `batch_size` and `msec_per_batch`.
 *
 * @throws {RangeError} for a size, a part or a duration that is none, or no aim at all.
 * @see Beam Python's BatchElements
 */
export function batchElements<T>(
  options: BatchElementsOptions<T> = {},
): PTransform<PCollection<T>, PCollection<T[]>> {
  const name = 'BatchElements';
  const { elementSize = () => 1, clock = () => performance.now() } = requireOptions(
    options,
    'batch elements',
    OPTIONS,
  );
  const doFn = new BatchElementsFn(targetsOf(options), { elementSize, clock });
  return {
    name,
    expand: (input) =>
      requirePCollection(input, name).pipeline.addPrimitive({
        label: name,
        spec: { kind: 'parDo', doFn, context: { ...BATCHING }, tags: [], emitsWindowed: true },
        inputs: [input],
      }).main as PCollection<T[]>, // batches of what the input's type says
  };
}

function targetsOf<T>(options: BatchElementsOptions<T>): BatchTargets {
  const { minBatchSize = 1, maxBatchSize = 10_000, targetBatchOverhead = 0.05, variance = 0.25 } = options;
  requireThat(Number.isInteger(minBatchSize) && minBatchSize >= 1, 'minBatchSize', {
    must: 'a whole number, at least 1',
    received: minBatchSize,
  });
  requireThat(Number.isInteger(maxBatchSize) && maxBatchSize >= minBatchSize, 'maxBatchSize', {
    must: `a whole number, at least minBatchSize (${minBatchSize})`,
    received: maxBatchSize,
  });
  requireThat(
    targetBatchOverhead === null || (targetBatchOverhead > 0 && targetBatchOverhead <= 1),
    'targetBatchOverhead',
    { must: 'above 0, and 1 at most', received: targetBatchOverhead },
  );
  requireThat(variance >= 0 && variance <= 1, 'variance', { must: 'from 0 to 1', received: variance });
  const { targetBatchDuration = { seconds: 10 }, targetBatchDurationIncludingFixedCost: withCost = null } =
    options;
  if (targetBatchOverhead === null && targetBatchDuration === null && withCost === null) {
    throw new RangeError(
      'Cannot batch elements as at least one of targetBatchOverhead, targetBatchDuration and targetBatchDurationIncludingFixedCost must be an aim: received null',
    );
  }
  return {
    minBatchSize,
    maxBatchSize,
    overhead: targetBatchOverhead ?? undefined,
    duration: msOf(targetBatchDuration, 'targetBatchDuration'),
    durationWithFixedCost: msOf(withCost, 'targetBatchDurationIncludingFixedCost'),
    variance,
    random: options.random ?? Math.random,
  };
}

function msOf(duration: Duration | null, option: string): number | undefined {
  return duration === null
    ? undefined
    : durationMs(duration, { action: `batch elements as ${option}`, least: 1 });
}

function requireThat(
  isRight: boolean,
  option: string,
  { must, received }: { readonly must: string; readonly received: unknown },
): void {
  if (isRight) return;
  throw new RangeError(
    `Cannot batch elements as ${option} must be ${must}: received ${describeValue(received)}`,
  );
}
