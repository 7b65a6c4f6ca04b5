import type { DistributionResult } from '../model/metric.ts';
import { formatCount } from './format.ts';
import type { JobCounterView } from './job-view.ts';

/** The metrics of one step, by their own names. */
export interface StepMetrics {
  readonly counters?: Readonly<Record<string, number>> | undefined;
  readonly distributions?: Readonly<Record<string, DistributionResult>> | undefined;
  readonly gauges?: Readonly<Record<string, number>> | undefined;
  readonly stringSets?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** Strings of a set that are shown. */
const SHOWN = 5;

/** A line for each metric: "lines = 120", "length = 1 to 90, mean 12.5". */
export function metricTexts(metrics: StepMetrics): readonly string[] {
  return metricRows(metrics).map(({ name, text }) => `${name} = ${text}`);
}

/** Each metric by its name, and what it came to as a text. */
export function metricRows(
  metrics: StepMetrics,
): readonly { readonly name: string; readonly text: string }[] {
  const { counters = {}, distributions = {}, gauges = {}, stringSets = {} } = metrics;
  return [
    ...rows(counters, formatCount),
    ...rows(distributions, distributionText),
    ...rows(gauges, formatCount),
    ...rows(stringSets, shown),
  ];
}

/** What a counter of a job came to: "120 (130 attempted)". */
export function counterText({ value, attempted }: Pick<JobCounterView, 'value' | 'attempted'>): string {
  return withAttempted(formatCount(value), attempted === undefined ? undefined : formatCount(attempted));
}

/** What a metric came to, and beside it what was attempted where that is something else: "120 (130 attempted)". */
export function withAttempted(text: string, attempted: string | undefined): string {
  return attempted === undefined || attempted === text ? text : `${text} (${attempted} attempted)`;
}

function rows<V>(values: Readonly<Record<string, V>>, text: (value: V) => string) {
  return Object.entries(values).map(([name, value]) => ({ name, text: text(value) }));
}

function distributionText({ count, sum, min, max }: DistributionResult): string {
  if (count === 0) return 'none';
  return `${formatCount(min)} to ${formatCount(max)}, mean ${Math.round((sum / count) * 100) / 100}`;
}

function shown(strings: readonly string[]): string {
  const rest = strings.length - SHOWN;
  return strings.slice(0, SHOWN).join(', ') + (rest > 0 ? ` and ${formatCount(rest)} more` : '');
}
