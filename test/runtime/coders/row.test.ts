import fc from 'fast-check';
import { expect, test } from 'vitest';

import { RowCoder, type Row } from '../../../runtime/src/coders/row.ts';
import { PipelineError } from '../../../runtime/src/errors.ts';
import {
  ATOMIC_TYPES,
  type Field,
  type FieldType,
  type LogicalType,
  type Schema,
} from '../../../runtime/src/model/schema.ts';
import { decoded, encoded, hexOf } from '../../support/round-trip.ts';

const type = (kind: (typeof ATOMIC_TYPES)[number], nullable = false): FieldType => ({ kind, nullable });

function logical(name: string, representation: FieldType, argument?: number): LogicalType {
  const urn = `beam:logical_type:${name}:v1`;
  return { kind: 'logical', nullable: false, urn, representation, argument };
}

/** Fields f0, f1 … of these types. */
function schemaOf(...types: FieldType[]): Schema {
  return { fields: types.map((type, index): Field => ({ name: `f${index}`, type })) };
}

function rowOf(...values: unknown[]): Row {
  return Object.fromEntries(values.map((value, index) => [`f${index}`, value]));
}

const INTEGERS = schemaOf(type('byte'), type('int16'), type('int32'), type('int64'));
const NESTED = schemaOf(
  { kind: 'row', nullable: false, schema: schemaOf(type('int64'), type('bytes', true)) },
  { kind: 'map', nullable: false, keyType: type('int64'), valueType: type('boolean') },
);

// The bytes are what RowCoder of Beam's Python SDK 2.77 writes.
test.each([
  {
    name: 'the greatest integers',
    schema: INTEGERS,
    row: rowOf(127, 32767, 2 ** 31 - 1, 2n ** 63n - 1n),
    hex: '04007f7fffffffffff07ffffffffffffffff7f',
  },
  {
    name: 'negative integers',
    schema: INTEGERS,
    row: rowOf(0, -1, -1, -1),
    hex: '040000ffffffffffff0fffffffffffffffffff01',
  },
  {
    name: 'the least integers',
    schema: INTEGERS,
    row: rowOf(0, -32768, -(2 ** 31), -(2n ** 63n)),
    hex: '0400008000808080800880808080808080808001',
  },
  {
    name: 'nulls in more than a byte of bits',
    schema: schemaOf(...Array<FieldType>(10).fill(type('string', true))),
    row: rowOf(null, 'a', 'b', 'c', null, 'd', 'e', null, 'f', null),
    hex: '0a029102016101620163016401650166',
  },
  {
    name: 'arrays with nulls, and iterables',
    schema: schemaOf(
      { kind: 'array', nullable: false, elementType: type('string', true) },
      { kind: 'iterable', nullable: false, elementType: type('double') },
    ),
    row: rowOf(['a', null], [1.5, -0]),
    hex: '02000000000201016100000000023ff80000000000008000000000000000',
  },
  {
    name: 'a row in a row, and a map',
    schema: NESTED,
    row: rowOf({ f0: 5, f1: null }, new Map([[7, true]])),
    hex: '020002010205000000010701',
  },
  {
    name: 'a row in a row, and a map without entries',
    schema: NESTED,
    row: rowOf({ f0: -5, f1: Uint8Array.of(97, 98) }, new Map()),
    hex: '02000200fbffffffffffffffff0102616200000000',
  },
  {
    name: 'a day',
    schema: schemaOf(logical('date', type('int64'))),
    row: rowOf('2020-08-13'),
    hex: '0100b79001',
  },
  {
    name: 'a day before 1970',
    schema: schemaOf(logical('date', type('int64'))),
    row: rowOf('1969-12-31'),
    hex: '0100ffffffffffffffffff01',
  },
])('RowCoder writes $name as Beam does, and gives it back', ({ schema, row, hex }) => {
  const coder = new RowCoder(schema);
  expect(hexOf(coder, row)).toBe(hex);
  expect(decoded(coder, Buffer.from(hex, 'hex'))).toEqual(row);
});

