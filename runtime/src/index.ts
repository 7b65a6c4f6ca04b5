import { defaultHost } from './interactive/default-host.ts';
import { environment } from './interactive/environment.ts';
import { Pipeline } from './model/pipeline.ts';

export type { Row } from './coders/row.ts';
export { describeError, type ErrorDescription } from './display/describe-error.ts';
export * from './errors.ts';
export * as io from './io/io.ts';
export { bundleFinalizerParam, type BundleFinalizer } from './model/bundle-finalizer.ts';
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
export {
  counter,
  distribution,
  gauge,
  stringSet,
  type Counter,
  type Distribution,
  type DistributionResult,
  type Gauge,
  type MetricSpec,
  type StringSet,
} from './model/metric.ts';
export { offsetRange, OffsetRangeTracker, splitOffsetRange, type OffsetRange } from './model/offset-range.ts';
export type { MetricResult, MetricResults, MetricsFilter, QueryableMetrics } from './model/metric-results.ts';
export { NO_FIRING, type PaneInfo } from './model/pane-info.ts';
export {
  paneInfoParam,
  timestampParam,
  windowParam,
  type Bound,
  type ElementParam,
  type ParDoParam,
} from './model/par-do-param.ts';
export { PCollection } from './model/pcollection.ts';
export { P, Pipeline, type PipelineHost, type PipelineResult } from './model/pipeline.ts';
export { withName, type Applicable, type PTransform, type PValue } from './model/ptransform.ts';
export {
  restrictionParam,
  type Restriction,
  type RestrictionParam,
  type RestrictionProgress,
  type RestrictionProvider,
  type RestrictionTracker,
} from './model/restriction.ts';
export type { AtomicType, Field, FieldType, LogicalType, Schema } from './model/schema.ts';
export {
  iterableSideInput,
  listSideInput,
  mapSideInput,
  multimapSideInput,
  singletonSideInput,
  type KeyedView,
  type SideInput,
  type SideInputView,
} from './model/side-input.ts';
export {
  bagState,
  combiningState,
  mapState,
  multimapState,
  orderedListState,
  setState,
  valueState,
  type BagState,
  type CombiningState,
  type MapState,
  type MultimapState,
  type OrderedListEntry,
  type OrderedListState,
  type SetState,
  type StateKind,
  type StateSpec,
  type ValueState,
} from './model/state.ts';
export {
  eventTimeTimer,
  processingTimeTimer,
  timerFamily,
  type FiredTimer,
  type SetTimerOptions,
  type TimeDomain,
  type Timer,
  type TimerFamily,
  type TimerSpec,
} from './model/timer.ts';
export { TimestampedValue } from './model/timestamped-value.ts';
export { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from './model/timestamp.ts';
export {
  manualWatermarkEstimator,
  monotonicWatermarkEstimator,
  walltimeWatermarkEstimator,
  watermarkEstimatorParam,
  type ManualWatermarkEstimator,
  type WatermarkEstimator,
  type WatermarkEstimatorParam,
  type WatermarkEstimatorProvider,
} from './model/watermark-estimator.ts';
export {
  GLOBAL_WINDOW,
  maxTimestamp,
  type BoundedWindow,
  type GlobalWindow,
  type IntervalWindow,
} from './model/window.ts';
export { windowedValue, type WindowedValue } from './model/windowed-value.ts';
export type { Trigger } from './model/trigger.ts';
export type { StandardWindowFn, WindowFn, WindowMerge } from './model/window-fn.ts';
export type {
  AccumulationMode,
  ClosingBehavior,
  OnTimeBehavior,
  TimestampCombiner,
  WindowingStrategy,
} from './model/windowing-strategy.ts';
export { inferSchema, type InferredRow } from './schemas/infer-schema.ts';
export type { RowFields, RowOf } from './schemas/row-of.ts';
export { schema, type RowSchema } from './schemas/schema.ts';
export type { Duration } from './windowing/duration.ts';
export { intervalWindow } from './windowing/interval-window.ts';
export * as triggers from './windowing/triggers.ts';
export * as windows from './windowing/windows.ts';

export {
  approximateQuantiles,
  type ApproximateQuantilesOptions,
} from './transforms/approximate-quantiles/approximate-quantiles.ts';
export { approximateUnique, type ApproximateUniqueOptions } from './transforms/approximate-unique.ts';
export { assignTimestamps } from './transforms/assign-timestamps.ts';
export { batchElements, type BatchElementsOptions } from './transforms/batch-elements/batch-elements.ts';
export { coGroupByKey, type CoGroups, type KeyedInputs, type KeyOf } from './transforms/co-group-by-key.ts';
export {
  combineGlobally,
  type CombineGlobally,
  type CombineGloballyOptions,
} from './transforms/combine-globally.ts';
export { combinePerKey, type BinaryFn, type CombinePerKey } from './transforms/combine-per-key.ts';
export { count, countGlobally } from './transforms/count-globally.ts';
export { countPerElement } from './transforms/count-per-element.ts';
export { create } from './transforms/create.ts';
export { createTimestamped } from './transforms/create-timestamped.ts';
export { distinct } from './transforms/distinct.ts';
export type { BackOffOptions } from './transforms/exceptions/back-off.ts';
export type { BadElement, ErrorRecord } from './transforms/exceptions/bad-element.ts';
export type { ErrorClass, ErrorTest } from './transforms/exceptions/error-test.ts';
export type {
  ExceptionHandlingOptions,
  HandledOutputs,
  HandledParDo,
} from './transforms/exceptions/with-exception-handling.ts';
export { filter } from './transforms/filter.ts';
export { flatMap } from './transforms/flat-map.ts';
export { flatten } from './transforms/flatten.ts';
export { generateSequence, type GenerateSequenceOptions } from './transforms/generate-sequence.ts';
export { groupBy } from './transforms/group-by.ts';
export { groupByKey } from './transforms/group-by-key.ts';
export { fullOuterJoin, innerJoin, leftOuterJoin, rightOuterJoin, type Joined } from './transforms/joins.ts';
export { groupIntoBatches, type GroupIntoBatchesOptions } from './transforms/group-into-batches.ts';
export type { HotKeyFanout } from './transforms/hot-key-fanout.ts';
export { keys } from './transforms/keys.ts';
export { kvSwap } from './transforms/kv-swap.ts';
export { latestGlobally, latestPerKey } from './transforms/latest.ts';
export { logElements, type LogElementsOptions } from './transforms/log-elements.ts';
export { map } from './transforms/map.ts';
export { max } from './transforms/max.ts';
export { mean } from './transforms/mean.ts';
export { min } from './transforms/min.ts';
export { parDo, type MainOutput, type OutputOf, type Outputs, type ParDo } from './transforms/par-do.ts';
export { partition } from './transforms/partition.ts';
export { periodicImpulse, type PeriodicImpulseOptions } from './transforms/periodic-impulse.ts';
export { periodicSequence, type PeriodicSequenceOptions } from './transforms/periodic-sequence.ts';
export * as regex from './transforms/regex.ts';
export { reify, type Reified } from './transforms/reify.ts';
export type { BatchCaller, CallContext, Caller, RequestCache } from './transforms/request-response/caller.ts';
export { inMemoryCache, type InMemoryCacheOptions } from './transforms/request-response/in-memory-cache.ts';
export { RequestError, type RequestErrorOptions } from './transforms/request-response/request-error.ts';
export {
  requestResponse,
  type RequestResponseOptions,
  type Responses,
} from './transforms/request-response/request-response.ts';
export { reshuffle, reshufflePerKey, type ReshuffleOptions } from './transforms/reshuffle.ts';
export { sample, type SampleOptions } from './transforms/sample.ts';
export { sum } from './transforms/sum.ts';
export { tee } from './transforms/tee.ts';
export { testStream, TestStream, type TimestampedElement } from './transforms/test-stream.ts';
export { top, type TopOptions } from './transforms/top.ts';
export * as toStrings from './transforms/to-strings.ts';
export { values } from './transforms/values.ts';
export { waitOn } from './transforms/wait-on.ts';
export { windowInto, type WindowIntoOptions } from './transforms/window-into.ts';
export { withKeys } from './transforms/with-keys.ts';
export { withSchema } from './transforms/with-schema.ts';

/**
 * Begins a pipeline.
 *
 * @param name For errors, graphs and jobs.
 */
export function pipeline(name = 'pipeline'): Pipeline {
  return environment.begun(new Pipeline(name, defaultHost));
}
