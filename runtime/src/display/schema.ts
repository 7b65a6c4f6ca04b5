import { isRepeatable } from './preview.ts';

/** The type of one value, as a table's header names it. */
export type ValueType =
  | 'string'
  | 'integer'
  | 'number'
  | 'bigint'
  | 'boolean'
  | 'date'
  | 'array'
  | 'map'
  | 'set'
  | 'bytes'
  | 'object'
  | 'function'
  | 'symbol';

/** One column of a table of elements. */
export interface SchemaColumn {
  /** "word", "key", "value.total"; for elements without parts "element". */
  readonly name: string;
  /** Property by property from the element to the value; empty where the element is the value. */
  readonly path: readonly string[];
  /** "integer", "string | number"; "null" if there is no value at all. */
  readonly type: string;
  /** How often each type occurs. */
  readonly types: ReadonlyMap<ValueType, number>;
  /** How many rows have null, undefined or nothing here. */
  readonly nulls: number;
}

/** What the elements look like: inferred, as a PCollection's type is gone at run time. */
export interface Schema {
  readonly shape: 'keyValues' | 'records' | 'values';
  readonly columns: readonly SchemaColumn[];
  /** Columns beyond the bound, which are not described. */
  readonly omittedColumns: number;
  /** How many rows it was inferred from. */
  readonly rows: number;
}

/** Beyond this many columns, the rest is only counted. */
const MAX_COLUMNS = 1000;

/**
 * Infers names, types and null shares of the columns of `rows`.
 *
 * Rows that all are `{ key, value }` give the columns `key` and `value`; where every key (or every value) is a plain
 * object itself, one column for each of its properties. Rows that all are objects give one column for each property
 * that any of them has, in order of first sight. Anything else gives the one column `element`.
 */
export function inferSchema(rows: readonly unknown[]): Schema {
  if (rows.length === 0) return { shape: 'values', columns: [], omittedColumns: 0, rows: 0 };
  if (rows.every(isKeyValue)) {
    const parts = ['key', 'value'].flatMap((part) => {
      const values = rows.map((row) => readPath(row, [part]));
      if (!values.every(isPlainObject)) return [[part]];
      const names = propertyNames(values);
      return names.length === 0 ? [[part]] : names.map((name) => [part, name]);
    });
    return describe(rows, parts, 'keyValues');
  }
  if (rows.every(isRecord)) {
    const paths = propertyNames(rows).map((name) => [name]);
    if (paths.length > 0) return describe(rows, paths, 'records');
  }
  return describe(rows, [[]], 'values');
}

/** The value of `row` at `path`; undefined where there is none. Getters are not called. */
export function readPath(row: unknown, path: readonly string[]): unknown {
  let value = row;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    try {
      value = Object.getOwnPropertyDescriptor(value, key)?.value as unknown;
    } catch {
      return undefined; // a proxy that throws
    }
  }
  return value;
}

/** The type of a value; undefined for null and undefined. */
export function valueType(value: unknown): ValueType | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined;
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'number';
    case 'string':
    case 'bigint':
    case 'boolean':
    case 'function':
    case 'symbol':
      return typeof value as ValueType; // each of these five is one of them
    case 'object':
      return value === null ? undefined : objectType(value);
  }
}

function objectType(value: object): ValueType {
  try {
    if (Array.isArray(value)) return 'array';
    if (value instanceof Date) return 'date';
    if (value instanceof Map) return 'map';
    if (value instanceof Set) return 'set';
    if (value instanceof Uint8Array || value instanceof ArrayBuffer) return 'bytes';
    if (ArrayBuffer.isView(value) || isRepeatable(value)) return 'array';
  } catch {
    // A proxy that throws is an object, and no more can be said of it.
  }
  return 'object';
}

/** True for what a table shows as columns: objects with properties, of any class, but no collections and no dates. */
function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && objectType(value) === 'object';
}

function isPlainObject(value: unknown): value is object {
  if (!isRecord(value)) return false;
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === null || Object.getPrototypeOf(prototype) === null;
  } catch {
    return false;
  }
}

function isKeyValue(value: unknown): boolean {
  if (!isRecord(value)) return false;
  try {
    const keys = Object.keys(value);
    return keys.length === 2 && keys.includes('key') && keys.includes('value');
  } catch {
    return false;
  }
}

function propertyNames(rows: readonly object[]): string[] {
  const names = new Set<string>();
  for (const row of rows) {
    try {
      for (const name of Object.keys(row)) names.add(name);
    } catch {
      // A proxy that throws has no names to give.
    }
  }
  return [...names];
}

function describe(
  rows: readonly unknown[],
  paths: readonly (readonly string[])[],
  shape: Schema['shape'],
): Schema {
  const columns = paths.slice(0, MAX_COLUMNS).map((path) => describeColumn(rows, path));
  return { shape, columns, omittedColumns: paths.length - columns.length, rows: rows.length };
}

function describeColumn(rows: readonly unknown[], path: readonly string[]): SchemaColumn {
  const types = new Map<ValueType, number>();
  let nulls = 0;
  for (const row of rows) {
    const type = valueType(readPath(row, path));
    if (type === undefined) nulls++;
    else types.set(type, (types.get(type) ?? 0) + 1);
  }
  return {
    name: path.join('.') || (path.length === 0 ? 'element' : '""'),
    path,
    type: typeName(types),
    types,
    nulls,
  };
}

/** Integers among other numbers are numbers; the most frequent type comes first. */
function typeName(types: ReadonlyMap<ValueType, number>): string {
  const counts = new Map(types);
  const integers = counts.get('integer');
  const numbers = counts.get('number');
  if (integers !== undefined && numbers !== undefined) {
    counts.delete('integer');
    counts.set('number', integers + numbers);
  }
  const names = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  if (names.length === 0) return 'null';
  return names.length > 3 ? `${names.slice(0, 3).join(' | ')} | …` : names.join(' | ');
}

/** True if the column holds numbers (or bigints) and nothing else but nulls. */
export function isNumeric(column: SchemaColumn): boolean {
  return holdsOnly(column, ['integer', 'number', 'bigint']);
}

/** True if the column has values, all of the given types. */
export function holdsOnly(column: SchemaColumn, types: readonly ValueType[]): boolean {
  return column.types.size > 0 && [...column.types.keys()].every((type) => types.includes(type));
}
