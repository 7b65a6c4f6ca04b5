import fc from 'fast-check';
import { expect, expectTypeOf, test } from 'vitest';
import { RowCoder, type Row } from '../../../runtime/src/coders/row.ts';
import * as beam from '../../../runtime/src/index.ts';
import type { RowSchema } from '../../../runtime/src/index.ts';
import { fieldTypeText } from '../../../runtime/src/model/schema.ts';
import { decoded, encoded, hexOf } from '../../support/round-trip.ts';
import { collect } from '../engine/run-fragment.ts';

/** The fields that are inferred, in their order: "name: string". */
const inferred = (elements: Iterable<unknown>) =>
  beam.inferSchema(elements).schema.fields.map(({ name, type }) => `${name}: ${fieldTypeText(type)}`);

test('inferSchema() gives each field the narrowest type, in the order of first sight', () => {
  const first = {
    name: 'ada',
    isActive: true,
    age: 36,
    score: 1,
    big: 2n ** 60n,
    raw: Uint8Array.of(1),
    at: new Date(0),
    tags: ['a'],
    counts: new Map([['x', 1]]),
    address: { street: 'Main' },
  };
  const second = { city: 'Rome', ...first, score: 1.5, big: 3, age: -0 };
  expect(inferred([first, second])).toEqual([
    'name: string',
    'isActive: boolean',
    'age: int64',
    'score: double',
    'big: int64',
    'raw: bytes',
    'at: millis_instant',
    'tags: array<string>',
    'counts: map<string, int64>',
    'address: row<street: string>',
    'city: string?',
  ]);
});

test('inferSchema() makes nullable what is null, undefined or missing in any element, wherever it is', () => {
  expect(
    inferred([
      { a: 1, b: 'x', c: [], d: { e: 1, f: null }, g: new Map<unknown, unknown>([['k', null]]) },
      { a: null, c: ['x', undefined], d: { e: 2, f: true }, g: new Map([[null, 'v']]) },
      { a: 2, b: undefined, c: [null], d: { f: false }, g: new Map() },
    ]),
  ).toEqual([
    'a: int64?',
    'b: string?',
    'c: array<string?>',
    'd: row<e: int64?, f: boolean?>',
    'g: map<string?, string?>',
  ]);
});

test('inferSchema() leaves out a property that is undefined in all elements, as rows may have such', () => {
  const element = { a: 1, b: undefined };
  const schema = beam.inferSchema([element]);
  expect(schema.schema.fields.map(({ name }) => name)).toEqual(['a']);
  expect(schema['~standard'].validate(element)).toEqual({ value: { a: 1 } });
});

test('inferSchema() counts what no int64 is among doubles', () => {
  expect(inferred([{ a: 1, b: 2 ** 53, c: NaN, d: 0 }])).toEqual([
    'a: int64',
    'b: double',
    'c: double',
    'd: int64',
  ]);
});

test('inferSchema() takes any iterable, once, and an object that is in an element twice', () => {
  const shared = { x: 1 };
  function* elements() {
    yield { a: shared, b: [shared, shared] };
  }
  expect(inferred(elements())).toEqual(['a: row<x: int64>', 'b: array<row<x: int64>>']);
});

test('inferSchema() has the type of the elements, with null for undefined', () => {
  interface Visit {
    at: Date;
    pages: { url: string; ms?: number }[];
    referrer: string | undefined;
    counts: Map<string, number>;
    tags?: string[] | null;
  }
  const schema = beam.inferSchema([
    {
      at: new Date(0),
      pages: [{ url: '/', ms: 3 }],
      referrer: 'x',
      counts: new Map([['a', 1]]),
      tags: ['t'],
    },
  ] as Visit[]);
  expectTypeOf(schema).toEqualTypeOf<
    RowSchema<{
      readonly at: Date;
      readonly pages: readonly { readonly url: string; readonly ms: number | null }[];
      readonly referrer: string | null;
      readonly counts: ReadonlyMap<string, number>;
      readonly tags: readonly string[] | null;
    }>
  >();
  expectTypeOf(beam.inferSchema([{ a: 1 }] as unknown[])).toEqualTypeOf<RowSchema>();
});

/** Values of one type: all that is in `full` ones tells its type; in others may be null, be missing, or be empty. */
interface Values {
  readonly full: fc.Arbitrary<unknown>;
  readonly any: fc.Arbitrary<unknown>;
}

const text = fc.string({ unit: 'grapheme' });
const names = fc.oneof(fc.constantFrom('a', 'b', '__proto__'), text);
const valuesOfOneType = fc.letrec<{ values: Values; row: Values }>((tie) => ({
  values: fc.oneof(
    { maxDepth: 2 },
    fc
      .constantFrom<fc.Arbitrary<unknown>>(
        fc.boolean(),
        fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
        fc.double(),
        text,
        fc.uint8Array(),
        fc.date({ noInvalidDate: true }),
      )
      .map((full) => ({ full, any: fc.option(full) })),
    tie('values').map(({ full, any }) => ({
      full: fc.tuple(fc.array(any), full).map(([others, one]) => [...others, one]),
      any: fc.option(fc.array(any)),
    })),
    tie('values').map(({ full, any }) => {
      const entries = fc.array(fc.tuple(text, any));
      return {
        full: fc.tuple(entries, fc.tuple(text, full)).map(([others, one]) => new Map([...others, one])),
        any: fc.option(entries.map((each) => new Map(each))),
      };
    }),
    tie('row'),
  ),
  row: fc
    .uniqueArray(fc.tuple(names, tie('values')), { selector: ([name]) => name, maxLength: 4 })
    .map((fields) => {
      const each = (which: keyof Values) =>
        Object.fromEntries(fields.map(([name, values]) => [name, values[which]]));
      return { full: fc.record(each('full')), any: fc.option(fc.record(each('any'), { requiredKeys: [] })) };
    }),
}));
const elementsOfOneType = valuesOfOneType.row
  .chain(({ full, any }) => fc.tuple(full, fc.array(any.filter((row) => row !== null))))
  .map(([one, others]) => [...others, one] as Row[]); // they are records

