import type { SchemaElement, SchemaTree } from 'hyparquet';

import { dateText, timeText } from '../coders/civil-time.ts';
import { DECIMAL_CODER } from '../coders/decimal.ts';
import { InputBytes } from '../coders/input-bytes.ts';
import { OutputBytes } from '../coders/output-bytes.ts';
import { fieldTypeText, type FieldType } from '../model/schema.ts';
import { logicalName } from './cell-text.ts';
import { FileError } from './file-error.ts';

/** Gives what Parquet holds as a row has it. */
export type FromParquet = (value: unknown) => unknown;

/** Ticks of a unit in a second. */
const TICKS: Readonly<Record<string, bigint>> = { MILLIS: 1_000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n };

/**
 * How values of a column, or a part of one, are read.
 *
 * @param wanted The type in the user's schema; undefined gives what the file says. @param path Of the column, for errors.
 * @throws {FileError} for Parquet types that rows do not have: maps, intervals, geometry, variants.
 */
export function fromParquet(node: SchemaTree, wanted: FieldType | undefined, path: string): FromParquet {
  const { element } = node;
  const convert =
    element.type === undefined ? groupValue(node, wanted, path) : leafValue(element, wanted, path);
  return (value) => (value === null || value === undefined ? null : convert(value));
}

function groupValue(node: SchemaTree, wanted: FieldType | undefined, path: string): FromParquet {
  const { element, children } = node;
  if (element.converted_type === 'LIST' || element.logical_type?.type === 'LIST') {
    const inner = children[0]?.children[0] ?? children[0];
    if (inner === undefined) refuse(element, path);
    const type = wanted !== undefined && 'elementType' in wanted ? wanted.elementType : undefined;
    const convert = fromParquet(inner, type, `${path}[]`);
    return (value) => Array.from(value as Iterable<unknown>, convert); // a list, as the file's schema says
  }
  if (element.logical_type !== undefined || element.converted_type !== undefined) refuse(element, path);
  const fields = children.map((child) => {
    const { name } = child.element;
    const type =
      wanted?.kind === 'row' ? wanted.schema.fields.find((field) => field.name === name)?.type : undefined;
    return [name, fromParquet(child, type, `${path}.${name}`)] as const;
  });
  return (value) => {
    const row = value as Readonly<Record<string, unknown>>; // a struct, as the file's schema says
    return Object.fromEntries(fields.map(([name, convert]) => [name, convert(row[name])]));
  };
}

function leafValue(element: SchemaElement, wanted: FieldType | undefined, path: string): FromParquet {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (isDecimal(element)) return (value) => decimalText(value, element.scale ?? 0);
  const unit =
    type === 'INT96'
      ? 'NANOS'
      : logical?.type === 'TIMESTAMP' || logical?.type === 'TIME'
        ? logical.unit
        : /^TIME(?:STAMP)?_(MILLIS|MICROS)$/.exec(converted ?? '')?.[1];
  if (unit !== undefined) {
    const ticks = TICKS[unit] ?? 1n;
    if (logical?.type === 'TIME' || converted?.startsWith('TIME_') === true) {
      return (value) => timeText((BigInt(value as bigint | number) * 1_000_000_000n) / ticks);
    }
    return instantOf(ticks, wanted, path);
  }
  if (converted === 'DATE' || logical?.type === 'DATE') return (value) => dateText(Number(value));
  if (converted === 'INTERVAL' || converted === 'BSON') refuse(element, path);
  if (['VARIANT', 'GEOMETRY', 'GEOGRAPHY', 'UNKNOWN'].includes(logical?.type ?? '')) refuse(element, path);
  if (type === 'INT64') {
    return (value) => {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : value;
    };
  }
  return (value) => value;
}

/** An instant: a Date of milliseconds, what Beam writes of others; a Date as well, if the schema asks for it and it is exact. */
function instantOf(ticks: bigint, wanted: FieldType | undefined, path: string): FromParquet {
  const name = wanted === undefined ? undefined : logicalName(wanted);
  if (name === 'millis_instant' || (wanted === undefined && ticks === 1000n)) {
    const perMilli = ticks / 1000n;
    const perMilliNumber = Number(perMilli);
    return (value) => {
      const count = value as bigint; // as our parsers leave it
      const millis = Number(count) / perMilliNumber;
      // Numbers are faster than bigints, and exact up to here.
      if (Number.isSafeInteger(Number(count)) && Number.isInteger(millis)) return new Date(millis);
      if (perMilli === 1n || count % perMilli === 0n) return new Date(Number(count / perMilli));
      throw new FileError(
        `Cannot read "${path}" as millis_instant as it must be whole milliseconds: received ${count} of ${ticks} a second`,
        { hint: `Declare "${path}" as micros_instant or timestamp(9)` },
      );
    };
  }
  const digits =
    name === 'micros_instant'
      ? 6
      : wanted?.kind === 'logical'
        ? Number(wanted.argument)
        : ticks === 1_000_000n
          ? 6
          : 9;
  const property = name === 'timestamp' || (name === undefined && digits === 9) ? 'subseconds' : 'micros';
  const ticksNumber = Number(ticks);
  const wantedTicks = 10n ** BigInt(Number.isInteger(digits) ? digits : 6);
  return (value) => {
    const count = value as bigint; // as our parsers leave it
    const number = Number(count);
    if (wantedTicks === ticks && Number.isSafeInteger(number)) {
      const whole = Math.floor(number / ticksNumber);
      return { seconds: whole, [property]: number - whole * ticksNumber };
    }
    const seconds = (count - mod(count, ticks)) / ticks;
    const scaled = mod(count, ticks) * wantedTicks;
    if (scaled % ticks !== 0n) {
      throw new FileError(
        `Cannot read "${path}" as it must have at most ${digits} digits of a second: received ${count} of ${ticks} a second`,
        { hint: `Declare "${path}" as timestamp(9)` },
      );
    }
    return { seconds: Number(seconds), [property]: Number(scaled / ticks) };
  };
}

