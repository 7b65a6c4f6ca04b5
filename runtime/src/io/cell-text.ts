import { PipelineError } from '../errors.ts';
import { fieldTypeText, type FieldType, type Schema } from '../model/schema.ts';

const URN = /^beam:logical_type:(.+):v1$/;
/** Logical types whose values are texts already. */
const TEXTS = ['decimal', 'date', 'time', 'datetime', 'fixed_char', 'var_char', 'python_callable'];

/** "date" of its URN; undefined for a type that is not logical. */
export function logicalName(type: FieldType): string | undefined {
  return type.kind === 'logical' ? (URN.exec(type.urn)?.[1] ?? type.urn) : undefined;
}

/** A value's text in a format that has texts only; `-0`, `NaN` and `Infinity` too. */
export function cellText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A text as a value of `type`; the text itself where it is none, which the schema's check then refuses by name. */
export function cellValue(text: string, type: FieldType): unknown {
  switch (type.kind) {
    case 'byte':
    case 'int16':
    case 'int32':
    case 'int64': {
      if (!/^[+-]?\d+$/.test(text)) return text;
      const number = Number(text);
      return Number.isSafeInteger(number) ? number : BigInt(text);
    }
    case 'float':
    case 'double':
      if (text === 'NaN' || /^[+-]?Infinity$/.test(text)) return Number(text);
      return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
    case 'boolean':
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : text;
    case 'logical': {
      if (logicalName(type) !== 'millis_instant') return text;
      const date = new Date(text);
      return Number.isNaN(date.getTime()) ? text : date;
    }
    case 'string':
    case 'bytes':
    case 'array':
    case 'iterable':
    case 'map':
    case 'row':
      return text;
  }
}

/** @throws {PipelineError} for a field that one cell of text does not hold. */
export function requireCells({ fields }: Schema, action: string): void {
  for (const { name, type } of fields) {
    const logical = logicalName(type);
    const isCell =
      logical === undefined
        ? !['bytes', 'array', 'iterable', 'map', 'row'].includes(type.kind)
        : logical === 'millis_instant' || TEXTS.includes(logical);
    if (isCell) continue;
    throw new PipelineError(
      `Cannot ${action} as the field "${name}" must be a number, a boolean, an instant or a text: received ${fieldTypeText(type)}`,
      { hint: `Make "${name}" a string in a map() beside it, or use Parquet, Avro or JSON` },
    );
  }
}
