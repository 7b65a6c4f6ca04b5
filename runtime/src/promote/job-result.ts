import type { Distribution, JobMetrics } from '../portable/job/job-metrics.ts';
import type { JobState } from '../portable/job/job-state.ts';
import { COUNTER_NAMESPACE } from '../portable/worker/bundle/monitoring-infos.ts';
import { byStep } from './job-graph.ts';

type ByStep<T> = Readonly<Record<string, Readonly<Record<string, T>>>>;

/** The metrics of a job, by full name of the step and by their own name. */
export interface JobMetricsView {
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
  return {
    counters: byStep(metrics?.counters ?? []),
    distributions: byStep(metrics?.distributions ?? []),
    gauges: byStep(metrics?.gauges ?? []),
    stringSets: byStep(
      (metrics?.stringSets ?? []).filter(({ namespace }) => namespace === COUNTER_NAMESPACE),
    ),
    elements: Object.fromEntries(metrics?.elements ?? []),
    ms: Object.fromEntries(metrics?.ms ?? []),
  };
}
