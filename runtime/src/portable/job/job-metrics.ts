import { InputBytes } from '../../coders/input-bytes.ts';
import type { MetricResults } from '../../proto/job-api.ts';
import { wholeOf } from '../do-fn-part.ts';
import type { MonitoringInfo } from '../../proto/metrics.ts';

/** What many values of one metric came to. */
export interface Distribution {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** One metric of the user's: which step reported it, under which name. */
export interface UserMetric<T> {
  /** The transform's id in the portable pipeline. */
  readonly transform: string;
  readonly namespace: string;
  readonly name: string;
  /** What is committed, else what is attempted. */
  readonly value: T;
  /** Undefined if the runner does not tell it. */
  readonly committed?: T | undefined;
  readonly attempted?: T | undefined;
}

/** The metrics of a job as its runner tells them. */
export interface JobMetrics {
  /** Elements so far, by the PCollection's id in the portable pipeline. */
  readonly elements: ReadonlyMap<string, number>;
  /** Milliseconds in the user's code, by the transform's id in the portable pipeline. */
  readonly ms: ReadonlyMap<string, number>;
  readonly counters: readonly UserMetric<number>[];
  readonly distributions: readonly UserMetric<Distribution>[];
  /** The latest value. */
  readonly gauges: readonly UserMetric<number>[];
  readonly stringSets: readonly UserMetric<readonly string[]>[];
}

const ELEMENT_COUNT = 'beam:metric:element_count:v1';
const TIMES: ReadonlySet<string> = new Set([
  'beam:metric:pardo_execution_time:start_bundle_msecs:v1',
  'beam:metric:pardo_execution_time:process_bundle_msecs:v1',
  'beam:metric:pardo_execution_time:finish_bundle_msecs:v1',
]);
const USER = 'beam:metric:user:';

/**
 * Reads what GetJobMetrics gave.
 *
 * A metric counts as committed where the runner has it so; one that only bundles under way reported counts as these
 * say. Of the user's both are kept. Metrics of types that are not known are left out: they are not ours.
 *
 * @see metrics.proto, MonitoringInfoSpecs and MonitoringInfoTypeUrns
 */
export function readJobMetrics({ attempted, committed }: MetricResults): JobMetrics {
  const elements = new Map<string, number>();
  const ms = new Map<string, number>();
  for (const { urn, labels, payload } of withoutOlder(attempted, committed)) {
    const { PCOLLECTION = '', PTRANSFORM = '' } = labels;
    const from = new InputBytes(payload);
    if (from.left === 0) continue;
    const transform = wholeOf(PTRANSFORM);
    if (urn === ELEMENT_COUNT) elements.set(PCOLLECTION, varint(from));
    else if (TIMES.has(urn)) ms.set(transform, (ms.get(transform) ?? 0) + varint(from));
  }
  return {
    elements,
    ms,
    counters: userMetrics(attempted, committed, counter),
    distributions: userMetrics(attempted, committed, ({ type }, from) =>
      type === 'beam:metrics:distribution_int64:v1' ? distribution(from) : undefined,
    ),
    gauges: userMetrics(attempted, committed, gauge),
    stringSets: userMetrics(attempted, committed, ({ type }, from) =>
      type === 'beam:metrics:set_string:v1' ? strings(from) : undefined,
    ),
  };
}

/** The user's metrics of one kind; `read` gives undefined for what is of another. */
function userMetrics<T>(
  attempted: readonly MonitoringInfo[],
  committed: readonly MonitoringInfo[],
  read: (info: MonitoringInfo, from: InputBytes) => T | undefined,
): readonly UserMetric<T>[] {
  const found = new Map<string, UserMetric<T>>();
  const take = (infos: readonly MonitoringInfo[], which: 'committed' | 'attempted') => {
    for (const info of infos) {
      const from = new InputBytes(info.payload);
      if (!info.urn.startsWith(USER) || from.left === 0) continue;
      const value = read(info, from);
      if (value === undefined) continue;
      const { PTRANSFORM = '', NAMESPACE: namespace = '', NAME: name = '' } = info.labels;
      const key = identity(info);
      const known = found.get(key) ?? { transform: wholeOf(PTRANSFORM), namespace, name, value };
      found.set(key, { ...known, [which]: value });
    }
  };
  take(committed, 'committed');
  take(attempted, 'attempted');
  return [...found.values()];
}

function counter({ type }: MonitoringInfo, from: InputBytes): number | undefined {
  switch (type) {
    case 'beam:metrics:sum_int64:v1':
      return varint(from);
    case 'beam:metrics:sum_double:v1':
      return from.doubleBE();
    default:
      return undefined;
  }
}

function gauge({ type }: MonitoringInfo, from: InputBytes): number | undefined {
  switch (type) {
    case 'beam:metrics:latest_int64:v1':
      varint(from); // when, in milliseconds
      return varint(from);
    case 'beam:metrics:latest_double:v1':
      varint(from);
      return from.doubleBE();
    default:
      return undefined;
  }
}

/** What is committed, and of the attempted ones those that are not. */
function withoutOlder(
  attempted: readonly MonitoringInfo[],
  committed: readonly MonitoringInfo[],
): readonly MonitoringInfo[] {
  const known = new Set(committed.map(identity));
  return [...committed, ...attempted.filter((info) => !known.has(identity(info)))];
}

function identity({ urn, labels }: MonitoringInfo): string {
  return JSON.stringify([urn, Object.entries(labels).sort()]);
}

function distribution(from: InputBytes): Distribution {
  const count = varint(from);
  // One without values may be the count alone.
  if (count === 0 && from.left === 0) return { count, sum: 0, min: 0, max: 0 };
  return { count, sum: varint(from), min: varint(from), max: varint(from) };
}

/** An iterable of known length; of unknown length, it comes in parts with a count each. Runners give sets in any order. */
function strings(from: InputBytes): readonly string[] {
  const found: string[] = [];
  const take = (count: number) => {
    for (let index = 0; index < count; index++) found.push(from.utf8(from.count()));
  };
  const count = from.uint32();
  if (count !== 0xffff_ffff) take(count);
  else for (let part = varint(from); part > 0; part = varint(from)) take(part);
  return found.sort();
}

/** Beam's VarInt: 64 bits, signed. Beyond 2^53 it is rounded, as a number is. */
function varint(from: InputBytes): number {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = from.byte();
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return Number(BigInt.asIntN(64, value));
  }
}
