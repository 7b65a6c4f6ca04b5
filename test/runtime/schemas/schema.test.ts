import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { RowCoder } from '../../../runtime/src/coders/row.ts';
import { SchemaMismatchError } from '../../../runtime/src/errors.ts';
import * as beam from '../../../runtime/src/index.ts';
import type { FieldType, PCollection, RowSchema, Schema } from '../../../runtime/src/index.ts';
import { fieldTypeText } from '../../../runtime/src/model/schema.ts';
import { decoded, encoded } from '../../support/round-trip.ts';
import { collect } from '../engine/run-fragment.ts';
import { anyFieldType } from './any-field-type.ts';

/** The texts of a schema's fields. */
const texts = ({ schema }: RowSchema<unknown>) =>
  Object.fromEntries(schema.fields.map(({ name, type }) => [name, fieldTypeText(type)]));

/** What does not match, each with its path: "tags.0: expected string, received null". */
function issuesOf(schema: RowSchema<unknown>, value: unknown): string[] {
  const { issues = [] } = schema['~standard'].validate(value);
  return issues.map(({ path = [], message }) => `${path.map(String).join('.')}: ${message}`);
}

function rowOf(schema: RowSchema<unknown>, value: unknown): unknown {
  const result = schema['~standard'].validate(value);
  if (result.issues !== undefined) throw new TypeError(result.issues.map(({ message }) => message).join());
  return result.value;
}

const people = beam.schema({
  name: 'string',
  age: 'int64?',
  tags: 'array<string>',
  counts: 'map<string, int32>',
  address: { street: 'string' },
});

test('schema() makes a Beam schema of texts, and has the Standard Schema interface', () => {
  expect(people.schema).toEqual({
    fields: [
      { name: 'name', type: { kind: 'string', nullable: false } },
      { name: 'age', type: { kind: 'int64', nullable: true } },
      {
        name: 'tags',
        type: { kind: 'array', nullable: false, elementType: { kind: 'string', nullable: false } },
      },
      {
        name: 'counts',
        type: {
          kind: 'map',
          nullable: false,
          keyType: { kind: 'string', nullable: false },
          valueType: { kind: 'int32', nullable: false },
        },
      },
      {
        name: 'address',
        type: {
          kind: 'row',
          nullable: false,
          schema: { fields: [{ name: 'street', type: { kind: 'string', nullable: false } }] },
        },
      },
    ],
  });
  expect(people['~standard']).toMatchObject({ version: 1, vendor: 'millrace' });
});

test('schema() has the types of its rows', () => {
  interface Person {
    readonly name: string;
    readonly age: number | bigint | null;
    readonly tags: readonly string[];
    readonly counts: ReadonlyMap<string, number>;
    readonly address: { readonly street: string };
  }
  expectTypeOf(people).toEqualTypeOf<RowSchema<Person>>();
  const typed = beam
    .pipeline()
    .apply(beam.create([{}]))
    .apply(beam.withSchema(people));
  expectTypeOf(typed).toEqualTypeOf<PCollection<Person>>();

  type Of<T extends string> = beam.RowOf<{ x: T }>['x'];
  expectTypeOf<Of<'bytes?'>>().toEqualTypeOf<Uint8Array | null>();
  expectTypeOf<Of<'array<array<double?>>?'>>().toEqualTypeOf<
    readonly (readonly (number | null)[])[] | null
  >();
  expectTypeOf<Of<'map<map<string,int32>,array<boolean>>'>>().toEqualTypeOf<
    ReadonlyMap<ReadonlyMap<string, number>, readonly boolean[]>
  >();
  expectTypeOf<Of<'row<a: string, b: row<c: map<string, date>, d: int16>?>'>>().toEqualTypeOf<{
    readonly a: string;
    readonly b: { readonly c: ReadonlyMap<string, string>; readonly d: number } | null;
  }>();
  expectTypeOf<Of<'iterable<millis_instant>'>>().toEqualTypeOf<readonly Date[]>();
  expectTypeOf<Of<'var_char(20)?'>>().toEqualTypeOf<string | null>();
  expectTypeOf<Of<string>>().toEqualTypeOf<unknown>();
  expectTypeOf<Of<'row<"full name": string>'>>().toEqualTypeOf<unknown>();
  expectTypeOf<Of<'strng'>>().toEqualTypeOf<never>();
  expectTypeOf<Of<'array<strng>'>>().toEqualTypeOf<never>();
  expectTypeOf<Of<'map<string>'>>().toEqualTypeOf<never>();
});

