import type avsc from 'avsc';
import type { Schema as AvroSchema, Type, types } from 'avsc';

import { dateText, epochDays, timeText } from '../coders/civil-time.ts';
import { fieldTypeText, type FieldType, type Schema } from '../model/schema.ts';
import { logicalName } from './cell-text.ts';
import { FileError } from './file-error.ts';

/** An Avro schema as JSON has it. */
type AvroNode =
  string | readonly AvroNode[] | { readonly type: AvroNode; readonly [property: string]: unknown };

/** Integers of 64 bits: numbers where that is exact, else bigints. */
function longType(avro: typeof avsc): types.LongType {
  return avro.types.LongType.__with({
    fromBuffer: (buffer: Buffer) => {
      const long = buffer.readBigInt64LE();
      return Number.isSafeInteger(Number(long)) ? Number(long) : long;
    },
    toBuffer: (long: number | bigint) => {
      const buffer = Buffer.alloc(8);
      buffer.writeBigInt64LE(BigInt(long));
      return buffer;
    },
    fromJSON: Number,
    toJSON: Number,
    isValid: (long: unknown) => typeof long === 'bigint' || Number.isSafeInteger(long),
    compare: (a: number | bigint, b: number | bigint) => (a < b ? -1 : Number(a > b)),
  });
}

/**
 * The Avro type of a schema; logical types are kept as they are written.
 *
 * @param avro The library: who ships a function ships no live object of it, so it is imported where it runs.
 */
export function avroType(schema: unknown, avro: typeof avsc): Type {
  const long = longType(avro);
  const typeHook = (node: AvroSchema): Type | undefined => {
    const isLong = node === 'long' || (typeof node === 'object' && 'type' in node && node.type === 'long');
    return isLong ? long : undefined;
  };
  // As JSON has it: avsc refuses by itself what is no schema. Its types do not say that a hook may give undefined.
  return avro.Type.forSchema(schema as AvroSchema, { typeHook: typeHook, wrapUnions: false });
}

/** The Avro schema of rows. @throws {TypeError} for a field or name that Avro does not hold exactly. */
export function avroSchema(schema: Schema, action: string): AvroNode {
  return recordOf(schema, { name: 'Row', path: '', action });
}

interface Place {
  /** Of the record, where it is one: each has its own. */
  readonly name: string;
  readonly path: string;
  readonly action: string;
}

function recordOf({ fields }: Schema, { name, path, action }: Place): AvroNode {
  for (const field of fields) {
    if (/^[A-Za-z_]\w*$/.test(field.name)) continue;
    throw new TypeError(
      `Cannot ${action} as names of fields must be letters, digits and "_" in Avro: received "${path}${field.name}"`,
    );
  }
  return {
    type: 'record',
    name,
    fields: fields.map((field) => ({
      name: field.name,
      type: nodeOf(field.type, { name: `${name}_${field.name}`, path: path + field.name, action }),
    })),
  };
}

function nodeOf(type: FieldType, place: Place): AvroNode {
  const node = nonNull(type, place);
  return type.nullable ? ['null', node] : node;
}

function nonNull(type: FieldType, place: Place): AvroNode {
  const { path, action } = place;
  switch (type.kind) {
    case 'byte':
    case 'int16':
    case 'int32':
      return 'int';
    case 'int64':
      return 'long';
    case 'float':
    case 'double':
    case 'string':
    case 'boolean':
    case 'bytes':
      return type.kind;
    case 'array':
    case 'iterable':
      return { type: 'array', items: nodeOf(type.elementType, { ...place, path: `${path}[]` }) };
    case 'row':
      return recordOf(type.schema, { ...place, path: `${path}.` });
    case 'map':
      if (type.keyType.kind !== 'string' || type.keyType.nullable) break;
      return { type: 'map', values: nodeOf(type.valueType, { ...place, path: `${path}.value` }) };
    case 'logical':
      switch (logicalName(type)) {
        case 'millis_instant':
          return { type: 'long', logicalType: 'timestamp-millis' };
        case 'micros_instant':
          return { type: 'long', logicalType: 'timestamp-micros' };
        case 'date':
          return { type: 'int', logicalType: 'date' };
        case 'var_char':
          return 'string';
        case 'var_bytes':
          return 'bytes';
        case undefined:
          break;
      }
  }
  throw new TypeError(
    `Cannot ${action} as the field "${path}" must have a type that Avro holds exactly: received ${fieldTypeText(type)}; make it a string, or a row`,
  );
}

