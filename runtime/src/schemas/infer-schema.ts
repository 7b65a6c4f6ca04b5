import type { Row } from '../coders/row.ts';
import { describeValue } from '../model/describe-value.ts';
import { PCollection } from '../model/pcollection.ts';
import { isPlainObject } from './kind-of-value.ts';
import { rowSchema, type RowSchema } from './schema.ts';
import { SeenValues } from './seen-values.ts';

/** Elements as rows of a schema inferred from them: what may be undefined or missing is null. */
export type InferredRow<T> = unknown extends T ? Row : Inferred<T>;

type Inferred<T> = unknown extends T
  ? unknown
  : T extends undefined
    ? null
    : T extends Date | Uint8Array
      ? T
      : T extends readonly (infer Element)[]
        ? readonly Inferred<Element>[]
        : T extends ReadonlyMap<infer Key, infer Value>
          ? ReadonlyMap<Inferred<Key>, Inferred<Value>>
          : T extends object
            ? { readonly [Name in keyof T]-?: InferredField<T, Name> }
            : T;

type InferredField<T, Name extends keyof T> =
  | Inferred<Exclude<T[Name], undefined>>
  | (undefined extends T[Name] ? (unknown extends T[Name] ? unknown : null) : never);

/**
 * Makes the schema that all of some elements match, as `beam.schema` does of texts: `withSchema(beam.inferSchema(examples))`.
 *
 * - Values have the narrowest of: `boolean`, `int64` for integers that a number holds exactly and for bigints, `double` for
 *   other numbers, `string`, `bytes` (a Uint8Array), `millis_instant` (a Date), `array<…>`, `map<…>` of a Map, and a row of a
 *   plain object. Numbers with and without a fraction are `double`.
 * - A field is nullable if it is null, undefined or missing in any element. Fields are in the order of first sight; a property
 *   that is undefined in all elements is none.
 * - The type is that of the elements. An int64 also matches integers beyond 2^53, which are bigints, in elements to come.
 * - Cost: time in proportion to the elements, each of which is looked at once; memory to the fields.
 *
 * @throws {TypeError} with the field and the element: for values that have no common type, like a string and a number, or none
 *   at all, like a function; for a field with nothing but null, or empty arrays; for what is no object, and for no elements.
 */
export function inferSchema<T>(elements: Iterable<T>): RowSchema<InferredRow<T>> {
  requireIterable(elements);
  const rows = new SeenValues('');
  let index = 0;
  for (const element of elements) {
    if (!isPlainObject(element)) {
      throw new TypeError(
        `Cannot infer a schema as each element must be an object with a property for each field: received ${describeValue(element)} as element ${index}`,
      );
    }
    rows.add(element, { element, index, around: new Set() });
    index += 1;
  }
  if (index === 0) throw new TypeError('Cannot infer a schema as there must be an element: received none');
  return rowSchema(rows.toSchema());
}

function requireIterable(elements: unknown): void {
  if (typeof elements === 'object' && elements !== null && Symbol.iterator in elements) return;
  const hint =
    elements instanceof PCollection ? '; take some first: inferSchema(await ib.head(pcollection))' : '';
  throw new TypeError(
    `Cannot infer a schema as its elements must be an array or another iterable: received ${describeValue(elements)}${hint}`,
  );
}
