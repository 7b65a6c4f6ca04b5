/**
 * The interactive runner: looking at PCollections while a pipeline is being written.
 *
 * `import * as ib from 'millrace/interactive'`; the names are Interactive Beam's, in camelCase.
 *
 * @module
 */
import { environment } from './environment.ts';

export {
  AsyncComputationResult,
  type ComputationProgress,
  type ComputationState,
} from './async-computation-result.ts';
export {
  collect,
  head,
  type CollectAs,
  type Collected,
  type CollectedAll,
  type CollectOptions,
} from './collect.ts';
export type { ArrowTable } from './column-table.ts';
export { computeInBackground as compute, type ComputeOptions } from './compute-in-background.ts';
export { explain, Explanation } from './explain.ts';
export { inspectables, type Inspectable } from './inspectables.ts';
export { NOTEBOOK_HOST, type NotebookHost } from './notebook-host.ts';
export type { ExplainedStep, ExplanationView } from '../display/explanation-bundle.ts';
export type { MimeBundle } from '../display/mime-bundle.ts';
export type { InteractiveOptions } from './options.ts';
export { show, showGraph } from './show.ts';
export type { ViewOptions } from './view.ts';
export { watch } from './watch.ts';

/** The options of this process; assign to a member and the next request follows it. */
export const options = environment.options;
