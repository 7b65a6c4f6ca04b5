import { leadToUser } from '../display/stack-frames.ts';
import { PipelineAssertionError } from '../errors.ts';
import { PCollection } from '../model/pcollection.ts';
import { durationMs } from '../windowing/duration.ts';
import { AsyncComputationResult } from './async-computation-result.ts';
import type { CollectedAll, CollectOptions } from './collect.ts';
import { compute } from './compute.ts';
import { environment } from './environment.ts';
import { notebookHost } from './notebook-host.ts';
import { titleOf } from './title-of.ts';
import { warnOfNotices } from './watch-run.ts';

/** What `compute` takes beside PCollections. */
export type ComputeOptions = Omit<CollectOptions, 'as'>;

/**
 * Begins to compute PCollections of one pipeline, all in one run, and gives a handle at once; the cell need not wait. What
 * is in the cache is taken from there, and what can be cached is kept.
 *
 * The work has its turns between those of other cells, in the same thread. Interrupting the cell that began it cancels
 * it; an interrupt of a later cell does not.
 *
 * - Cost: all elements in memory, unless `n` says otherwise.
 * - Of an unbounded PCollection it gives what comes within `duration`.
 *
 * @param args PCollections, then options if any.
 * @throws {TypeError} if there is no PCollection, or something else. @throws {RangeError} if `n` is not a whole number ≥
 *   0, or `duration` is not above 0. What comes later, `result` rejects with.
 */
export function computeInBackground<const P extends readonly PCollection<unknown>[]>(
  ...pcollections: P
): AsyncComputationResult<CollectedAll<P, 'array'>>;
export function computeInBackground<const P extends readonly PCollection<unknown>[]>(
  ...args: [...P, ComputeOptions]
): AsyncComputationResult<CollectedAll<P, 'array'>>;
export function computeInBackground(
  ...args: readonly (PCollection<unknown> | ComputeOptions)[]
): AsyncComputationResult<readonly (readonly unknown[])[]> {
  const pcollections: PCollection<unknown>[] = [];
  const others: ComputeOptions[] = [];
  for (const arg of args) {
    if (arg instanceof PCollection) pcollections.push(arg);
    else others.push(arg);
  }
  const [options = {}, ...more] = others;
  if (pcollections.length === 0 || more.length > 0 || typeof (options as unknown) !== 'object') {
    throw new TypeError('Cannot compute as it takes PCollections, then options: received something else');
  }
  const { n, duration, signal } = options;
  if (n !== undefined && (!Number.isSafeInteger(n) || n < 0)) {
    throw new RangeError(`Cannot compute as n must be a whole number, 0 or more: received ${n}`);
  }
  const ms =
    duration === undefined ? undefined : durationMs(duration, { action: 'compute as duration', least: 1 });
  return new AsyncComputationResult({
    title: pcollections.map(titleOf).join(', '),
    signals: [signal, notebookHost()?.signal].filter((each) => each !== undefined),
    work: async (watched) => {
      try {
        const answers = await compute(pcollections, {
          environment,
          elements: n ?? Infinity,
          limit: n,
          duration: ms,
          windowInfo: false,
          ...watched,
        });
        return answers.map(({ values }) => values);
      } catch (error) {
        if (error instanceof PipelineAssertionError) leadToUser(error);
        throw error;
      } finally {
        warnOfNotices();
      }
    },
  });
}