test('schema() takes other schemas as fields, and a Beam schema as a whole', () => {
  const address = beam.schema({ street: 'string' });
  const nested = beam.schema({ home: address, work: address.schema });
  expect(texts(nested)).toEqual({ home: 'row<street: string>', work: 'row<street: string>' });
  expectTypeOf<typeof nested>().toExtend<RowSchema<{ readonly home: { readonly street: string } }>>();
  const again = beam.schema(people.schema);
  expectTypeOf(again).toEqualTypeOf<RowSchema>();
  expect(again.schema).toBe(people.schema);
  expect(texts(beam.schema({ fields: 'string' }))).toEqual({ fields: 'string' });
});

test('schema() reads every text that fieldTypeText() writes', () => {
  fc.assert(
    fc.property(anyFieldType, (type) => {
      const { schema } = beam.schema({ x: fieldTypeText(type) });
      expect(schema.fields).toEqual([{ name: 'x', type }]);
    }),
  );
});

test.each<[text: string, type: FieldType]>([
  [
    ' array < string ? > ? ',
    { kind: 'array', nullable: true, elementType: { kind: 'string', nullable: true } },
  ],
  ['row<>', { kind: 'row', nullable: false, schema: { fields: [] } }],
  [
    'row<"a, \\"b\\"": int16>',
    {
      kind: 'row',
      nullable: false,
      schema: { fields: [{ name: 'a, "b"', type: { kind: 'int16', nullable: false } }] },
    },
  ],
])('schema() reads the text %s', (text, type) => {
  expect(beam.schema({ x: text }).schema.fields[0]?.type).toEqual(type);
});

const WRITTEN =
  'Cannot make a schema as the type of "a.b" must be written like "string", "int64?", "array<string>", "map<string, int64>" or "row<name: string>": received';
const ONE_OF = `Cannot make a schema as the type of "a.b" must be one of Beam's: received`;
test.each([
  ['strng', `${ONE_OF} "strng"; did you mean "string"?`],
  ['array<Int63>', `${ONE_OF} "Int63" in "array<Int63>"; did you mean "int64"?`],
  ['number?', `${ONE_OF} "number" in "number?"; did you mean "double"?`],
  [
    'beam:logical_type:uuid:v1',
    `${ONE_OF} "beam" in "beam:logical_type:uuid:v1"; the types are byte, int16, int32, int64, float, double, string, boolean, bytes, array, iterable, map, row, millis_instant, micros_instant, decimal, date, time, datetime, python_callable, timestamp, fixed_bytes, var_bytes, fixed_char, var_char`,
  ],
  ['fixed_decimal', `${ONE_OF} "fixed_decimal"; did you mean "decimal"?`],
  ['', `${WRITTEN} ""`],
  ['int64??', `${WRITTEN} "int64??"`],
  ['array', `${WRITTEN} "array"`],
  ['array<string', `${WRITTEN} "array<string"`],
  ['array<string>>', `${WRITTEN} "array<string>>"`],
  ['map<string>', `${WRITTEN} "map<string>"`],
  ['row<a string>', `${WRITTEN} "row<a string>"`],
  ['row<"a: string>', `${WRITTEN} "row<\\"a: string>"`],
  ['row<a: string,>', `${WRITTEN} "row<a: string,>"`],
  [
    'var_char',
    'Cannot make a schema as var_char in the type of "a.b" must have a length, like var_char(20): received "var_char"',
  ],
  [
    'timestamp(10)',
    'Cannot make a schema as timestamp in the type of "a.b" must have its digits of a second from 0 to 9, like timestamp(6): received "timestamp(10)"',
  ],
  [
    'date(3)',
    'Cannot make a schema as date in the type of "a.b" must be without a number: received "date(3)"',
  ],
])('schema() refuses the text %j, and names the field', (text, message) => {
  const make = () => beam.schema({ a: { b: text } });
  expect(make).toThrow(TypeError);
  expect(make).toThrow(new TypeError(message));
});

