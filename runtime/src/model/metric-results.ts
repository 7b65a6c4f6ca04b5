import type { DistributionResult } from './metric.ts';

/** The namespace of all metrics of Millrace; Beam has one beside each name. */
export const METRIC_NAMESPACE = 'millrace';

/** One metric of one step. */
export interface MetricResult<V> {
  /** Full name of the transform whose function reported it: "Count/Map(parse)". */
  readonly step: string;
  readonly namespace: string;
  readonly name: string;
  /** What bundles reported that are done for good. Undefined while there is none, or if the runner does not tell: Flink. */
  readonly committed: V | undefined;
  /** What all bundles reported, those too that failed or are under way. Undefined if the runner does not tell. */
  readonly attempted: V | undefined;
  /** What is committed, else what is attempted. */
  readonly result: V;
}

/** Metrics by their kinds. */
export interface MetricResults {
  readonly counters: readonly MetricResult<number>[];
  readonly distributions: readonly MetricResult<DistributionResult>[];
  /** The latest values. */
  readonly gauges: readonly MetricResult<number>[];
  readonly stringSets: readonly MetricResult<readonly string[]>[];
}

/** Which metrics are asked for: one of several for each property; of one that is left out, all. */
export interface MetricsFilter {
  readonly name?: string | readonly string[] | undefined;
  readonly namespace?: string | readonly string[] | undefined;
  /** Whole parts of the step's full name: "Count" and "Map(parse)" and "Count/Map(parse)" each find "Count/Map(parse)". */
  readonly step?: string | readonly string[] | undefined;
}

/** Metrics that can be asked for, as Beam's are. */
export interface QueryableMetrics {
  /**
   * Gives the metrics that a filter lets through, each by step and name with what is committed and what is attempted:
   * `result.metrics.query({ name: 'lines' }).counters[0]?.committed`. Nothing that is found is an empty list.
   *
   * @throws {TypeError} if the filter has a property that it does not know, or that is no text.
   */
  query(filter?: MetricsFilter): MetricResults;
}

const KEYS = ['name', 'namespace', 'step'] as const;

/** The metrics that a filter lets through, in their order. */
export function queryMetrics(all: MetricResults, filter: MetricsFilter = {}): MetricResults {
  requireFilter(filter);
  const [names, namespaces, steps] = [filter.name, filter.namespace, filter.step].map((wanted) =>
    wanted === undefined ? undefined : [wanted].flat(),
  );
  const matching = <V>(results: readonly MetricResult<V>[]) =>
    results.filter(
      ({ name, namespace, step }) =>
        (names?.includes(name) ?? true) &&
        (namespaces?.includes(namespace) ?? true) &&
        (steps?.some((part) => `/${step}/`.includes(`/${part}/`)) ?? true),
    );
  return {
    counters: matching(all.counters),
    distributions: matching(all.distributions),
    gauges: matching(all.gauges),
    stringSets: matching(all.stringSets),
  };
}

/** The types do not hold in plain JavaScript, and what is not known would let all through. */
function requireFilter(filter: MetricsFilter): void {
  const received: unknown = filter;
  const action = 'Cannot query metrics as a filter';
  if (typeof received !== 'object' || received === null) {
    throw new TypeError(`${action} must be an object of ${KEYS.join(', ')}: received ${String(received)}`);
  }
  for (const [key, value] of Object.entries(received)) {
    if (!KEYS.some((known) => known === key)) {
      throw new TypeError(`${action} has ${KEYS.join(', ')}: received ${key}`);
    }
    const values: readonly unknown[] = [value].flat();
    if (value !== undefined && values.some((text) => typeof text !== 'string')) {
      throw new TypeError(`${action}'s ${key} must be a text or several: received ${String(value)}`);
    }
  }
}
