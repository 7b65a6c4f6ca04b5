import { runPipeline } from '../engine/run-pipeline.ts';
import type { PipelineHost } from '../model/pipeline.ts';
import { environment } from './environment.ts';
import { memoryOptions } from './options.ts';
import { watchRun } from './watch-run.ts';

/**
 * Runs pipelines on the embedded engine, and shows PCollections through the interactive runner.
 *
 * What only a view needs is loaded with the first view.
 */
export const defaultHost: PipelineHost = {
  run: (pipeline, { signal, memoryBudget }) =>
    watchRun(signal, (watched) =>
      runPipeline(pipeline, {
        ...watched,
        ...memoryOptions(environment.options),
        ...(memoryBudget !== undefined && { memoryBudget }),
      }),
    ),
  display: async (pcollection) => {
    const { views } = await import('./view.ts');
    const [bundle] = await views([pcollection]);
    return bundle?.data ?? {};
  },
};