function mod(a: bigint, b: bigint): bigint {
  return ((a % b) + b) % b;
}

/** Whether it is a decimal number, which hyparquet would round to a double. */
export function isDecimal({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return converted === 'DECIMAL' || logical?.type === 'DECIMAL';
}

/** Unscaled digits, an integer or its bytes in two's complement, as text: exact. */
function decimalText(value: unknown, scale: number): string {
  let digits: bigint;
  if (value instanceof Uint8Array) {
    digits =
      value.length === 0
        ? 0n
        : BigInt.asIntN(value.length * 8, BigInt(`0x${Buffer.from(value).toString('hex')}`));
  } else digits = BigInt(value as bigint | number); // decimals are integers or bytes
  const to = new OutputBytes(64);
  DECIMAL_CODER.encode(`${digits}e-${scale}`, to);
  return DECIMAL_CODER.decode(new InputBytes(to.take()));
}

function refuse(
  { type, converted_type: converted, logical_type: logical }: SchemaElement,
  path: string,
): never {
  throw new FileError(
    `Cannot read the column "${path}" as its type must be one that rows have: received ${logical?.type ?? converted ?? type ?? 'a group'}`,
    { hint: 'Leave it out by { columns: [ … ] } or a schema without it' },
  );
}

/** Whether all values of a column that are not null are of a type, so that nothing need be checked. */
export function isSure(
  { type, converted_type: converted, logical_type: logical }: SchemaElement,
  wanted: FieldType,
): boolean {
  const isPlain = converted === undefined && logical === undefined;
  switch (wanted.kind) {
    case 'string':
      return type === 'BYTE_ARRAY' && (converted === 'UTF8' || logical?.type === 'STRING');
    case 'int32':
      return type === 'INT32' && isPlain;
    case 'int64':
      return (type === 'INT64' || type === 'INT32') && isPlain;
    case 'double':
      return (type === 'DOUBLE' || type === 'FLOAT') && isPlain;
    case 'boolean':
      return type === 'BOOLEAN';
    case 'logical':
      return logicalName(wanted) === 'millis_instant' && logical?.type === 'TIMESTAMP';
    case 'byte':
    case 'int16':
    case 'float':
    case 'bytes':
    case 'array':
    case 'iterable':
    case 'map':
    case 'row':
      return false;
  }
}

/** The elements of Parquet's schema for a field, in their order. @throws {TypeError} for a type that Parquet files of ours have not. */
export function parquetElements(name: string, type: FieldType, path = name): SchemaElement[] {
  const repetition_type = type.nullable ? 'OPTIONAL' : 'REQUIRED';
  const leaf = (rest: Partial<SchemaElement>): SchemaElement[] => [{ name, repetition_type, ...rest }];
  switch (type.kind) {
    case 'byte':
      return leaf({ type: 'INT32', converted_type: 'INT_8' });
    case 'int16':
      return leaf({ type: 'INT32', converted_type: 'INT_16' });
    case 'int32':
      return leaf({ type: 'INT32' });
    case 'int64':
      return leaf({ type: 'INT64' });
    case 'float':
      return leaf({ type: 'FLOAT' });
    case 'double':
      return leaf({ type: 'DOUBLE' });
    case 'string':
      return leaf({ type: 'BYTE_ARRAY', converted_type: 'UTF8' });
    case 'boolean':
      return leaf({ type: 'BOOLEAN' });
    case 'bytes':
      return leaf({ type: 'BYTE_ARRAY' });
    case 'array':
    case 'iterable':
      return [
        { name, repetition_type, num_children: 1, converted_type: 'LIST' },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...parquetElements('element', type.elementType, `${path}[]`),
      ];
    case 'row':
      return [
        { name, repetition_type, num_children: type.schema.fields.length },
        ...type.schema.fields.flatMap((field) =>
          parquetElements(field.name, field.type, `${path}.${field.name}`),
        ),
      ];
    case 'logical':
      switch (logicalName(type)) {
        case 'millis_instant':
          return leaf({
            type: 'INT64',
            logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
          });
        case 'micros_instant':
          return leaf({
            type: 'INT64',
            logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
          });
        case 'date':
          return leaf({ type: 'INT32', converted_type: 'DATE' });
        case 'var_char':
        case 'python_callable':
          return leaf({ type: 'BYTE_ARRAY', converted_type: 'UTF8' });
        case 'var_bytes':
          return leaf({ type: 'BYTE_ARRAY' });
        case undefined:
          break;
      }
      break;
    case 'map':
      break;
  }
  throw new TypeError(
    `Cannot write Parquet as the field "${path}" must have a type that Parquet holds exactly: received ${fieldTypeText(type)}; make it a string, a row or an array of rows`,
  );
}
