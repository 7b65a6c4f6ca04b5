import { PipelineError } from '../errors.ts';
import { describeValue } from '../model/describe-value.ts';
import { fieldTypeText, type Field, type FieldType, type Schema } from '../model/schema.ts';
import { BOOL_CODER } from './bool.ts';
import { BYTES_CODER } from './bytes.ts';
import type { Coder } from './coder.ts';
import { DOUBLE_CODER } from './double.ts';
import { BIG_ENDIAN_SHORT_CODER, BYTE_CODER, FLOAT_CODER, VAR_INT_32_CODER } from './fixed-size.ts';
import type { InputBytes } from './input-bytes.ts';
import { IterableCoder } from './iterable.ts';
import { logicalTypeCoder } from './logical-type.ts';
import { MapCoder } from './map.ts';
import { NullableCoder } from './nullable.ts';
import type { OutputBytes } from './output-bytes.ts';
import { STRING_UTF8_CODER } from './string-utf8.ts';
import { VARINT_CODER } from './varint.ts';

/** An object with a property for each field of a schema. */
export type Row = Readonly<Record<string, unknown>>;

interface FieldCoder {
  readonly name: string;
  readonly type: FieldType;
  /** Of its values that are not null. */
  readonly coder: Coder;
  /** Its bit among the nulls: its place in the schema. */
  readonly index: number;
}

/**
 * A row: how many fields it has, a bit for each that is null (nothing, if none is), then the values of the others, in
 * the order of their encoding positions. A property that is undefined or missing is written as null.
 *
 * @see beam_runner_api.proto, StandardCoders.ROW; Beam Python's RowCoderImpl
 */
export class RowCoder implements Coder<Row> {
  readonly urn = 'beam:coder:row:v1';
  readonly components: readonly Coder[] = [];
  readonly isDeterministic: boolean;
  readonly schema: Schema;
  /** The schema as a runner reads it; the portable layer gives it. */
  readonly payload?: Uint8Array;
  /** In the order of their bytes. */
  readonly #fields: readonly FieldCoder[];

  /**
   * @param options.path Of the row in a greater one, for errors: "user.".
   * @throws {PipelineError} for a logical type that is not known, by the field's name. @throws {RangeError} if two
   *   fields have one name, or encoding positions are not 0, 1, 2 … each once.
   */
  constructor(schema: Schema, options: { readonly payload?: Uint8Array; readonly path?: string } = {}) {
    const { payload, path = '' } = options;
    this.schema = schema;
    if (payload !== undefined) this.payload = payload;
    this.#fields = inOrder(schema).map(({ name, type, index }) => {
      return { name, type, coder: coderOf(type, path + name), index };
    });
    this.isDeterministic = this.#fields.every(({ coder }) => coder.isDeterministic);
  }

  encode(row: Row, to: OutputBytes): void {
    if (typeof row !== 'object' || (row as unknown) === null) this.#refuse(row);
    const count = this.#fields.length;
    to.count(count);
    const nulls = new Uint8Array((count + 7) >> 3);
    let hasNull = false;
    for (const { name, type, index } of this.#fields) {
      if (!isNull(valueOf(row, name))) continue;
      if (!type.nullable) this.#refuse(row, { name, type });
      hasNull = true;
      nulls[index >> 3] = (nulls[index >> 3] ?? 0) | (1 << (index & 7));
    }
    to.count(hasNull ? nulls.length : 0);
    if (hasNull) to.raw(nulls);
    for (const { name, type, coder } of this.#fields) {
      const value = valueOf(row, name);
      if (isNull(value)) continue;
      try {
        coder.encode(value, to);
      } catch (error) {
        if (!(error instanceof PipelineError)) throw error;
        this.#refuse(row, { name, type, cause: error });
      }
    }
  }

  decode(from: InputBytes): Row {
    const count = from.count();
    if (count > this.#fields.length) {
      throw new RangeError(
        `Cannot decode a row of ${this.#fields.length} fields as it must have no others: received ${count}`,
      );
    }
    // It stays valid as long as `from`, which is longer than this call.
    const nulls = from.raw(from.count());
    const values: unknown[] = Array<unknown>(this.#fields.length).fill(null);
    for (const { index, coder } of this.#fields.slice(0, count)) {
      const nullBit = ((nulls[index >> 3] ?? 0) >> (index & 7)) & 1;
      if (nullBit === 0) values[index] = coder.decode(from);
    }
    // fromEntries, and not assignments, as a field may be named "__proto__".
    return Object.fromEntries(this.schema.fields.map(({ name }, index) => [name, values[index]]));
  }

  #refuse(row: unknown, field?: { name: string; type: FieldType; cause?: PipelineError }): never {
    if (field === undefined) {
      throw new PipelineError(`Cannot encode a row as it must be an object: received ${describeValue(row)}`, {
        hint: 'Map the elements to objects with a property for each field',
      });
    }
    const { name, type, cause } = field;
    // Of the row that holds it, so that the innermost row need not know where it is.
    const inner = cause instanceof FieldError ? cause : undefined;
    const value = inner === undefined ? valueOf(row as Row, name) : inner.value;
    throw new FieldError({
      field: inner === undefined ? name : `${name}.${inner.field}`,
      expected: inner?.expected ?? fieldTypeText(type),
      value,
      ...(cause && { cause }),
    });
  }
}

