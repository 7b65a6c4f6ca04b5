import { PCollection } from '../model/pcollection.ts';
import { durationMs, type Duration } from '../windowing/duration.ts';
import type { ArrowTable, ColumnTable } from './column-table.ts';
import { compute } from './compute.ts';
import { environment } from './environment.ts';
import { watchRun } from './watch-run.ts';

/** What `collect` gives the elements as: an array, a table of Arquero, or an Arrow table. */
export type CollectAs = 'array' | 'arquero' | 'arrow';

/** What `collect` takes. */
export interface CollectOptions<A extends CollectAs = CollectAs> {
  /**
   * What to give: an `'array'` of the elements, unless told otherwise; a table of `'arquero'`, to go on with its verbs; or
   * an `'arrow'` table, as its `toArrow` makes one. Tables have the columns that a view has: one for each property.
   */
  readonly as?: A;
  /** At most so many elements; the work upstream stops once they are there. All, if undefined. */
  readonly n?: number;
  /** Ends what need not end after so long; `options.recordingDuration`, if undefined. Open windows come out then. */
  readonly duration?: Duration;
  /** Ends the work; an interrupt of the cell does so by itself. */
  readonly signal?: AbortSignal;
}

/** The elements of a PCollection<T> as they were asked for. */
export type Collected<T, A extends CollectAs> = A extends 'arquero'
  ? ColumnTable
  : A extends 'arrow'
    ? ArrowTable
    : T[];

/** The same of several PCollections: a tuple, in their order. */
export type CollectedAll<P extends readonly PCollection<unknown>[], A extends CollectAs> = {
  -readonly [K in keyof P]: P[K] extends PCollection<infer T> ? Collected<T, A> : never;
};

/**
 * Runs what is needed and gives the elements as an array, or as a table; from the cache where nothing changed.
 *
 * Several PCollections of one pipeline, `collect([a, b])`, share one run, and give a tuple: `const [as, bs] = await …`.
 *
 * - Order: a PCollection has none. The same pipeline on the same input gives the same order here.
 * - Cost: all elements in memory, unless `n` says otherwise.
 * - Of an unbounded PCollection it gives what comes within `duration`.
 *
 * @throws {PipelineError} what the user can mend: also PCollections of two pipelines. @throws {RangeError} if `n` is not a whole number ≥ 0, or `duration`
 *   is not above 0, or a table would have more than 1,000 columns. @throws {TypeError} if `as` is none of the three, or
 *   the elements have values that no Arrow table can hold.
 */
export async function collect<T, A extends CollectAs = 'array'>(
  pcollection: PCollection<T>,
  options?: CollectOptions<A>,
): Promise<Collected<T, A>>;
export async function collect<const P extends readonly PCollection<unknown>[], A extends CollectAs = 'array'>(
  pcollections: P,
  options?: CollectOptions<A>,
): Promise<CollectedAll<P, A>>;
export async function collect(
  what: PCollection<unknown> | readonly PCollection<unknown>[],
  options: CollectOptions = {},
): Promise<unknown> {
  const { n, duration, as = 'array' } = options;
  const several: readonly unknown[] =
    what instanceof PCollection ? [what] : Array.isArray(what) ? what : [undefined];
  const pcollections = several.filter((each) => each instanceof PCollection);
  if (pcollections.length < several.length) {
    throw new TypeError(
      'Cannot collect as it takes a PCollection, or an array of them: received something else',
    );
  }
  if (n !== undefined && (!Number.isSafeInteger(n) || n < 0)) {
    throw new RangeError(`Cannot collect as n must be a whole number, 0 or more: received ${n}`);
  }
  if (!['array', 'arquero', 'arrow'].includes(as)) {
    throw new TypeError(`Cannot collect as options.as must be 'array', 'arquero' or 'arrow': received ${as}`);
  }
  const ms =
    duration === undefined ? undefined : durationMs(duration, { action: 'collect as duration', least: 1 });
  if (pcollections.length === 0) return [];
  const answers = await watchRun(options.signal, ({ signal, onProgress }) =>
    compute(pcollections, {
      environment,
      elements: n ?? Infinity,
      limit: n,
      duration: ms,
      windowInfo: false,
      signal,
      onProgress,
    }),
  );
  const given = await givenAs(
    as,
    answers.map(({ values }) => values),
  );
  return what instanceof PCollection ? given[0] : given;
}

/** Tables are loaded with the first one. */
async function givenAs(as: CollectAs, several: readonly (readonly unknown[])[]): Promise<readonly unknown[]> {
  if (as === 'array') return several;
  const { arrowTable, columnTable } = await import('./column-table.ts');
  return several.map((rows) => (as === 'arrow' ? arrowTable(rows) : columnTable(rows)));
}

/** The first elements, 5 unless told otherwise; the work upstream stops once they are there. */
export async function head<T>(
  pcollection: PCollection<T>,
  n = 5,
  options: Omit<CollectOptions, 'n' | 'as'> = {},
): Promise<T[]> {
  return await collect(pcollection, { ...options, n });
}
