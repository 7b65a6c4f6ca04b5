import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';

import { BOOL_CODER } from '../../../../runtime/src/coders/bool.ts';
import { BYTES_CODER } from '../../../../runtime/src/coders/bytes.ts';
import type { Coder } from '../../../../runtime/src/coders/coder.ts';
import { DOUBLE_CODER } from '../../../../runtime/src/coders/double.ts';
import { GLOBAL_WINDOW_CODER } from '../../../../runtime/src/coders/global-window.ts';
import { INTERVAL_WINDOW_CODER } from '../../../../runtime/src/coders/interval-window.ts';
import { IterableCoder } from '../../../../runtime/src/coders/iterable.ts';
import { KeyCoder } from '../../../../runtime/src/coders/key-coder.ts';
import { KVCoder } from '../../../../runtime/src/coders/kv.ts';
import { LengthPrefixCoder } from '../../../../runtime/src/coders/length-prefix.ts';
import { CustomWindowCoder } from '../../../../runtime/src/coders/custom-window.ts';
import { NullableCoder } from '../../../../runtime/src/coders/nullable.ts';
import { ParamWindowedValueCoder } from '../../../../runtime/src/coders/param-windowed-value.ts';
import { ShardedKeyCoder } from '../../../../runtime/src/coders/sharded-key.ts';
import { STRING_UTF8_CODER } from '../../../../runtime/src/coders/string-utf8.ts';
import { TimerCoder } from '../../../../runtime/src/coders/timer.ts';
import { ValueCoder } from '../../../../runtime/src/coders/value-coder.ts';
import { VARINT_CODER } from '../../../../runtime/src/coders/varint.ts';
import { WindowedValueCoder } from '../../../../runtime/src/coders/windowed-value.ts';
import { PipelineError } from '../../../../runtime/src/errors.ts';
import {
  ATOMIC_TYPES,
  type Field,
  type FieldType,
  type Schema,
} from '../../../../runtime/src/model/schema.ts';
import { windowedValue } from '../../../../runtime/src/model/windowed-value.ts';
import {
  coderFromProto,
  KNOWN_CODERS,
  windowedCoderFromProto,
} from '../../../../runtime/src/portable/coders/coders-from-proto.ts';
import { rowCoder } from '../../../../runtime/src/portable/coders/schema-to-proto.ts';
import { CoderTable } from '../../../../runtime/src/portable/coders/coders-to-proto.ts';
import { CoderSchema } from '../../../../runtime/src/proto/runner-api.ts';
import { hexOf } from '../../../support/round-trip.ts';

const string: FieldType = { kind: 'string', nullable: false };

const EVERY_TYPE: Schema = {
  fields: [
    ...ATOMIC_TYPES.map((kind) => ({ name: kind, type: { kind, nullable: true } })),
    { name: 'array', type: { kind: 'array', nullable: false, elementType: string }, description: 'of texts' },
    { name: 'iterable', type: { kind: 'iterable', nullable: false, elementType: string } },
    { name: 'map', type: { kind: 'map', nullable: false, keyType: string, valueType: string } },
    {
      name: 'row',
      type: { kind: 'row', nullable: false, schema: { fields: [{ name: 'a', type: string }] } },
    },
    {
      name: 'logical',
      type: {
        kind: 'logical',
        nullable: false,
        urn: 'beam:logical_type:var_char:v1',
        representation: string,
        argumentType: { kind: 'int32', nullable: false },
        argument: 3,
      },
    },
  ].map((field, index): Field => ({ ...(field as Field), encodingPosition: 13 - index })),
};

const EVERY_VALUE = {
  ...Object.fromEntries(ATOMIC_TYPES.map((kind) => [kind, null])),
  ...{ array: ['a'], iterable: [], map: new Map([['k', 'v']]), row: { a: '' }, logical: 'abc' },
};

const table: readonly { readonly coder: Coder; readonly value: unknown; readonly id: string }[] = [
  { coder: BYTES_CODER, value: Uint8Array.of(1), id: 'bytes' },
  { coder: STRING_UTF8_CODER, value: 'a', id: 'string_utf8' },
  { coder: BOOL_CODER, value: true, id: 'bool' },
  { coder: VARINT_CODER, value: 300, id: 'varint' },
  { coder: DOUBLE_CODER, value: 0.5, id: 'double' },
  { coder: GLOBAL_WINDOW_CODER, value: { kind: 'global' }, id: 'global_window' },
  { coder: INTERVAL_WINDOW_CODER, value: { kind: 'interval', start: 1, end: 5 }, id: 'interval_window' },
  { coder: new ValueCoder(), value: new Map([['a', 1]]), id: 'value' },
  { coder: new KeyCoder(), value: { b: 1, a: 2 }, id: 'key' },
  {
    coder: new KVCoder(new KeyCoder(), new ValueCoder()),
    value: { key: 1, value: 'a' },
    id: 'kv(key,value)',
  },
  { coder: rowCoder(EVERY_TYPE), value: EVERY_VALUE, id: 'row' },
  {
    coder: new ShardedKeyCoder(STRING_UTF8_CODER),
    value: { shardId: Uint8Array.of(1), key: 'a' },
    id: 'sharded_key(string_utf8)',
  },
  {
    coder: new TimerCoder(STRING_UTF8_CODER, GLOBAL_WINDOW_CODER),
    value: { userKey: 'a', dynamicTimerTag: '', windows: [{ kind: 'global' }], clearBit: true },
    id: 'timer(string_utf8,global_window)',
  },
  {
    coder: new CustomWindowCoder(INTERVAL_WINDOW_CODER),
    value: { kind: 'interval', start: 1, end: 5 },
    id: 'custom_window(interval_window)',
  },
  { coder: new IterableCoder(BOOL_CODER), value: [true], id: 'iterable(bool)' },
  {
    coder: new IterableCoder(BOOL_CODER, { urn: 'beam:coder:state_backed_iterable:v1' }),
    value: [true],
    id: 'state_backed_iterable(bool)',
  },
  { coder: new NullableCoder(BOOL_CODER), value: null, id: 'nullable(bool)' },
  { coder: new LengthPrefixCoder(STRING_UTF8_CODER), value: 'a', id: 'length_prefix(string_utf8)' },
  {
    coder: new WindowedValueCoder(BOOL_CODER, GLOBAL_WINDOW_CODER),
    value: windowedValue(true),
    id: 'windowed_value(bool,global_window)',
  },
  {
    coder: new ParamWindowedValueCoder(BOOL_CODER, GLOBAL_WINDOW_CODER),
    value: windowedValue(true),
    id: 'param_windowed_value(bool,global_window)',
  },
];

