import { chartBundle } from '../display/chart-bundle.ts';
import { chooseChart } from '../display/chart.ts';
import type { MimeBundle } from '../display/mime-bundle.ts';
import { pcollectionBundle } from '../display/pcollection-bundle.ts';
import { inferSchema, type Schema } from '../display/schema.ts';
import type { PCollection } from '../model/pcollection.ts';
import { durationMs, type Duration } from '../windowing/duration.ts';
import { compute, type Materialised } from './compute.ts';
import { environment } from './environment.ts';
import { graphView } from './graph-view.ts';
import { noteOf } from './note-of.ts';
import { titleOf } from './title-of.ts';
import { watchRun } from './watch-run.ts';

/** What a view of a PCollection may be asked for. */
export interface ViewOptions {
  /** At most so many elements; the work upstream stops once they are there, and the view says "sample". */
  readonly n?: number | undefined;
  /** Ends what need not end after so long; `options.recordingDuration`, if undefined. Open windows come out then. */
  readonly duration?: Duration | undefined;
  /** Adds event time, window and pane of each element. */
  readonly includeWindowInfo?: boolean | undefined;
  /** Adds an interactive Vega-Lite chart below the table, where the data suits one. */
  readonly visualize?: boolean | undefined;
  /** Ends the work; an interrupt of the cell does so by itself. */
  readonly signal?: AbortSignal | undefined;
}

/** Computes PCollections, all in one run, and makes what a notebook shows of each: one bundle, or two with a chart. */
export async function views(
  pcollections: readonly PCollection<unknown>[],
  options: ViewOptions = {},
): Promise<readonly MimeBundle[]> {
  const { n, duration, includeWindowInfo = false, visualize = false } = options;
  if (n !== undefined && (!Number.isSafeInteger(n) || n < 1)) {
    throw new RangeError(`Cannot show as n must be a whole number, 1 or more: received ${n}`);
  }
  const ms =
    duration === undefined ? undefined : durationMs(duration, { action: 'show as duration', least: 1 });
  const answers = await watchRun(
    options.signal,
    ({ signal, onProgress }) =>
      compute(pcollections, {
        environment,
        elements: environment.options.viewRowLimit,
        limit: n,
        duration: ms,
        windowInfo: includeWindowInfo,
        signal,
        onProgress,
      }),
    { isShownNext: true },
  );
  const bundles: MimeBundle[] = [];
  for (const [index, answer] of answers.entries()) {
    const pcollection = pcollections[index];
    if (pcollection === undefined) continue;
    const schema = inferSchema(answer.values);
    bundles.push(await viewOf(pcollection, answer, { schema, includeWindowInfo, hasOwnChart: !visualize }));
    const chart = visualize ? await chartOf(answer, schema) : undefined;
    if (chart !== undefined) bundles.push(chart);
  }
  return bundles;
}

async function viewOf(
  pcollection: PCollection<unknown>,
  answer: Materialised,
  options: { readonly schema: Schema; readonly includeWindowInfo: boolean; readonly hasOwnChart: boolean },
): Promise<MimeBundle> {
  const { schema, includeWindowInfo, hasOwnChart } = options;
  return await pcollectionBundle({
    table: {
      name: titleOf(pcollection),
      rows: answer.values,
      total: answer.total,
      complete: answer.total !== undefined,
      note: noteOf(answer, pcollection),
      schema,
      windowInfo: includeWindowInfo ? answer.windowed : undefined,
    },
    graph: graphView([pcollection], answer.steps),
    chart: hasOwnChart,
  });
}

async function chartOf(answer: Materialised, schema: Schema): Promise<MimeBundle | undefined> {
  const { values, total } = answer;
  const chart = chooseChart(values, schema, { isComplete: total === values.length });
  return chart === undefined ? undefined : await chartBundle(chart);
}
