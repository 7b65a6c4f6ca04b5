import { Pipeline, type PipelineHost } from './model/pipeline.ts';
import { runPipeline } from './engine/run-pipeline.ts';

export * from './errors.ts';
export type { CombineFn } from './model/combine-fn.ts';
export {
  TaggedOutput,
  type DoFn,
  type Emitted,
  type FilterFn,
  type FlatMapFn,
  type MapFn,
} from './model/do-fn.ts';
export type { KV } from './model/kv.ts';
export { NO_FIRING, type PaneInfo } from './model/pane-info.ts';
export { counter, type Bound, type Counter, type ParDoParam } from './model/par-do-param.ts';
export { PCollection } from './model/pcollection.ts';
export { P, Pipeline, type PipelineHost, type PipelineResult } from './model/pipeline.ts';
export { withName, type Applicable, type PTransform, type PValue } from './model/ptransform.ts';
export { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from './model/timestamp.ts';
export { GLOBAL_WINDOW, type BoundedWindow, type GlobalWindow, type IntervalWindow } from './model/window.ts';
export { windowedValue, type WindowedValue } from './model/windowed-value.ts';
export type { WindowingStrategy } from './model/windowing-strategy.ts';

export { combinePerKey, type BinaryFn } from './transforms/combine-per-key.ts';
export { countPerElement } from './transforms/count-per-element.ts';
export { create } from './transforms/create.ts';
export { filter } from './transforms/filter.ts';
export { flatMap } from './transforms/flat-map.ts';
export { flatten } from './transforms/flatten.ts';
export { groupByKey } from './transforms/group-by-key.ts';
export { keys } from './transforms/keys.ts';
export { kvSwap } from './transforms/kv-swap.ts';
export { map } from './transforms/map.ts';
export { parDo, type MainOutput, type OutputOf, type Outputs, type ParDo } from './transforms/par-do.ts';
export { sum } from './transforms/sum.ts';
export { values } from './transforms/values.ts';

/** Runs pipelines; shows a PCollection by its description, until an interactive runner is there to show its elements. */
const host: PipelineHost = {
  run: runPipeline,
  display: (pcollection) => Promise.resolve({ 'text/plain': pcollection.toString() }),
};

/**
 * Begins a pipeline.
 *
 * @param name For errors, graphs and jobs.
 */
export function pipeline(name = 'pipeline'): Pipeline {
  return new Pipeline(name, host);
}
