import { epochDays } from '../coders/civil-time.ts';
import type { FieldType } from '../model/schema.ts';
import { logicalName } from './cell-text.ts';

/** A row's value as hyparquet-writer takes it. */
export function toParquet(value: unknown, type: FieldType): unknown {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'int64':
      return BigInt(value as number); // the schema's check has seen it
    case 'array':
    case 'iterable':
      return (value as readonly unknown[]).map((element) => toParquet(element, type.elementType));
    case 'row': {
      const row = value as Readonly<Record<string, unknown>>;
      return Object.fromEntries(
        type.schema.fields.map((field) => [field.name, toParquet(row[field.name], field.type)]),
      );
    }
    case 'logical':
      switch (logicalName(type)) {
        case 'millis_instant':
          return BigInt((value as Date).getTime());
        case 'micros_instant': {
          const { seconds, micros } = value as { readonly seconds: number; readonly micros: number };
          return BigInt(seconds) * 1_000_000n + BigInt(micros);
        }
        case 'date':
          return epochDays(value);
        case undefined:
        default:
          return value;
      }
    case 'byte':
    case 'int16':
    case 'int32':
    case 'float':
    case 'double':
    case 'string':
    case 'boolean':
    case 'bytes':
    case 'map':
      return value;
  }
}