const cyclic: Record<string, unknown> = { x: 1 };
cyclic.self = { again: [cyclic] };

test.each<{ name: string; elements: unknown; message: string }>([
  {
    name: 'values of no common type',
    elements: [{ age: 36 }, { age: null }, { age: 'old' }],
    message:
      'Cannot infer a schema as "age" must have values of one type: received the number 36 in element 0, then the string "old" in element 2: {"age":"old"}',
  },
  {
    name: 'such deep inside',
    elements: [{ a: [{ b: new Map([['k', true]]) }] }, { a: [{ b: new Map([['k', 'x']]) }] }],
    message:
      'Cannot infer a schema as "a[].b.value" must have values of one type: received the boolean true in element 0, then the string "x" in element 1: {"a":[{"b":{}}]}',
  },
  {
    name: 'a row where an array was',
    elements: [{ a: [] }, { a: {} }],
    message:
      'Cannot infer a schema as "a" must have values of one type: received an instance of Array in element 0, then an empty object in element 1: {"a":{}}',
  },
  {
    name: 'a fraction after a bigint, which no type has',
    elements: [{ a: 2n ** 60n }, { a: 1 }, { a: 0.5 }],
    message:
      'Cannot infer a schema as "a" must have values of one type: received the bigint 1152921504606846976 in element 0, then the number 0.5 in element 2: {"a":0.5}',
  },
  {
    name: 'a bigint after a fraction',
    elements: [{ a: 0.5 }, { a: 1n }],
    message:
      'Cannot infer a schema as "a" must have values of one type: received the number 0.5 in element 0, then the bigint 1 in element 1: an object with a',
  },
  {
    name: 'a function',
    elements: [{ a: { b: () => 1 } }],
    message:
      'Cannot infer a schema as "a.b" must have values of types that rows have: received a function in element 0: {"a":{}}',
  },
  {
    name: 'an instance of a class',
    elements: [{ a: new Set([1]) }],
    message:
      'Cannot infer a schema as "a" must have values of types that rows have: received an instance of Set in element 0: {"a":{}}',
  },
  {
    name: 'a bigint of more than 64 bits',
    elements: [{ a: 2n ** 63n }],
    message:
      'Cannot infer a schema as "a" must have values of types that rows have: received the bigint 9223372036854775808 in element 0: an object with a',
  },
  {
    name: 'an element that holds itself',
    elements: [cyclic],
    message:
      'Cannot infer a schema as "self.again[]" must not hold itself: received an object with x, self in element 0: an object with x, self',
  },
  {
    name: 'a field with nothing but null',
    elements: [{ a: null }, {}],
    message:
      'Cannot infer a schema as "a" must have a value that tells its type: received null or undefined only; write the schema: beam.schema({ … }), or leave it out of the elements',
  },
  {
    name: 'arrays that are all empty',
    elements: [{ a: [] }, { a: [] }],
    message:
      'Cannot infer a schema as "a[]" must have a value that tells its type: received none; write the schema: beam.schema({ … }), or leave it out of the elements',
  },
  {
    name: 'an element that is no object',
    elements: [{ a: 1 }, 'x'],
    message:
      'Cannot infer a schema as each element must be an object with a property for each field: received the string "x" as element 1',
  },
  {
    name: 'no elements',
    elements: [],
    message: 'Cannot infer a schema as there must be an element: received none',
  },
  {
    name: 'what is not iterable',
    elements: { a: 1 },
    message:
      'Cannot infer a schema as its elements must be an array or another iterable: received an object with a',
  },
  {
    name: 'a PCollection',
    elements: beam.pipeline().apply(beam.create([1])),
    message:
      'Cannot infer a schema as its elements must be an array or another iterable: received an instance of PCollection; take some first: inferSchema(await ib.head(pcollection))',
  },
])('inferSchema() refuses $name', ({ elements, message }) => {
  expect(() => beam.inferSchema(elements as never)).toThrow(new TypeError(message));
});

test('inferSchema() gives a schema that its elements match, and RowCoder gives them back', () => {
  fc.assert(
    fc.property(elementsOfOneType, (elements) => {
      const schema = beam.inferSchema(elements);
      const coder = new RowCoder(schema.schema);
      for (const element of elements) {
        const result = schema['~standard'].validate(element);
        if (result.issues !== undefined) throw new TypeError(JSON.stringify(result.issues));
        expect(hexOf(coder, result.value)).toBe(hexOf(coder, element));
        expect(decoded(coder, encoded(coder, result.value))).toEqual(result.value);
      }
    }),
  );
});

test('inferSchema() makes a schema for withSchema()', async () => {
  const examples = [{ user: 'ada', points: 1 }];
  const create = (elements: readonly unknown[]) =>
    beam
      .pipeline()
      .apply(beam.create(elements))
      .apply(beam.withSchema(beam.inferSchema(examples)));
  expect((await collect(create(examples).map(({ points }) => points + 1))).values).toEqual([2]);
  await expect(collect(create([{ user: 'bo', points: 'x' }]))).rejects.toThrow(
    'as it must match the schema: points: expected int64, received the string "x"; received {"user":"bo","points":"x"}',
  );
});
