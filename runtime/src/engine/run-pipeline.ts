import { fragment } from '../graph/fragment.ts';
import { fuse } from '../graph/fuse.ts';
import { leaves } from '../graph/leaves.ts';
import { fullNames } from '../graph/names.ts';
import type { Pipeline, PipelineResult } from '../model/pipeline.ts';
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
  const { counters, distributions, gauges, stringSets } = await run(plan, {
    inputs: new Map(),
    sinks: new Map(),
    signal,
    ...memory,
    ...(onProgress && { onProgress }),
  });
  return {
    state: 'DONE',
    counters,
    distributions,
    gauges: Object.fromEntries(Object.entries(gauges).map(([name, named]) => [name, latestValues(named)])),
    stringSets,
  };
}

/** Gauges by their names, without the time at which they were set. */
export function latestValues(gauges: RunResult['gauges'][string] = {}): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(gauges).map(([name, { value }]) => [name, value]));
}