test.each(table)('CoderTable and coderFromProto() give $id back', ({ coder, value, id }) => {
  const coders = new CoderTable();
  expect(coders.add(coder)).toBe(id);
  const back = coderFromProto(id, coders.toProto());
  expect(back.urn).toBe(coder.urn);
  expect(back.isDeterministic).toBe(coder.isDeterministic);
  expect(hexOf(back, value)).toBe(hexOf(coder, value));
  expect(new CoderTable().add(back)).toBe(id);
});

test('coderFromProto() knows the coders of this table, and no others', () => {
  expect(new Set(table.map(({ coder }) => coder.urn))).toEqual(new Set(KNOWN_CODERS));
});

test('CoderTable holds each kind of coder once, and those with other payloads apart', () => {
  const coders = new CoderTable();
  const kv = coders.add(new KVCoder(new KeyCoder('A'), new ValueCoder()));
  expect(coders.add(new KVCoder(new KeyCoder('B'), new ValueCoder()))).toBe(kv);
  const plain = new ParamWindowedValueCoder(BOOL_CODER, GLOBAL_WINDOW_CODER);
  const payload = Uint8Array.from(plain.payload);
  payload[7] = 99;
  const other = new ParamWindowedValueCoder(BOOL_CODER, GLOBAL_WINDOW_CODER, payload);
  expect(coders.add(plain)).toBe('param_windowed_value(bool,global_window)');
  expect(coders.add(other)).toBe('param_windowed_value(bool,global_window)#2');
  expect(coders.add(plain)).toBe('param_windowed_value(bool,global_window)');
  expect(Object.keys(coders.toProto())).toEqual([
    'key',
    'value',
    kv,
    'bool',
    'global_window',
    'param_windowed_value(bool,global_window)',
    'param_windowed_value(bool,global_window)#2',
  ]);
});

const proto = (urn: string, ...componentCoderIds: string[]) =>
  create(CoderSchema, { spec: { urn }, componentCoderIds });

test('coderFromProto() refuses a coder that we do not know, by name', () => {
  const coders = {
    k: proto('beam:coder:kv:v1', 's', 'p'),
    s: proto('beam:coder:bytes:v1'),
    p: proto('beam:coder:pickled_python:v1'),
  };
  expect(() => coderFromProto('k', coders)).toThrow(PipelineError);
  expect(() => coderFromProto('k', coders)).toThrow(
    'Cannot read the values of coder "p" as it must be one that Millrace knows: received beam:coder:pickled_python:v1',
  );
  expect(() => coderFromProto('x', { x: proto('toString') })).toThrow('received toString');
});

test.each([
  { name: 'no such id', coders: {}, message: 'must be one of the pipeline\'s coders: received "a"' },
  {
    name: 'a cycle',
    coders: { a: proto('beam:coder:iterable:v1', 'b'), b: proto('beam:coder:nullable:v1', 'a') },
    message: 'received "a", which contains itself',
  },
  {
    name: 'a missing component',
    coders: { a: proto('beam:coder:kv:v1', 'b'), b: proto('beam:coder:bytes:v1') },
    message: 'beam:coder:kv:v1 as it must have 2 components: received 1',
  },
])('coderFromProto() refuses $name', ({ coders, message }) => {
  expect(() => coderFromProto('a', coders)).toThrow(RangeError);
  expect(() => coderFromProto('a', coders)).toThrow(message);
});

test('coderFromProto() names the grouping in the error that refuses a key, and passes open() on', () => {
  const coders = new CoderTable();
  const key = coders.add(new KeyCoder());
  const iterable = coders.add(new IterableCoder(BOOL_CODER));
  const context = { transform: 'Count/Group', open: () => new Set() };
  expect(() => hexOf(coderFromProto(key, coders.toProto(), context), new Map())).toThrow('in "Count/Group"');
  const made = coderFromProto(iterable, coders.toProto(), context);
  expect(hexOf(made, [])).toBe('00000000');
});

test('windowedCoderFromProto() gives a coder of windowed values alone', () => {
  const coders = new CoderTable();
  const id = coders.add(new WindowedValueCoder(BOOL_CODER, GLOBAL_WINDOW_CODER));
  expect(windowedCoderFromProto(id, coders.toProto()).value.urn).toBe('beam:coder:bool:v1');
  expect(() => windowedCoderFromProto('bool', coders.toProto())).toThrow(
    'Cannot read a data channel as its coder must be one of windowed values: received beam:coder:bool:v1',
  );
});
