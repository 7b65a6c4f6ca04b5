import { create, toBinary } from '@bufbuild/protobuf';
import type { PrimitiveSpec } from '../../model/applied-ptransform.ts';
import { isMetricSpec } from '../../model/metric.ts';
import { DisplayDataSchema, LabelledPayloadSchema, type DisplayData } from '../../proto/runner-api.ts';
import { StandardDisplayData_DisplayDataUrn } from '../../proto/urns.ts';

/** The most characters of a text. */
const MOST_TEXT = 1000;

/** One line about a transform, for the pages of runners. */
export interface Labelled {
  readonly key: string;
  readonly label: string;
  readonly value: string | number | boolean;
}

/** Lines about a transform in their proto form. */
export function displayData(lines: readonly Labelled[]): DisplayData[] {
  return lines.map(({ key, label, value }) => {
    const payload = create(LabelledPayloadSchema, { key, label, namespace: 'millrace' });
    if (typeof value === 'string') payload.value = { case: 'stringValue', value: value.slice(0, MOST_TEXT) };
    else if (typeof value === 'boolean') payload.value = { case: 'boolValue', value };
    else if (Number.isSafeInteger(value)) payload.value = { case: 'intValue', value: BigInt(value) };
    else payload.value = { case: 'doubleValue', value };
    return create(DisplayDataSchema, {
      urn: StandardDisplayData_DisplayDataUrn.LABELLED,
      payload: toBinary(LabelledPayloadSchema, payload),
    });
  });
}

/** What is worth telling of a primitive: its code, its class, its counters, what it reads. */
export function describeSpec(spec: PrimitiveSpec): Labelled[] {
  switch (spec.kind) {
    case 'map':
    case 'flatMap':
    case 'filter':
    case 'assignTimestamps':
      return [{ key: 'code', label: 'Function', value: codeOf(spec.fn) }, ...contextLines(spec.context)];
    case 'parDo': {
      const { doFn, tags } = spec;
      return [
        { key: 'class', label: 'DoFn', value: classOf(doFn) },
        { key: 'code', label: 'process', value: codeOf(Reflect.get(doFn, 'process')) },
        ...(tags.length === 0
          ? []
          : [{ key: 'tags', label: 'Outputs', value: ['main', ...tags].join(', ') }]),
        ...contextLines(spec.context),
      ];
    }
    case 'combinePerKey':
      return [{ key: 'class', label: 'CombineFn', value: spec.fn.name ?? classOf(spec.fn) }];
    case 'create':
    case 'createWindowed':
      return [{ key: 'elements', label: 'Elements', value: spec.elements.length }];
    case 'read':
      return [{ key: 'class', label: 'Source', value: classOf(spec.source) }, ...fieldLines(spec.source)];
    case 'readUnbounded':
      return [{ key: 'class', label: 'Source', value: classOf(spec.source) }, ...fieldLines(spec.source)];
    case 'testStream':
      return [{ key: 'events', label: 'Events', value: spec.events.length }];
    case 'windowInto':
    case 'groupByKey':
    case 'flatten':
    case 'reshuffle':
      return [];
  }
}

function classOf(value: object): string {
  const { constructor } = value as { readonly constructor?: unknown }; // null prototypes have none
  return typeof constructor === 'function' && constructor !== Object ? constructor.name : 'object';
}

function codeOf(fn: unknown): string {
  return typeof fn === 'function' ? Function.prototype.toString.call(fn) : '';
}

const METRICS = { counter: 'Counter', distribution: 'Distribution', gauge: 'Gauge', stringSet: 'String set' };

function contextLines(context: object): Labelled[] {
  return Object.values(context)
    .filter(isMetricSpec)
    .map(({ metricKind, name }) => ({
      key: `${metricKind} ${name}`,
      label: METRICS[metricKind],
      value: name,
    }));
}

/** The plain fields of a source: patterns, options. */
function fieldLines(source: object): Labelled[] {
  return Object.entries(source).flatMap(([key, value]: [string, unknown]): Labelled[] => {
    const plain =
      Array.isArray(value) && value.every((part) => typeof part === 'string') ? value.join(', ') : value;
    const isShown = typeof plain === 'string' || typeof plain === 'number' || typeof plain === 'boolean';
    return isShown ? [{ key, label: key, value: plain }] : [];
  });
}
