import { describeValue } from '../model/describe-value.ts';
import type {
  Counter,
  Distribution,
  DistributionResult,
  Gauge,
  MetricSpec,
  StringSet,
} from '../model/metric.ts';
import { isMetricSpec } from '../model/metric.ts';
import type { ByTransform } from '../model/pipeline.ts';
import { withProperties } from './with-properties.ts';

/** A gauge's value, and when it was set: milliseconds since the epoch. */
export interface GaugeResult {
  readonly value: number;
  readonly setAt: number;
}

/** What the user's functions reported. */
export interface MetricValues {
  readonly counters: ByTransform<number>;
  readonly distributions: ByTransform<DistributionResult>;
  readonly gauges: ByTransform<GaugeResult>;
  readonly stringSets: ByTransform<readonly string[]>;
}

/** Metrics of one run, by full transform name and their own. */
export class Metrics {
  readonly #counters = new Table<number>();
  readonly #distributions = new Table<DistributionResult>();
  readonly #gauges = new Table<GaugeResult>();
  readonly #stringSets = new Table<Set<string>>();

  /** The counter `name` of `transform`; the same one each time it is asked for. It is 0 until incremented. */
  counter(transform: string, name: string): Counter {
    const values = this.#counters.of(transform);
    values.set(name, values.get(name) ?? 0);
    return {
      increment(amount = 1) {
        values.set(name, (values.get(name) ?? 0) + amount);
      },
    };
  }

  distribution(transform: string, name: string): Distribution {
    const values = this.#distributions.of(transform);
    return {
      update(value) {
        requireInteger(value, `update the distribution "${name}" of "${transform}"`);
        const { count, sum, min, max } = values.get(name) ?? { count: 0, sum: 0, min: value, max: value };
        values.set(name, {
          count: count + 1,
          sum: sum + value,
          min: Math.min(min, value),
          max: Math.max(max, value),
        });
      },
    };
  }

  gauge(transform: string, name: string): Gauge {
    const values = this.#gauges.of(transform);
    return {
      set(value) {
        requireInteger(value, `set the gauge "${name}" of "${transform}"`);
        values.set(name, { value, setAt: Date.now() });
      },
    };
  }

  stringSet(transform: string, name: string): StringSet {
    const values = this.#stringSets.of(transform);
    return {
      add(value) {
        requireString(value, `add to the string set "${name}" of "${transform}"`);
        const known = values.get(name);
        if (known === undefined) values.set(name, new Set([value]));
        else known.add(value);
      },
    };
  }

  /** Forgets all but counters: what is reported for each bundle alone. */
  beginBundle(): void {
    for (const table of [this.#distributions, this.#gauges, this.#stringSets]) table.clear();
  }

  get values(): MetricValues {
    return {
      counters: this.#counters.toRecord((value) => value),
      distributions: this.#distributions.toRecord((value) => value),
      gauges: this.#gauges.toRecord((value) => value),
      stringSets: this.#stringSets.toRecord((value) => [...value].sort()),
    };
  }
}

/** Values by transform and name. */
class Table<V> {
  readonly #values = new Map<string, Map<string, V>>();

  of(transform: string): Map<string, V> {
    const values = this.#values.get(transform) ?? new Map<string, V>();
    this.#values.set(transform, values);
    return values;
  }

  clear(): void {
    for (const values of this.#values.values()) values.clear();
  }

  toRecord<R>(toResult: (value: V) => R): ByTransform<R> {
    return Object.fromEntries(
      Array.from(this.#values, ([transform, values]) => [
        transform,
        Object.fromEntries(Array.from(values, ([name, value]) => [name, toResult(value)])),
      ]),
    );
  }
}

/** Replaces the metrics that a context asks for; all else is as it was given. */
export function bindMetrics(context: object, transform: string, metrics: Metrics): object {
  const requests = Object.entries(context).filter((entry): entry is [string, MetricSpec<unknown>] =>
    isMetricSpec(entry[1]),
  );
  if (requests.length === 0) return context;
  return withProperties(
    context,
    requests.map(([property, { metricKind, name }]) => [property, metrics[metricKind](transform, name)]),
  );
}

function requireInteger(value: unknown, action: string): void {
  if (Number.isSafeInteger(value)) return;
  throw new RangeError(`Cannot ${action} as Beam takes whole numbers there: received ${String(value)}`);
}

function requireString(value: unknown, action: string): void {
  if (typeof value === 'string') return;
  throw new TypeError(`Cannot ${action} as it takes strings: received ${describeValue(value)}`);
}