test('schema() refuses what is no schema, and TypeScript a text that is no type', () => {
  expect(() => beam.schema(3 as never)).toThrow(
    'Cannot make a schema as it must be an object of fields: received the number 3',
  );
  expect(() => beam.schema({ a: { b: 3 } } as never)).toThrow(
    'Cannot make a schema as the field "a.b" must be an object of fields, a text like "int64?" or another schema: received the number 3',
  );
  expect(() => beam.schema({ a: { '~standard': { vendor: 'zod' } } } as never)).toThrow(
    'Cannot make a schema as schemas in it must be made by beam.schema: received an object with ~standard',
  );
  const twice: Schema = { fields: [...people.schema.fields, ...people.schema.fields] };
  expect(() => beam.schema(twice)).toThrow('each field must have its own name: received "name" twice');
  // @ts-expect-error -- no type of Beam
  expect(() => beam.schema({ a: 'strng' })).toThrow('did you mean "string"?');
});

describe('a schema', () => {
  const ada = {
    name: 'ada',
    age: 36,
    tags: ['a', 'b'],
    counts: new Map([['x', 1]]),
    address: { street: 'Main' },
  };

  test('gives rows with all fields in their order, null for what is missing or undefined', () => {
    const row = rowOf(people, { ...ada, age: undefined, other: undefined });
    expect(rowOf(beam.schema({ age: 'int64?' }), {})).toEqual({ age: null });
    expect(row).toEqual({ ...ada, age: null });
    expect(Object.keys(row as object)).toEqual(['name', 'age', 'tags', 'counts', 'address']);
    expect(rowOf(beam.schema({ x: 'array<int64?>' }), { x: [undefined, 1n, 2n ** 60n, -0] })).toEqual({
      x: [null, 1, 2n ** 60n, 0],
    });
  });

  test('takes instances with getters, and no property that every object has', () => {
    class Point {
      readonly #x = 3;
      get x() {
        return this.#x;
      }
    }
    const schema = beam.schema({ x: 'int64', constructor: 'string?', ['__proto__']: 'int32?' });
    expect(Object.entries(rowOf(schema, new Point()) as object)).toEqual([
      ['x', 3],
      ['constructor', null],
      ['__proto__', null],
    ]);
  });

  test('reports all that does not match, each with its path', () => {
    const issues = issuesOf(people, {
      age: 1.5,
      tags: ['a', null, 3],
      counts: new Map<unknown, unknown>([
        ['x', 2 ** 31],
        [7, 1],
      ]),
      address: { street: 'Main', 'no. ': 1 },
      nmae: 'ada',
    });
    expect(issues).toEqual([
      'name: expected string, received undefined',
      'age: expected int64?, received the number 1.5',
      'tags.1: expected string, received null',
      'tags.2: expected string, received the number 3',
      'counts.x: expected int32, received the number 2147483648',
      'counts.7.key: expected string, received the number 7',
      'address.no. : expected no such field, received the number 1',
      'nmae: expected no such field, received the string "ada"',
    ]);
  });

  test.each<[text: string, values: unknown[], others: unknown[]]>([
    ['byte', [-128, 127], [-129, 128, 1.5, 1n, '1', NaN]],
    ['int16', [-32768, 32767], [-32769, 32768]],
    ['int32', [-(2 ** 31), 2 ** 31 - 1], [2 ** 31, -(2 ** 31) - 1]],
    ['int64', [2 ** 53 - 1, -(2n ** 63n), 2n ** 63n - 1n], [2 ** 53, 2n ** 63n, -(2n ** 63n) - 1n, Infinity]],
    ['float', [0.5, NaN, Infinity], ['1', 1n, new Date(0)]],
    ['double', [1e300, -0], [true]],
    ['string', ['', '😀'], ['\ud800', 3, {}]],
    ['boolean', [true, false], [0, 'true']],
    ['bytes', [Uint8Array.of(1)], [[1], 'a', new ArrayBuffer(1)]],
    ['array<int32>', [[], [1]], [new Set([1]), 'a', Int32Array.of(1)]],
    ['map<int64, string>', [new Map([[1, 'a']])], [{ 1: 'a' }, [], new Set()]],
    ['row<x: int32?>', [{ x: null }], [[], new Map(), new Date(0), 'x', Uint8Array.of(1)]],
    ['millis_instant', [new Date(0)], [new Date(NaN), 0, '2020-01-01']],
    ['date', ['2020-02-29'], ['2021-02-29', new Date(0)]],
    ['decimal', ['1.50'], ['', 1.5, 'x']],
    ['micros_instant', [{ seconds: 1, micros: 2 }], [{ seconds: 1, micros: 1e6 }, { micros: 2 }, 1]],
    ['var_char(2)', ['é😀'], ['abc', 1]],
  ])('of %s takes its values, and no others', (text, values, others) => {
    const schema = beam.schema({ x: text });
    const coder = new RowCoder(schema.schema);
    for (const x of values) {
      expect(rowOf(schema, { x })).toEqual({ x });
      expect(decoded(coder, encoded(coder, { x }))).toEqual({ x });
    }
    for (const x of [...others, null, undefined, Symbol('s'), () => 1]) {
      expect(issuesOf(schema, { x })).toHaveLength(1);
    }
  });

  test('refuses two keys of a map that are one', () => {
    const map = new Map<unknown, string>([
      [1, 'a'],
      [1n, 'b'],
    ]);
    expect(issuesOf(beam.schema({ x: 'map<int64, string>' }), { x: map })).toEqual([
      'x.1.key: expected each key once, received the bigint 1',
    ]);
  });

  test('refuses what is no object', () => {
    expect(issuesOf(people, 'ada')).toEqual([': expected a row, received the string "ada"']);
  });
});

