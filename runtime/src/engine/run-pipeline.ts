import { fragment } from '../graph/fragment.ts';
import { fuse } from '../graph/fuse.ts';
import { leaves } from '../graph/leaves.ts';
import { fullNames } from '../graph/names.ts';
import { METRIC_NAMESPACE, queryMetrics, type MetricResult } from '../model/metric-results.ts';
import type { ByTransform, Pipeline, PipelineResult } from '../model/pipeline.ts';
import type { MemoryOptions } from './memory/run-memory.ts';
import { run, type RunResult, type RunProgress } from './run.ts';

/** What runPipeline takes. */
export interface RunPipelineOptions extends MemoryOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: RunProgress) => void;
}

/**
 * Runs all of a pipeline for its effects and counters; nothing is kept of its elements.
 *
 * @throws {PipelineError} what the user can mend. @throws the signal's reason, once it is aborted.
 */
export async function runPipeline(
  pipeline: Pipeline,
  { signal = new AbortController().signal, onProgress, ...memory }: RunPipelineOptions = {},
): Promise<PipelineResult> {
  const needed = fragment(leaves(pipeline));
  const names = fullNames(needed.transforms);
  const plan = fuse(needed, { materialise: new Set(), names });
  const { counters, distributions, stringSets, ...values } = await run(plan, {
    inputs: new Map(),
    sinks: new Map(),
    signal,
    ...memory,
    ...(onProgress && { onProgress }),
  });
  const gauges = Object.fromEntries(
    Object.entries(values.gauges).map(([name, named]) => [name, latestValues(named)]),
  );
  const all = {
    counters: resultsOf(counters),
    distributions: resultsOf(distributions),
    gauges: resultsOf(gauges),
    stringSets: resultsOf(stringSets),
  };
  return {
    state: 'DONE',
    counters,
    distributions,
    gauges,
    stringSets,
    metrics: { query: (filter) => queryMetrics(all, filter) },
  };
}

/** No bundle is tried twice here, and one that fails ends the run. */
function resultsOf<V>(values: ByTransform<V>): readonly MetricResult<V>[] {
  return Object.entries(values).flatMap(([step, named]) =>
    Object.entries(named).map(([name, value]) => ({
      step,
      namespace: METRIC_NAMESPACE,
      name,
      committed: value,
      attempted: value,
      result: value,
    })),
  );
}

/** Gauges by their names, without the time at which they were set. */
export function latestValues(gauges: RunResult['gauges'][string] = {}): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(gauges).map(([name, { value }]) => [name, value]));
}
