import {
  queryMetrics,
  METRIC_NAMESPACE,
  type MetricResult,
  type QueryableMetrics,
} from '../model/metric-results.ts';
import type { Distribution, JobMetrics, UserMetric } from '../portable/job/job-metrics.ts';
import type { JobState } from '../portable/job/job-state.ts';
import { byStep } from './job-graph.ts';

type ByStep<T> = Readonly<Record<string, Readonly<Record<string, T>>>>;

/**
 * The metrics of a job, by full name of the step and by their own name: what is committed, and where nothing is what is
 * attempted. `query` gives both.
 */
export interface JobMetricsView extends QueryableMetrics {
  readonly counters: ByStep<number>;
  readonly distributions: ByStep<Distribution>;
  /** The latest values. */
  readonly gauges: ByStep<number>;
  readonly stringSets: ByStep<readonly string[]>;
  /** Elements of each PCollection, by `${full name of its step}.${tag}`. */
  readonly elements: Readonly<Record<string, number>>;
  /** Milliseconds in the user's code, added up over all workers, by full name of the step. */
  readonly ms: Readonly<Record<string, number>>;
}

/** What a job came to. */
export interface JobResult {
  readonly state: JobState;
  /** Counters by full transform name, then by their own name: as of a run on the embedded engine. */
  readonly counters: ByStep<number>;
  readonly metrics: JobMetricsView;
}

/** The metrics as their reader asks for them. */
export function metricsView(metrics: JobMetrics | undefined): JobMetricsView {
  const { counters = [], distributions = [], gauges = [] } = metrics ?? {};
  const stringSets = ofFunctions(metrics?.stringSets ?? []);
  const all = {
    counters: counters.map(resultOf),
    distributions: distributions.map(resultOf),
    gauges: gauges.map(resultOf),
    stringSets: stringSets.map(resultOf),
  };
  return {
    counters: byStep(counters),
    distributions: byStep(distributions),
    gauges: byStep(gauges),
    stringSets: byStep(stringSets),
    elements: Object.fromEntries(metrics?.elements ?? []),
    ms: Object.fromEntries(metrics?.ms ?? []),
    query: (filter) => queryMetrics(all, filter),
  };
}

/** Those that functions reported: samples travel as string sets, too. */
export function ofFunctions<V>(metrics: readonly UserMetric<V>[]): readonly UserMetric<V>[] {
  return metrics.filter(({ namespace }) => namespace === METRIC_NAMESPACE);
}

function resultOf<V>({
  transform,
  namespace,
  name,
  value,
  committed,
  attempted,
}: UserMetric<V>): MetricResult<V> {
  return { step: transform, namespace, name, committed, attempted, result: value };
}
