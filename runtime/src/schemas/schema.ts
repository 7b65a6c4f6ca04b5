import type { StandardSchemaV1 } from '@standard-schema/spec';
import { RowCoder, type Row } from '../coders/row.ts';
import { describeValue } from '../model/describe-value.ts';
import type { FieldType, Schema } from '../model/schema.ts';
import { fieldTypeFromText } from './field-type-from-text.ts';
import { Findings } from './findings.ts';
import { rowCheck } from './row-check.ts';
import type { KnownTexts, RowFields, RowOf } from './row-of.ts';

/** A schema of Beam that checks elements: it has the Standard Schema interface, so `withSchema` takes it. */
export interface RowSchema<R = Row> extends StandardSchemaV1<unknown, R> {
  readonly '~standard': RowSchemaProps<R>;
  /** The fields, as Beam has them: data. */
  readonly schema: Schema;
}

interface RowSchemaProps<R> extends StandardSchemaV1.Props<unknown, R> {
  /** At once, where the interface allows a promise. */
  readonly validate: (value: unknown) => StandardSchemaV1.Result<R>;
}

/**
 * Makes a schema of rows, by the texts of Beam's types: `beam.schema({ name: 'string', age: 'int64?' })`.
 *
 * - A text is an atomic type (`byte`, `int16`, `int32`, `int64`, `float`, `double`, `string`, `boolean`, `bytes`),
 *   `array<string>`, `iterable<string>`, `map<string, int64>`, `row<name: string>`, or a logical type: `millis_instant` (a
 *   Date), `micros_instant`, `timestamp(9)`, `date`, `time`, `datetime`, `decimal`, `var_char(20)`, `fixed_char(2)`,
 *   `var_bytes(20)`, `fixed_bytes(16)`, `python_callable`. With `?` behind it, null is a value too.
 * - A field may also be an object of fields, or another schema: a row in the row. A Beam `Schema` can be given as a whole.
 * - Rows have exactly the fields. A property that is missing or undefined is null, where the field allows that. One that is
 *   no field is refused, and not left out as zod does: what is misspelt would be lost without a word.
 * - Nothing is converted, except that an int64 is a number where that is exact, and a bigint elsewhere.
 * - Cost: time in proportion to the element, of which a copy is made.
 *
 * @throws {TypeError} for a text that is no type, by the field's name, with what may be meant. @throws {PipelineError} for a
 *   logical type in a Beam `Schema` that Millrace does not know. @throws {RangeError} for two fields of one name in it.
 * @see https://beam.apache.org/documentation/programming-guide/#schemas and https://standardschema.dev
 */
export function schema(schema: Schema): RowSchema;
export function schema<const F extends RowFields>(fields: F & KnownTexts<F>): RowSchema<RowOf<F>>;
export function schema(given: Schema | RowFields): RowSchema {
  return rowSchema(schemaOf(given, ''));
}

/** The schema of rows of a type that the caller knows. */
export function rowSchema<R = Row>(schema: Schema): RowSchema<R> {
  // Refuses what rows cannot be made of.
  new RowCoder(schema);
  const check = rowCheck(schema);
  const validate = (value: unknown): StandardSchemaV1.Result<R> => {
    const findings = new Findings();
    const row = check(value, findings) as R; // of no use unless nothing was found
    return findings.issues.length === 0 ? { value: row } : { issues: findings.issues };
  };
  return Object.freeze({ '~standard': Object.freeze({ version: 1, vendor: 'millrace', validate }), schema });
}

/** @param path Of the row in a greater one: "address.". */
function schemaOf(given: unknown, path: string): Schema {
  if (!isObject(given)) {
    const what = path === '' ? 'it' : `the field "${path.slice(0, -1)}"`;
    throw new TypeError(
      `Cannot make a schema as ${what} must be an object of fields${path === '' ? '' : ', a text like "int64?" or another schema'}: received ${describeValue(given)}`,
    );
  }
  if (isSchema(given)) return given;
  if ('~standard' in given) {
    if ('schema' in given && isSchema(given.schema)) return given.schema;
    throw new TypeError(
      `Cannot make a schema as schemas in it must be made by beam.schema: received ${describeValue(given)}`,
    );
  }
  const fields = Object.entries(given).map(([name, field]) => ({ name, type: typeOf(field, path + name) }));
  return { fields };
}

function typeOf(field: unknown, path: string): FieldType {
  if (typeof field === 'string') return fieldTypeFromText(field, path);
  return { kind: 'row', nullable: false, schema: schemaOf(field, `${path}.`) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSchema(value: unknown): value is Schema {
  return isObject(value) && 'fields' in value && Array.isArray(value.fields);
}
