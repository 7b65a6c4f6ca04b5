import type { ParDoParam } from './par-do-param.ts';

/** A count of something, summed over all workers; shown on the graph. */
export interface Counter {
  /** Adds `amount`, 1 unless told otherwise; may be negative. */
  increment(amount?: number): void;
}

/** Count, sum, least and greatest of many whole numbers; shown on the graph. */
export interface Distribution {
  /** @throws {RangeError} for what is no whole number. */
  update(value: number): void;
}

/** The latest of some whole numbers, by the machine's clock; shown on the graph. */
export interface Gauge {
  /** @throws {RangeError} for what is no whole number. */
  set(value: number): void;
}

/** Different strings: names of files, of versions. They are all kept, so there should be few. */
export interface StringSet {
  add(value: string): void;
}

/** What a distribution came to; of no value there is none. */
export interface DistributionResult {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** A request for a metric, in the context of a user's function. */
export interface MetricSpec<M> extends ParDoParam<M> {
  readonly paramKind: 'metric';
  readonly metricKind: 'counter' | 'distribution' | 'gauge' | 'stringSet';
}

/**
 * Asks for a counter: `pcoll.map((line, { lines }) => { lines.increment(); … }, { lines: beam.counter('lines') })`.
 *
 * @param name What the graph and the metrics call it; unique within its transform.
 */
export function counter(name: string): MetricSpec<Counter> {
  return { paramKind: 'metric', metricKind: 'counter', name };
}

/** Asks for a distribution: `{ length: beam.distribution('line length') }`, `length.update(line.length)`. */
export function distribution(name: string): MetricSpec<Distribution> {
  return { paramKind: 'metric', metricKind: 'distribution', name };
}

/** Asks for a gauge: `{ open: beam.gauge('open connections') }`, `open.set(pool.size)`. */
export function gauge(name: string): MetricSpec<Gauge> {
  return { paramKind: 'metric', metricKind: 'gauge', name };
}

/** Asks for a set of strings: `{ versions: beam.stringSet('versions') }`, `versions.add(event.version)`. */
export function stringSet(name: string): MetricSpec<StringSet> {
  return { paramKind: 'metric', metricKind: 'stringSet', name };
}

export function isMetricSpec(value: unknown): value is MetricSpec<unknown> {
  return typeof value === 'object' && value !== null && 'paramKind' in value && value.paramKind === 'metric';
}