/**
 * The value of a row's field, undefined if it has none.
 *
 * A row may be an instance of a class with getters; but what every object has, like `constructor`, is no field of it.
 */
export function valueOf(row: Row, name: string): unknown {
  return name in Object.prototype && !Object.hasOwn(row, name) ? undefined : row[name];
}

function isNull(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** A field's value that its type does not have. */
class FieldError extends PipelineError {
  readonly field: string;
  readonly expected: string;
  readonly value: unknown;

  constructor(about: { field: string; expected: string; value: unknown; cause?: unknown }) {
    const { field, expected, value, cause } = about;
    super(
      `Cannot encode a row as its field "${field}" must be ${expected}: received ${describeValue(value)}`,
      { hint: `Give "${field}" a value of that type, or declare another type for it`, cause },
    );
    this.field = field;
    this.expected = expected;
    this.value = value;
  }
}

/** The fields with their places in the schema, in the order of their bytes. */
function inOrder({ fields }: Schema): readonly (Field & { readonly index: number })[] {
  const indexed = fields.map((field, index) => ({ ...field, index }));
  const names = fields.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new RangeError(`Cannot make rows as each field must have its own name: received "${twice}" twice`);
  }
  if (fields.every(({ encodingPosition }) => encodingPosition === undefined)) return indexed;
  const order = fields.flatMap((_, position) =>
    indexed.filter(({ encodingPosition }) => encodingPosition === position).slice(0, 1),
  );
  if (order.length < fields.length) {
    const received = fields.map(({ encodingPosition }) => encodingPosition ?? 'none').join(', ');
    throw new RangeError(
      `Cannot make rows as encoding positions must be 0 to ${fields.length - 1}, each once: received ${received}`,
    );
  }
  return order;
}

/** Of the values that are not null. */
function coderOf(type: FieldType, path: string): Coder {
  switch (type.kind) {
    case 'byte':
      return BYTE_CODER;
    case 'int16':
      return BIG_ENDIAN_SHORT_CODER;
    case 'int32':
      return VAR_INT_32_CODER;
    case 'int64':
      return VARINT_CODER;
    case 'float':
      return FLOAT_CODER;
    case 'double':
      return DOUBLE_CODER;
    case 'string':
      return STRING_UTF8_CODER;
    case 'boolean':
      return BOOL_CODER;
    case 'bytes':
      return BYTES_CODER;
    case 'array':
    case 'iterable':
      return new IterableCoder(partCoder(type.elementType, `${path}[]`));
    case 'map':
      return new MapCoder(partCoder(type.keyType, `${path}.key`), partCoder(type.valueType, `${path}.value`));
    case 'row':
      return new RowCoder(type.schema, { path: `${path}.` });
    case 'logical':
      return logicalTypeCoder(type, partCoder(type.representation, path), path);
  }
}

/** Of a part that has its own null. */
function partCoder(type: FieldType, path: string): Coder {
  const coder = coderOf(type, path);
  return type.nullable ? new NullableCoder(coder) : coder;
}
