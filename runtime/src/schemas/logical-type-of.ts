import type { AtomicType, FieldType, LogicalType } from '../model/schema.ts';

const REPRESENTATIONS: Readonly<Record<string, FieldType>> = {
  millis_instant: atomic('int64'),
  micros_instant: row({ seconds: 'int64', micros: 'int64' }),
  decimal: atomic('bytes'),
  date: atomic('int64'),
  time: atomic('int64'),
  datetime: row({ Date: 'int64', Time: 'int64' }),
  python_callable: atomic('string'),
};

/** Of those with a number in brackets: a length, or the digits of a second's fraction. */
const SIZED_REPRESENTATIONS: Readonly<Record<string, (size: number) => FieldType>> = {
  timestamp: (digits) => row({ seconds: 'int64', subseconds: digits < 5 ? 'int16' : 'int32' }),
  fixed_bytes: () => atomic('bytes'),
  var_bytes: () => atomic('bytes'),
  fixed_char: () => atomic('string'),
  var_char: () => atomic('string'),
};

/** Logical types that have a number: "var_char(20)". */
export const SIZED_LOGICAL_TYPES: readonly string[] = Object.keys(SIZED_REPRESENTATIONS);
/** All logical types that a text can tell. */
export const LOGICAL_TYPES: readonly string[] = [...Object.keys(REPRESENTATIONS), ...SIZED_LOGICAL_TYPES];

/**
 * A logical type of Beam by its name, and its number if it has one; undefined if there is none with both.
 *
 * @see schema.proto, LogicalTypes; Beam Python's typehints/schemas.py; Beam Java's schemas/logicaltypes
 */
export function logicalTypeOf(name: string, size: number | undefined): LogicalType | undefined {
  const urn = `beam:logical_type:${name}:v1`;
  if (size === undefined) {
    const representation = Object.hasOwn(REPRESENTATIONS, name) ? REPRESENTATIONS[name] : undefined;
    return representation && { kind: 'logical', nullable: false, urn, representation };
  }
  if (!Object.hasOwn(SIZED_REPRESENTATIONS, name)) return undefined;
  const [least, most] = name === 'timestamp' ? [0, 9] : [1, 0x7fffffff];
  const representation = SIZED_REPRESENTATIONS[name]?.(size);
  if (representation === undefined || size < least || size > most) return undefined;
  return {
    kind: 'logical',
    nullable: false,
    urn,
    representation,
    argumentType: atomic('int32'),
    argument: size,
  };
}

function atomic(kind: AtomicType): FieldType {
  return { kind, nullable: false };
}

function row(fields: Readonly<Record<string, AtomicType>>): FieldType {
  return {
    kind: 'row',
    nullable: false,
    schema: { fields: Object.entries(fields).map(([name, kind]) => ({ name, type: atomic(kind) })) },
  };
}
