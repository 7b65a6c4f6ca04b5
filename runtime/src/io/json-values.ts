import { fieldTypeText, type FieldType, type Schema } from '../model/schema.ts';
import { cellText, cellValue, logicalName } from './cell-text.ts';

/**
 * A value as JSON text, so that `fromJson` gives it back: integers beyond 2^53 and numbers that JSON has not are strings, as in
 * protobuf's JSON, bytes base64, instants ISO 8601, maps objects.
 */
export function jsonText(value: unknown, type: FieldType): string {
  if (value === null || value === undefined) return 'null';
  switch (type.kind) {
    case 'int64':
      return typeof value === 'bigint' ? `"${value}"` : cellText(value);
    case 'float':
    case 'double':
      return Number.isFinite(value) ? cellText(value) : JSON.stringify(cellText(value));
    case 'bytes':
      return JSON.stringify(Buffer.from(value as Uint8Array).toString('base64')); // the schema's check has seen all values
    case 'array':
    case 'iterable':
      return `[${(value as readonly unknown[]).map((one) => jsonText(one, type.elementType)).join(',')}]`;
    case 'map': {
      const entries = [...(value as ReadonlyMap<string, unknown>)];
      return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${jsonText(one, type.valueType)}`).join(',')}}`;
    }
    case 'row':
      return rowJson(value as Readonly<Record<string, unknown>>, type.schema);
    case 'logical':
      if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'));
      return JSON.stringify(value); // texts, Dates, and objects of small integers
    case 'byte':
    case 'int16':
    case 'int32':
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
  }
}

/** A row as one JSON object. */
export function rowJson(row: Readonly<Record<string, unknown>>, { fields }: Schema): string {
  return `{${fields.map(({ name, type }) => `${JSON.stringify(name)}:${jsonText(row[name], type)}`).join(',')}}`;
}

/** What JSON holds, as a value of `type`; as it is where it is none, which the schema's check then refuses by name. */
export function fromJson(value: unknown, type: FieldType): unknown {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'int64':
    case 'float':
    case 'double':
      return typeof value === 'string' ? cellValue(value, type) : value;
    case 'bytes':
      return bytesOf(value);
    case 'array':
    case 'iterable':
      return Array.isArray(value) ? value.map((one: unknown) => fromJson(one, type.elementType)) : value;
    case 'map':
      if (typeof value !== 'object') return value;
      return new Map(Object.entries(value).map(([key, one]) => [key, fromJson(one, type.valueType)]));
    case 'row':
      return rowFromJson(value, type.schema);
    case 'logical':
      if (logicalName(type)?.endsWith('_bytes') === true) return bytesOf(value);
      return typeof value === 'string' ? cellValue(value, type) : value;
    case 'byte':
    case 'int16':
    case 'int32':
    case 'string':
    case 'boolean':
      return value;
  }
}

/** The fields of the schema; other properties are left out. */
export function rowFromJson(value: unknown, { fields }: Schema): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const object = value as Readonly<Record<string, unknown>>; // seen above
  return Object.fromEntries(
    fields.map(({ name, type }) => [name, Object.hasOwn(object, name) ? fromJson(object[name], type) : null]),
  );
}

function bytesOf(value: unknown): unknown {
  const isBase64 =
    typeof value === 'string' &&
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value);
  return isBase64 ? Uint8Array.from(Buffer.from(value, 'base64')) : value;
}

/** @throws {TypeError} for a map whose keys are no strings. */
export function requireStringKeys(
  type: FieldType,
  { path, action }: { readonly path: string; readonly action: string },
): void {
  if (type.kind === 'array' || type.kind === 'iterable')
    requireStringKeys(type.elementType, { path: `${path}[]`, action });
  if (type.kind === 'row')
    for (const field of type.schema.fields)
      requireStringKeys(field.type, { path: `${path}.${field.name}`, action });
  if (type.kind !== 'map') return;
  if (type.keyType.kind !== 'string' || type.keyType.nullable) {
    throw new TypeError(
      `Cannot ${action} as the keys of "${path}" must be strings: received ${fieldTypeText(type)}`,
    );
  }
  requireStringKeys(type.valueType, { path: `${path}.value`, action });
}
