import { create, type MessageInitShape } from '@bufbuild/protobuf';

import { DOUBLE_CODER } from '../../../coders/double.ts';
import type { Coder } from '../../../coders/coder.ts';
import type { GaugeResult } from '../../../executor/metrics.ts';
import { METRIC_NAMESPACE } from '../../../model/metric-results.ts';
import { OutputBytes } from '../../../coders/output-bytes.ts';
import { STRING_UTF8_CODER } from '../../../coders/string-utf8.ts';
import { VARINT_CODER } from '../../../coders/varint.ts';
import { MonitoringInfoSchema, type MonitoringInfo } from '../../../proto/metrics.ts';
import { MonitoringInfoTypeUrns_EnumUrn as TypeUrn } from '../../../proto/urns.ts';

/** Count, sum, least and greatest of some integers. */
export interface Distribution {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** Namespace of the sets of sampled elements; their names are PCollection ids. */
export const SAMPLES_NAMESPACE = 'millrace.samples';

/** URNs of metrics.proto, MonitoringInfoSpecs; the generated code has no constants for them. */
const URN = {
  elements: 'beam:metric:element_count:v1',
  bytes: 'beam:metric:sampled_byte_size:v1',
  start: 'beam:metric:pardo_execution_time:start_bundle_msecs:v1',
  process: 'beam:metric:pardo_execution_time:process_bundle_msecs:v1',
  finish: 'beam:metric:pardo_execution_time:finish_bundle_msecs:v1',
  total: 'beam:metric:ptransform_execution_time:total_msecs:v1',
  readIndex: 'beam:metric:data_channel:read_index:v1',
  counter: 'beam:metric:user:sum_int64:v1',
  doubleCounter: 'beam:metric:user:sum_double:v1',
  distribution: 'beam:metric:user:distribution_int64:v1',
  gauge: 'beam:metric:user:latest_int64:v1',
  strings: 'beam:metric:user:set_string:v1',
} as const;

/** Elements that came out as one PCollection. */
export function elementCount(pcollection: string, count: number): MonitoringInfo {
  return info({ urn: URN.elements, ...sum(count), labels: { PCOLLECTION: pcollection } });
}

/** Encoded sizes of some of a PCollection's elements. */
export function sampledByteSize(pcollection: string, { count, sum, min, max }: Distribution): MonitoringInfo {
  const payload = encoded(VARINT_CODER, [count, sum, min, max]);
  return info({
    urn: URN.bytes,
    type: TypeUrn.DISTRIBUTION_INT64_TYPE,
    payload,
    labels: { PCOLLECTION: pcollection },
  });
}

/** Whole milliseconds in a transform's own code. */
export function transformMs(
  transform: string,
  part: 'start' | 'process' | 'finish' | 'total',
  ms: number,
): MonitoringInfo {
  return info({ urn: URN[part], ...sum(ms), labels: { PTRANSFORM: transform } });
}

/** Index of the last element that was begun; -1 if none was. */
export function readIndex(transform: string, index: number): MonitoringInfo {
  return info({ urn: URN.readIndex, ...sum(index), labels: { PTRANSFORM: transform } });
}

/** A user's counter; one that is no integer is a metric of its own. */
export function userCounter(transform: string, name: string, value: number): MonitoringInfo {
  const labels = userLabels(transform, name);
  if (Number.isSafeInteger(value)) return info({ urn: URN.counter, ...sum(value), labels });
  const payload = encoded(DOUBLE_CODER, [value]);
  return info({ urn: URN.doubleCounter, type: TypeUrn.SUM_DOUBLE_TYPE, payload, labels });
}

/** A user's distribution of whole numbers. */
export function userDistribution(transform: string, name: string, value: Distribution): MonitoringInfo {
  const { count, sum, min, max } = value;
  return info({
    urn: URN.distribution,
    type: TypeUrn.DISTRIBUTION_INT64_TYPE,
    payload: encoded(VARINT_CODER, [count, sum, min, max]),
    labels: userLabels(transform, name),
  });
}

/** A user's gauge, with the time at which it was set. */
export function userGauge(transform: string, name: string, { value, setAt }: GaugeResult): MonitoringInfo {
  return info({
    urn: URN.gauge,
    type: TypeUrn.LATEST_INT64_TYPE,
    payload: encoded(VARINT_CODER, [setAt, value]),
    labels: userLabels(transform, name),
  });
}

/** A user's set of strings. */
export function userStringSet(transform: string, name: string, strings: readonly string[]): MonitoringInfo {
  return stringSet(strings, userLabels(transform, name));
}

/** Texts of sampled elements of a PCollection. */
export function sampleTexts(
  transform: string,
  pcollection: string,
  texts: readonly string[],
): MonitoringInfo {
  return stringSet(texts, { PTRANSFORM: transform, NAMESPACE: SAMPLES_NAMESPACE, NAME: pcollection });
}

function stringSet(strings: readonly string[], labels: Record<string, string>): MonitoringInfo {
  const out = new OutputBytes();
  out.uint32(strings.length);
  for (const text of strings) STRING_UTF8_CODER.encode(text, out);
  return info({ urn: URN.strings, type: TypeUrn.SET_STRING_TYPE, payload: out.take(), labels });
}

function userLabels(transform: string, name: string) {
  return { PTRANSFORM: transform, NAMESPACE: METRIC_NAMESPACE, NAME: name };
}

function sum(value: number) {
  return { type: TypeUrn.SUM_INT64_TYPE, payload: encoded(VARINT_CODER, [value]) };
}

function encoded<T>(coder: Coder<T>, values: readonly T[]): Uint8Array {
  const out = new OutputBytes(32);
  for (const value of values) coder.encode(value, out);
  return out.take();
}

function info(fields: MessageInitShape<typeof MonitoringInfoSchema>): MonitoringInfo {
  return create(MonitoringInfoSchema, fields);
}
