import type { Coder } from '../../../coders/coder.ts';
import { InputBytes } from '../../../coders/input-bytes.ts';
import { preview } from '../../../display/preview.ts';
import type { Metrics } from '../../../executor/metrics.ts';
import type { ByTransform } from '../../../model/pipeline.ts';
import type { StageMeasures } from '../../../executor/stage-executor.ts';
import type { PCollection } from '../../../model/pcollection.ts';
import type { Receiver } from '../../../model/windowed-value.ts';
import type { ProcessBundleDescriptor } from '../../../proto/fn-api.ts';
import type { MonitoringInfo } from '../../../proto/metrics.ts';
import type { BundlePlan } from './bundle-plan.ts';
import type { DataSource } from './data-source.ts';
import { added, type ElementSampler, type KeptElement } from './element-sampler.ts';
import {
  elementCount,
  readIndex,
  sampledByteSize,
  sampleTexts,
  transformMs,
  userCounter,
  userDistribution,
  userGauge,
  userStringSet,
  type Distribution,
} from './monitoring-infos.ts';

/** Characters of a sampled element that is reported as a metric. */
const MOST_TEXT = 1000;

/** What the metrics of a processor's bundles are made of. */
export interface BundleMetricsOptions {
  readonly descriptor: ProcessBundleDescriptor;
  readonly coderOf: (id: string) => Coder;
  readonly sampler: ElementSampler;
  readonly metrics: Metrics;
  readonly reportedSamples?: number;
}

/** Tells what one bundle did from what a processor measured since it was made. */
export class BundleMetrics {
  readonly #plan: BundlePlan;
  readonly #options: BundleMetricsOptions;
  readonly #sizes = new Map<string, Distribution>();
  #before: StageMeasures | undefined;
  #countersBefore: Metrics['values']['counters'] = {};

  constructor(plan: BundlePlan, options: BundleMetricsOptions) {
    this.#plan = plan;
    this.#options = options;
  }

  /** A bundle begins: what was measured up to now is not its own. */
  begin(measures: StageMeasures): void {
    this.#before = measures;
    this.#options.metrics.beginBundle();
    this.#countersBefore = this.#options.metrics.values.counters;
    this.#sizes.clear();
  }

  /** Takes the sizes of a PCollection's sampled elements; undefined if its elements cannot be looked at. */
  sampleOf(pcollection: PCollection<unknown>): Receiver | undefined {
    const id = this.#plan.pcollectionIds.get(pcollection.id);
    const coder = id === undefined ? undefined : this.#coderOf(id);
    if (id === undefined || coder === undefined) return undefined;
    const { sampler } = this.#options;
    const isGrouped = holdsIterable(coder);
    return (value) => {
      if (isGrouped && !isSmallGroup(value)) return;
      const size = sampler.look(id, coder, value);
      if (size !== undefined) this.#sizes.set(id, added(this.#sizes.get(id), size));
    };
  }

  /** The bundle's metrics so far, or as it ended. */
  infos(
    measures: StageMeasures,
    { sources, isFinal }: { readonly sources: readonly DataSource[]; readonly isFinal: boolean },
  ): MonitoringInfo[] {
    return [
      ...this.#elements(measures),
      ...[...this.#sizes].map(([id, sizes]) => sampledByteSize(id, sizes)),
      ...this.#times(measures),
      ...this.#userMetrics(),
      ...sources.map(({ transformId, begun }) => readIndex(transformId, begun - 1)),
      ...(isFinal ? this.#samples() : []),
    ];
  }

  #elements({ elements }: StageMeasures): MonitoringInfo[] {
    return [...this.#plan.pcollectionIds].map(([own, id]) =>
      elementCount(id, (elements.get(own) ?? 0) - (this.#before?.elements.get(own) ?? 0)),
    );
  }

  #times(measures: StageMeasures): MonitoringInfo[] {
    const before = this.#before;
    return [...this.#plan.transformIds].flatMap(([transform, id]) => {
      // Rounded as sums, so that parts of a millisecond are not lost over many bundles.
      const since = (part: 'selfMs' | 'startMs' | 'finishMs') =>
        Math.round(measures[part].get(transform) ?? 0) - Math.round(before?.[part].get(transform) ?? 0);
      const [start, process, finish] = [since('startMs'), Math.max(0, since('selfMs')), since('finishMs')];
      return [
        transformMs(id, 'start', start),
        transformMs(id, 'process', process),
        transformMs(id, 'finish', finish),
        transformMs(id, 'total', start + process + finish),
      ];
    });
  }

  #userMetrics(): MonitoringInfo[] {
    const { counters, distributions, gauges, stringSets } = this.#options.metrics.values;
    const ids = new Map([...this.#plan.transformIds].map(([{ label }, id]) => [label, id]));
    const infos = <V>(
      values: ByTransform<V>,
      info: (transform: string, name: string, value: V, transformName: string) => MonitoringInfo,
    ) =>
      Object.entries(values).flatMap(([transform, named]) =>
        Object.entries(named).map(([name, value]) =>
          info(ids.get(transform) ?? transform, name, value, transform),
        ),
      );
    return [
      ...infos(counters, (id, name, value, transform) =>
        userCounter(id, name, value - (this.#countersBefore[transform]?.[name] ?? 0)),
      ),
      ...infos(distributions, userDistribution),
      ...infos(gauges, userGauge),
      ...infos(stringSets, userStringSet),
    ];
  }

  #samples(): MonitoringInfo[] {
    const { sampler, reportedSamples = 0 } = this.#options;
    const [transform] = this.#plan.transformIds.values();
    if (reportedSamples <= 0 || transform === undefined) return [];
    const ids = [...this.#plan.pcollectionIds.values()];
    return [...sampler.kept(ids)].flatMap(([id, kept]) =>
      kept.length === 0 ? [] : [sampleTexts(transform, id, kept.slice(0, reportedSamples).map(sampleText))],
    );
  }

  /** Undefined for a coder that we do not know: its PCollection is not looked at. */
  #coderOf(id: string): Coder | undefined {
    const { pcollections } = this.#options.descriptor;
    const coderId = pcollections[id]?.coderId;
    if (coderId === undefined || coderId === '') return undefined;
    try {
      return this.#options.coderOf(coderId);
    } catch {
      return undefined;
    }
  }
}

/** Values of a group beyond which it is not looked at. */
const SMALL_GROUP = 1000;

/** What a group holds may be more than memory does, and be fetched as it is read: only small arrays are encoded. */
function isSmallGroup(element: unknown): boolean {
  if (typeof element !== 'object' || element === null || !('value' in element)) return false;
  return Array.isArray(element.value) && element.value.length <= SMALL_GROUP;
}

function holdsIterable({ urn, components }: Coder): boolean {
  return urn.includes('iterable') || components.some(holdsIterable);
}

/** The element as JSON if it is short and JSON can say it, `{ "value": … }`; else as a preview, `{ "text": "…" }`. */
function sampleText({ bytes, coder }: KeptElement): string {
  const value = coder.decode(new InputBytes(bytes));
  if (bytes.length <= MOST_TEXT && isJson(value)) {
    const text = JSON.stringify({ value });
    if (text.length <= MOST_TEXT) return text;
  }
  return JSON.stringify({ text: preview(value, 400) });
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.every(isJson);
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isJson);
}