test('withSchema() takes a schema of schema(), and its error names the fields and the element', async () => {
  const create = (elements: readonly unknown[]) => beam.pipeline().apply(beam.create(elements));
  const scores = beam.schema({ user: 'string', points: 'array<int64>', team: 'string?' });
  const rows = create([{ user: 'ada', points: [1, 2n] }]).apply(beam.withSchema(scores));
  const sums = rows.map(({ user, points }) => ({
    user,
    sum: points.reduce<number>((a, b) => a + Number(b), 0),
  }));
  expectTypeOf(sums).toEqualTypeOf<PCollection<{ user: string; sum: number }>>();
  expect((await collect(rows)).values).toEqual([{ user: 'ada', points: [1, 2], team: null }]);
  expect((await collect(sums)).values).toEqual([{ user: 'ada', sum: 3 }]);

  const bad = { user: 'bo', points: [1, 'x'], taem: 'red' };
  const error: unknown = await collect(create([bad]).apply(beam.withSchema(scores))).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SchemaMismatchError);
  const { message, element } = error as SchemaMismatchError; // checked above
  expect(message).toBe(
    'Cannot take an element as a row in "WithSchema(millrace)" as it must match the schema: ' +
      'points[1]: expected int64, received the string "x"; taem: expected no such field, received the string "red"; ' +
      'received {"user":"bo","points":[1,"x"],"taem":"red"}',
  );
  expect(element).toBe(bad);
});
