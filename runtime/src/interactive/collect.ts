import type { PCollection } from '../model/pcollection.ts';
import { durationMs, type Duration } from '../windowing/duration.ts';
import { compute } from './compute.ts';
import { environment } from './environment.ts';
import { watchRun } from './watch-run.ts';

/** What `collect` takes. */
export interface CollectOptions {
  /** At most so many elements; the work upstream stops once they are there. All, if undefined. */
  readonly n?: number;
  /** Ends what need not end after so long; `options.recordingDuration`, if undefined. Open windows come out then. */
  readonly duration?: Duration;
  /** Ends the work; an interrupt of the cell does so by itself. */
  readonly signal?: AbortSignal;
}

/**
 * Runs what is needed and gives the elements as an array; from the cache where nothing changed.
 *
 * - Order: a PCollection has none. The same pipeline on the same input gives the same order here.
 * - Cost: all elements in memory, unless `n` says otherwise.
 * - Of an unbounded PCollection it gives what comes within `duration`.
 *
 * @throws {PipelineError} what the user can mend. @throws {RangeError} if `n` is not a whole number ≥ 0, or `duration`
 *   is not above 0.
 */
export async function collect<T>(pcollection: PCollection<T>, options: CollectOptions = {}): Promise<T[]> {
  const { n, duration } = options;
  if (n !== undefined && (!Number.isSafeInteger(n) || n < 0)) {
    throw new RangeError(`Cannot collect as n must be a whole number, 0 or more: received ${n}`);
  }
  const ms =
    duration === undefined ? undefined : durationMs(duration, { action: 'collect as duration', least: 1 });
  return await watchRun(options.signal, async ({ signal, onProgress }) => {
    const [answer] = await compute([pcollection], {
      environment,
      elements: n ?? Infinity,
      limit: n,
      duration: ms,
      windowInfo: false,
      signal,
      onProgress,
    });
    // The elements of a PCollection<T> are T: its transforms were checked when they were applied.
    return (answer?.values ?? []) as T[];
  });
}

/** The first elements, 5 unless told otherwise; the work upstream stops once they are there. */
export async function head<T>(
  pcollection: PCollection<T>,
  n = 5,
  options: Omit<CollectOptions, 'n'> = {},
): Promise<T[]> {
  return await collect(pcollection, { ...options, n });
}
