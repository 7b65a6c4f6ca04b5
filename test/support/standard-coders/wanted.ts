import { fromBinary } from '@bufbuild/protobuf';

import type { FieldType, LogicalType, Schema } from '../../../runtime/src/model/schema.ts';
import { schemaFromProto } from '../../../runtime/src/portable/coders/schema-from-proto.ts';
import { SchemaSchema } from '../../../runtime/src/proto/schema.ts';
import type { CoderSpec } from './sections.ts';

/** A value of the file as its coder gives it, in the words of `plain`. */
export function wanted(coder: CoderSpec, value: unknown): unknown {
  const [first, second] = coder.components ?? [];
  switch (coder.urn) {
    case 'beam:coder:bytes:v1':
      return bytes(value);
    case 'beam:coder:double:v1':
      return { double: Number(value) };
    case 'beam:coder:global_window:v1':
      return { kind: 'global' };
    case 'beam:coder:interval_window:v1': {
      const { end, span } = value as { end: number | bigint; span: number };
      // Near the ends of time a number is the nearest timestamp, on both sides.
      return { kind: 'interval', start: Number(BigInt(end) - BigInt(span)), end: Number(end) };
    }
    case 'beam:coder:custom_window:v1':
      return first && wanted(first, (value as { window: unknown }).window);
    case 'beam:coder:nullable:v1':
      return value === null || first === undefined ? null : wanted(first, value);
    case 'beam:coder:kv:v1': {
      const kv = value as { key: unknown; value: unknown };
      return { key: first && wanted(first, kv.key), value: second && wanted(second, kv.value) };
    }
    case 'beam:coder:sharded_key:v1': {
      const { shardId, key } = value as { shardId: string; key: unknown };
      return { shardId: bytes(shardId), key: first && wanted(first, key) };
    }
    case 'beam:coder:iterable:v1':
    case 'beam:coder:state_backed_iterable:v1':
      return (value as unknown[]).map((each) => first && wanted(first, each));
    case 'beam:coder:windowed_value:v1':
    case 'beam:coder:param_windowed_value:v1': {
      const element = value as WindowedInYaml;
      return {
        value: first && wanted(first, element.value),
        timestamp: Number(element.timestamp),
        windows: element.windows.map((window) => second && wanted(second, window)),
        pane: pane(element.pane),
      };
    }
    case 'beam:coder:timer:v1': {
      const { fireTimestamp, holdTimestamp, ...timer } = value as TimerInYaml;
      return {
        userKey: first && wanted(first, timer.userKey),
        dynamicTimerTag: timer.dynamicTimerTag,
        windows: timer.windows.map((window) => second && wanted(second, window)),
        clearBit: timer.clearBit,
        ...(timer.pane && { fireTimestamp, holdTimestamp, pane: pane(timer.pane) }),
      };
    }
    case 'beam:coder:row:v1': {
      const payload = Buffer.from(coder.payload ?? '', 'latin1');
      return row(schemaFromProto(fromBinary(SchemaSchema, payload)), value);
    }
    default:
      return typeof value === 'number' ? { double: value } : value;
  }
}

interface PaneInYaml {
  readonly is_first: boolean;
  readonly is_last: boolean;
  readonly timing: string;
  readonly index: number;
  readonly on_time_index: number;
}

interface WindowedInYaml {
  readonly value: unknown;
  readonly timestamp: number | bigint;
  readonly windows: readonly unknown[];
  readonly pane: PaneInYaml;
}

interface TimerInYaml {
  readonly userKey: unknown;
  readonly dynamicTimerTag: string;
  readonly windows: readonly unknown[];
  readonly clearBit: boolean;
  readonly fireTimestamp?: number;
  readonly holdTimestamp?: number;
  readonly pane?: PaneInYaml;
}

function pane({ timing, ...pane }: PaneInYaml): unknown {
  const timings: Readonly<Record<string, string>> = { UNKNOWN: 'unknown', ON_TIME: 'onTime' };
  return {
    timing: timings[timing],
    index: pane.index,
    onTimeIndex: pane.on_time_index,
    isFirst: pane.is_first,
    isLast: pane.is_last,
  };
}

function bytes(value: unknown): unknown {
  return { bytes: Buffer.from(String(value), 'latin1').toString('hex') };
}

function row({ fields }: Schema, value: unknown): unknown {
  const parts = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(fields.map(({ name, type }) => [name, field(type, parts[name])]));
}

/** As Beam Python's standard_coders_test.py reads the values of rows: those of logical types as their representation. */
function field(type: FieldType, value: unknown): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case 'byte':
    case 'int16':
    case 'int32':
    case 'int64':
      return typeof value === 'bigint' ? value : { double: value };
    case 'float':
      return { double: Math.fround(Number(value)) };
    case 'double':
      return { double: Number(value) };
    case 'string':
    case 'boolean':
      return value;
    case 'bytes':
      return bytes(value);
    case 'array':
    case 'iterable':
      return (value as unknown[]).map((each) => field(type.elementType, each));
    case 'map':
      return {
        map: Object.entries(value as object).map(([key, each]) => [
          field(type.keyType, key),
          field(type.valueType, each),
        ]),
      };
    case 'row':
      return row(type.schema, value);
    case 'logical':
      return logical(type, value);
  }
}

function logical({ urn, representation }: LogicalType, value: unknown): unknown {
  switch (urn) {
    case 'beam:logical_type:millis_instant:v1':
      // The file has the 8 bytes as an integer with a sign, whose highest bit is flipped.
      return { date: Number((value as bigint) + (1n << 63n)) };
    case 'beam:logical_type:decimal:v1':
      return value;
    default:
      return field(representation, value);
  }
}
