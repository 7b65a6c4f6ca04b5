/**
 * The type of a row's field, in the words of Beam's schemas, and the JavaScript values that it has.
 *
 * - `byte`, `int16`, `int32`: integers of 8, 16 and 32 bits with a sign, as numbers.
 * - `int64`: a number if it is a safe integer, else a bigint.
 * - `float`, `double`: numbers of 32 and 64 bits.
 * - `string`, `boolean`, `bytes`: a string, a boolean, a Uint8Array.
 * - `array`, `iterable`: an array. `map`: a Map. `row`: an object with a property for each field.
 * - `logical`: what its URN says; see `coders/logical-type.ts`.
 *
 * @see schema.proto, FieldType
 */
export type FieldType = { readonly nullable: boolean } & (
  | { readonly kind: AtomicType }
  | { readonly kind: 'array' | 'iterable'; readonly elementType: FieldType }
  | { readonly kind: 'map'; readonly keyType: FieldType; readonly valueType: FieldType }
  | { readonly kind: 'row'; readonly schema: Schema }
  | LogicalType
);

/** The types that are made of no others. */
export const ATOMIC_TYPES = Object.freeze([
  'byte',
  'int16',
  'int32',
  'int64',
  'float',
  'double',
  'string',
  'boolean',
  'bytes',
] as const);

/** One of the types that are made of no others. */
export type AtomicType = (typeof ATOMIC_TYPES)[number];

/** A type that is written as another one, its representation, and means more: a day, an instant, a decimal number. */
export interface LogicalType {
  readonly kind: 'logical';
  readonly nullable: boolean;
  /** "beam:logical_type:millis_instant:v1" */
  readonly urn: string;
  readonly representation: FieldType;
  /** What makes one of a family of types, like the length of strings; a value of `argumentType`. */
  readonly argument?: unknown;
  readonly argumentType?: FieldType | undefined;
}

/** A named part of a row. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** For people. */
  readonly description?: string | undefined;
  /** Where it stands among a row's bytes, from 0 on; all fields of a schema have one, or none has. */
  readonly encodingPosition?: number | undefined;
}

/**
 * What rows of one type are made of: Beam's Schema.
 *
 * @see https://beam.apache.org/documentation/programming-guide/#schemas
 */
export interface Schema {
  readonly fields: readonly Field[];
  /** A UUID by which SDKs know the type again; one is made where a schema goes to a runner without. */
  readonly id?: string | undefined;
}

/** Names of fields that a text of a type has without quotes. */
export const PLAIN_NAME = /^[^\s<>(),:?"]+$/u;

/**
 * "string", "int64?", "array<string?>", "map<string, int64>", "row<name: string>", "millis_instant": as it is shown.
 * Names of fields that are not plain are in quotes: `row<"full name": string>`.
 */
export function fieldTypeText(type: FieldType): string {
  return nonNullText(type) + (type.nullable ? '?' : '');
}

function nonNullText(type: FieldType): string {
  switch (type.kind) {
    case 'array':
    case 'iterable':
      return `${type.kind}<${fieldTypeText(type.elementType)}>`;
    case 'map':
      return `map<${fieldTypeText(type.keyType)}, ${fieldTypeText(type.valueType)}>`;
    case 'row':
      return `row<${type.schema.fields.map(({ name, type }) => `${nameText(name)}: ${fieldTypeText(type)}`).join(', ')}>`;
    case 'logical':
      return logicalText(type);
    case 'byte':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'float':
    case 'double':
    case 'string':
    case 'boolean':
    case 'bytes':
      return type.kind;
  }
}

function nameText(name: string): string {
  return PLAIN_NAME.test(name) ? name : JSON.stringify(name);
}

/** "fixed_char(5)" */
function logicalText({ urn, argument }: LogicalType): string {
  const name = /^beam:logical_type:(.+):v1$/.exec(urn)?.[1] ?? urn;
  return typeof argument === 'number' ? `${name}(${argument})` : name;
}