/** A row's value as avsc takes it. */
export function toAvro(value: unknown, type: FieldType): unknown {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'array':
    case 'iterable':
      return (value as readonly unknown[]).map((one) => toAvro(one, type.elementType)); // the check has seen all values
    case 'row': {
      const row = value as Readonly<Record<string, unknown>>;
      return Object.fromEntries(
        type.schema.fields.map((field) => [field.name, toAvro(row[field.name], field.type)]),
      );
    }
    case 'map':
      return Object.fromEntries(
        [...(value as ReadonlyMap<string, unknown>)].map(([key, one]) => [key, toAvro(one, type.valueType)]),
      );
    case 'bytes':
      return Buffer.from(value as Uint8Array);
    case 'logical':
      if (value instanceof Uint8Array) return Buffer.from(value);
      if (value instanceof Date) return value.getTime();
      if (logicalName(type) === 'date') return epochDays(value);
      if (logicalName(type) === 'micros_instant') {
        const { seconds, micros } = value as { readonly seconds: number; readonly micros: number };
        return BigInt(seconds) * 1_000_000n + BigInt(micros);
      }
      return value;
    case 'byte':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'float':
    case 'double':
    case 'string':
    case 'boolean':
      return value;
  }
}

/** Gives what avsc gives as a row has it. */
export type FromAvro = (value: unknown) => unknown;

/** How values of a file's schema are read. @throws {FileError} for unions of several types, and logical types that are not known. */
export function fromAvro(schema: unknown): FromAvro {
  return convertOf(schema as AvroNode, { path: 'the record', named: new Map() }); // as avsc has taken it
}

interface Reading {
  readonly path: string;
  /** Records may be told once, and then by name. */
  readonly named: Map<string, FromAvro>;
}

function convertOf(node: AvroNode, reading: Reading): FromAvro {
  const { path, named } = reading;
  if (typeof node === 'string') {
    if (node === 'bytes') return (value) => Uint8Array.from(value as Buffer);
    return named.get(node) ?? ((value) => value);
  }
  if (Array.isArray(node)) {
    const others = (node as readonly AvroNode[]).filter((one) => one !== 'null'); // isArray gives any[]
    const [only, second] = others;
    if (only === undefined) return () => null;
    if (second !== undefined) refuse(path, 'a union of several types');
    const convert = convertOf(only, reading);
    return (value) => (value === null ? null : convert(value));
  }
  const { type, ...rest } = node as Exclude<AvroNode, string | readonly AvroNode[]>; // seen above
  if (typeof rest.logicalType === 'string') return logicalOf(rest.logicalType, { type, rest, reading });
  switch (type) {
    case 'record': {
      const fields: (readonly [string, FromAvro])[] = [];
      const convert: FromAvro = (value) => {
        const record = value as Readonly<Record<string, unknown>>; // as the file's schema says
        return Object.fromEntries(fields.map(([name, one]) => [name, one(record[name])]));
      };
      named.set(String(rest.name), convert);
      for (const field of rest.fields as readonly { readonly name: string; readonly type: AvroNode }[]) {
        fields.push([field.name, convertOf(field.type, { path: field.name, named })]);
      }
      return convert;
    }
    case 'array': {
      const convert = convertOf(rest.items as AvroNode, { ...reading, path: `${path}[]` });
      return (value) => (value as readonly unknown[]).map(convert);
    }
    case 'map': {
      const convert = convertOf(rest.values as AvroNode, { ...reading, path: `${path}.value` });
      return (value) => new Map(Object.entries(value as object).map(([key, one]) => [key, convert(one)]));
    }
    case 'fixed':
    case 'enum': {
      const convert: FromAvro =
        type === 'enum' ? (value) => value : (value) => Uint8Array.from(value as Buffer);
      named.set(String(rest.name), convert);
      return convert;
    }
    default:
      return convertOf(type, reading);
  }
}

function logicalOf(
  logicalType: string,
  {
    type,
    rest,
    reading,
  }: { readonly type: AvroNode; readonly rest: Readonly<Record<string, unknown>>; readonly reading: Reading },
): FromAvro {
  switch (logicalType) {
    case 'timestamp-millis':
      return (value) => new Date(Number(value));
    case 'timestamp-micros':
      return (value) => {
        const count = BigInt(value as bigint | number);
        const micros = ((count % 1_000_000n) + 1_000_000n) % 1_000_000n;
        return { seconds: Number((count - micros) / 1_000_000n), micros: Number(micros) };
      };
    case 'date':
      return (value) => dateText(Number(value));
    case 'time-millis':
      return (value) => timeText(BigInt(value as number) * 1_000_000n);
    case 'time-micros':
      return (value) => timeText(BigInt(value as number) * 1000n);
    case 'uuid':
      return convertOf(type, reading);
    case 'decimal':
      return (value) => decimalText(value as Buffer, Number(rest.scale ?? 0));
    default:
      return refuse(reading.path, `the logical type ${logicalType}`);
  }
}

function decimalText(bytes: Buffer, scale: number): string {
  const digits =
    bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  return `${digits < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${text.slice(-scale)}`}`;
}

function refuse(path: string, received: string): never {
  throw new FileError(`Cannot read Avro as "${path}" must have a type that rows have: received ${received}`, {
    hint: 'Write the file with another type for it',
  });
}
