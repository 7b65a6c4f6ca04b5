import { metricRows, withAttempted, type StepMetrics } from '../display/metric-text.ts';
import type { JobMetrics, UserMetric } from '../portable/job/job-metrics.ts';
import { byStep } from './job-graph.ts';
import { ofFunctions } from './job-result.ts';

/** A metric of a step as a text. */
export interface JobMetricRow {
  readonly step: string;
  readonly name: string;
  readonly text: string;
}

type UserMetrics = Pick<JobMetrics, 'counters' | 'distributions' | 'gauges' | 'stringSets'>;

/** Metrics of the user's, step by step: what they came to, and beside it what was attempted where the two differ. */
export function jobMetricRows(metrics: Partial<UserMetrics>): readonly JobMetricRow[] {
  const values = textsByStep(metrics, ({ value }) => value);
  const attempts = textsByStep(metrics, ({ value, attempted }) => attempted ?? value);
  return values.map(({ text, ...row }, index) => ({
    ...row,
    text: withAttempted(text, attempts[index]?.text),
  }));
}

/** The same rows whatever is picked. */
function textsByStep(
  { counters = [], distributions = [], gauges = [], stringSets = [] }: Partial<UserMetrics>,
  pick: <T>(metric: UserMetric<T>) => T,
): readonly JobMetricRow[] {
  const picked = <T>(list: readonly UserMetric<T>[]) =>
    byStep(list.map((metric) => ({ ...metric, value: pick(metric) })));
  const kinds = {
    counters: picked(counters),
    distributions: picked(distributions),
    gauges: picked(gauges),
    stringSets: picked(ofFunctions(stringSets)),
  };
  const steps = new Set(Object.values(kinds).flatMap((values) => Object.keys(values)));
  return [...steps].flatMap((step) => {
    const own: StepMetrics = {
      counters: kinds.counters[step],
      distributions: kinds.distributions[step],
      gauges: kinds.gauges[step],
      stringSets: kinds.stringSets[step],
    };
    return metricRows(own).map((row) => ({ step, ...row }));
  });
}
