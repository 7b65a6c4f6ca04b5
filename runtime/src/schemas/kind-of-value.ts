import { HOLDS } from './holds.ts';

/** What a value is in a row, where nothing but the value tells. */
export type ValueKind =
  'boolean' | 'number' | 'string' | 'bytes' | 'millis_instant' | 'array' | 'map' | 'row';

/** The kind of a value that is not null; undefined if a row cannot hold it: a function, a Set, an instance of a class. */
export function kindOfValue(value: unknown): ValueKind | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'number':
      return 'number';
    case 'string':
      return HOLDS.string(value) ? 'string' : undefined;
    case 'bigint':
      return HOLDS.int64(value) ? 'number' : undefined;
    case 'object':
      if (Array.isArray(value)) return 'array';
      if (value instanceof Map) return 'map';
      if (value instanceof Uint8Array) return 'bytes';
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : 'millis_instant';
      return isPlainObject(value) ? 'row' : undefined;
    case 'undefined':
    case 'symbol':
    case 'function':
      return undefined;
  }
}

/** Whether it is an object like `{ … }`, and no instance of a class. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