// The bytes are what DecimalCoder of Beam's Python SDK 2.77 writes; 1E+3, whose scale is negative, as 1000.
test.each([
  ['0', '000100'],
  ['0.00', '020100'],
  ['-0.5', '0101fb'],
  ['127', '00017f'],
  ['128', '00020080'],
  ['-128', '000180'],
  ['-129', '0002ff7f'],
  ['255', '000200ff'],
])('RowCoder writes the decimal %s as Beam does, and gives it back', (decimal, hex) => {
  const coder = new RowCoder(schemaOf(logical('decimal', type('bytes'))));
  expect(hexOf(coder, rowOf(decimal))).toBe(`0100${hex}`);
  expect(decoded(coder, Buffer.from(`0100${hex}`, 'hex'))).toEqual(rowOf(decimal));
});

test.each([
  ['1E+3', '1000'],
  ['-1000000000000000000000000000000.5', '-1000000000000000000000000000000.5'],
  ['+.5', '0.5'],
  ['2.50e1', '25.0'],
  ['5e-3', '0.005'],
])('RowCoder takes the decimal %s, and gives it back as %s', (written, read) => {
  const coder = new RowCoder(schemaOf(logical('decimal', type('bytes'))));
  expect(decoded(coder, encoded(coder, rowOf(written)))).toEqual(rowOf(read));
});

test('RowCoder reads a negative scale as Java writes it, and as Python does', () => {
  const coder = new RowCoder(schemaOf(logical('decimal', type('bytes'))));
  for (const scale of ['fdffffff0f', 'fdffffffffffffffff01']) {
    expect(decoded(coder, Buffer.from(`0100${scale}0101`, 'hex'))).toEqual(rowOf('1000'));
  }
});

test.each([
  ['with names in small letters', ['date', 'time']],
  ['with the names that Beam Java has', ['Date', 'Time']],
])('RowCoder gives back a time of day, a day with its time %s, and an instant', (_, names) => {
  const nanos = type('int64');
  const dateTime: Schema = { fields: names.map((name) => ({ name, type: type('int64') })) };
  const coder = new RowCoder(
    schemaOf(
      logical('time', nanos),
      logical('datetime', { kind: 'row', nullable: false, schema: dateTime }),
      logical('millis_instant', nanos),
    ),
  );
  const row = rowOf('23:59:59.999999999', '-000044-03-15T12:00:00', new Date(-1));
  expect(decoded(coder, encoded(coder, row))).toEqual(row);
});

test('RowCoder pads what has a fixed length, and refuses what is longer', () => {
  const coder = new RowCoder(
    schemaOf(logical('fixed_char', type('string'), 3), logical('fixed_bytes', type('bytes'), 2)),
  );
  const padded = decoded(coder, encoded(coder, rowOf('é😀', Uint8Array.of(7))));
  expect(padded).toEqual(rowOf('é😀 ', Uint8Array.of(7, 0)));
  expect(() => encoded(coder, rowOf('four', new Uint8Array()))).toThrow(
    'its field "f0" must be fixed_char(3): received the string "four"',
  );
});

test('RowCoder reads a row of fewer fields with nulls in place of the others, and refuses one of more', () => {
  const old = new RowCoder(schemaOf(type('int64')));
  const now = new RowCoder(schemaOf(type('int64'), type('string', true)));
  expect(decoded(now, encoded(old, rowOf(3)))).toEqual(rowOf(3, null));
  expect(() => decoded(old, encoded(now, rowOf(3, 'a')))).toThrow('must have no others: received 2');
});

test('RowCoder writes fields in the order of their encoding positions', () => {
  const fields = schemaOf(type('byte'), type('byte', true), type('byte')).fields;
  const coder = new RowCoder({
    fields: fields.map((field, index) => ({ ...field, encodingPosition: (index + 1) % 3 })),
  });
  expect(hexOf(coder, rowOf(1, 2, 3))).toBe('0300030102');
  expect(hexOf(coder, rowOf(1, null, 3))).toBe('030102' + '0301');
  expect(decoded(coder, Buffer.from('0301020301', 'hex'))).toEqual(rowOf(1, null, 3));
});

test('RowCoder takes a property that is missing for null, and keeps one named __proto__', () => {
  const coder = new RowCoder({ fields: [{ name: '__proto__', type: type('int64', true) }] });
  expect(hexOf(coder, {})).toBe('010101');
  const back = decoded(coder, Buffer.from('010005', 'hex'));
  expect(Object.entries(back)).toEqual([['__proto__', 5]]);
});

test.each([
  {
    name: 'a value of another type',
    schema: schemaOf(type('int32')),
    row: rowOf(2 ** 31),
    message: 'its field "f0" must be int32: received the number 2147483648',
  },
  {
    name: 'null where there is none',
    schema: schemaOf(type('string')),
    row: rowOf(null),
    message: 'its field "f0" must be string: received null',
  },
  {
    name: 'a value deep inside',
    schema: NESTED,
    row: rowOf({ f0: 'x', f1: null }, new Map()),
    message: 'its field "f0.f0" must be int64: received the string "x"',
  },
  {
    name: 'an object for a map',
    schema: NESTED,
    row: rowOf({ f0: 1, f1: null }, {}),
    message: 'its field "f1" must be map<int64, boolean>: received',
  },
  {
    name: 'a day that no month has',
    schema: schemaOf(logical('date', type('int64'))),
    row: rowOf('2021-02-29'),
    message: 'its field "f0" must be date: received the string "2021-02-29"',
  },
])('RowCoder refuses $name, and names the field', ({ schema, row, message }) => {
  const coder = new RowCoder(schema);
  expect(() => encoded(coder, row)).toThrow(PipelineError);
  expect(() => encoded(coder, row)).toThrow(message);
});

test('RowCoder refuses a logical type that it does not know by its name, when it is made', () => {
  const inner = schemaOf(logical('enumeration', type('int32')));
  const schema = schemaOf({ kind: 'row', nullable: false, schema: inner });
  expect(() => new RowCoder(schema)).toThrow(
    'the field "f0.f0" as its logical type must be one that Millrace knows: received beam:logical_type:enumeration:v1',
  );
});

test.each([
  [[0, 0], 'received 0, 0'],
  [[0, 2], 'received 0, 2'],
  [[undefined, 0], 'received none, 0'],
])('RowCoder refuses the encoding positions %j', (positions, message) => {
  const fields = schemaOf(type('byte'), type('byte')).fields;
  const schema = { fields: fields.map((field, index) => ({ ...field, encodingPosition: positions[index] })) };
  expect(() => new RowCoder(schema)).toThrow(message);
});

test('RowCoder gives back any row of any schema', () => {
  fc.assert(
    fc.property(fc.array(typedValue, { maxLength: 20 }), (typed) => {
      const coder = new RowCoder(schemaOf(...typed.map(([type]) => type)));
      const row = rowOf(...typed.map(([, value]) => value));
      expect(decoded(coder, encoded(coder, row))).toEqual(row);
    }),
  );
});

const VALUES: Readonly<Record<(typeof ATOMIC_TYPES)[number], fc.Arbitrary<unknown>>> = {
  byte: fc.integer({ min: -128, max: 127 }),
  int16: fc.integer({ min: -32768, max: 32767 }),
  int32: fc.integer(),
  int64: fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n })),
  float: fc.float(),
  double: fc.double(),
  string: fc.string({ unit: 'binary' }).filter((text) => !/\p{Surrogate}/u.test(text)),
  boolean: fc.boolean(),
  bytes: fc.uint8Array(),
};

/** A type of a field, with a value of it. */
const typedValue: fc.Arbitrary<[FieldType, unknown]> = fc.letrec<{ typed: [FieldType, unknown] }>((tie) => ({
  typed: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(...ATOMIC_TYPES).chain((kind) => typedOf(type(kind), VALUES[kind])),
    fc.constantFrom(...ATOMIC_TYPES).chain((kind) => {
      const arrays = fc.array(fc.option(VALUES[kind]));
      return typedOf({ kind: 'array', nullable: false, elementType: type(kind, true) }, arrays);
    }),
    fc
      .array(tie('typed'), { maxLength: 4 })
      .map((typed): [FieldType, unknown] => [
        { kind: 'row', nullable: false, schema: schemaOf(...typed.map(([type]) => type)) },
        rowOf(...typed.map(([, value]) => value)),
      ]),
  ),
})).typed;

function typedOf(type: FieldType, values: fc.Arbitrary<unknown>): fc.Arbitrary<[FieldType, unknown]> {
  const nullable: FieldType = { ...type, nullable: true };
  return fc.oneof(
    values.map((value): [FieldType, unknown] => [type, value]),
    fc.option(values).map((value): [FieldType, unknown] => [nullable, value]),
  );
}
