import { OutputBytes } from '../coders/output-bytes.ts';
import { RowCoder, valueOf, type Row } from '../coders/row.ts';
import { PipelineError } from '../errors.ts';
import { fieldTypeText, type FieldType, type LogicalType, type Schema } from '../model/schema.ts';
import type { Findings } from './findings.ts';
import { HOLDS } from './holds.ts';

/** Gives a value as its type has it; what does not match goes to `findings`, and what it gives is of no use then. */
export type Check = (value: unknown, findings: Findings) => unknown;

/**
 * The check of a schema's rows: what RowCoder has bytes for, and no other properties.
 *
 * Its rows are new objects that have all fields, in their order. A value that is undefined is null, and an int64 is a number
 * where that is exact, as they are when RowCoder gives them back.
 */
export function rowCheck({ fields }: Schema): Check {
  const checks = new Map(fields.map(({ name, type }) => [name, checkOf(type)]));
  return (value, findings) => {
    if (!isRow(value)) return findings.report(value, 'a row');
    const row: [string, unknown][] = [];
    for (const [name, check] of checks) {
      findings.enter(name);
      row.push([name, check(valueOf(value, name), findings)]);
      findings.leave();
    }
    for (const name of Object.keys(value)) {
      if (checks.has(name) || value[name] === undefined) continue;
      findings.enter(name);
      findings.report(value[name], 'no such field');
      findings.leave();
    }
    // fromEntries, and not assignments, as a field may be named "__proto__".
    return Object.fromEntries(row);
  };
}

function checkOf(type: FieldType): Check {
  const check = nonNullCheck(type);
  const expected = expectedText(type);
  return (value, findings) => {
    if (value !== null && value !== undefined) return check(value, findings);
    return type.nullable ? null : findings.report(value, expected);
  };
}

function nonNullCheck(type: FieldType): Check {
  switch (type.kind) {
    case 'array':
    case 'iterable':
      return arrayCheck(checkOf(type.elementType));
    case 'map':
      return mapCheck(checkOf(type.keyType), checkOf(type.valueType));
    case 'row':
      return rowCheck(type.schema);
    case 'logical':
      return logicalCheck(type);
    case 'byte':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'float':
    case 'double':
    case 'string':
    case 'boolean':
    case 'bytes': {
      const holds = HOLDS[type.kind];
      const isFraction = type.kind === 'float' || type.kind === 'double';
      const expected = expectedText(type);
      return (value, findings) => {
        if (!holds(value)) findings.report(value, expected);
        return isFraction ? value : plainInteger(value);
      };
    }
  }
}

function arrayCheck(check: Check): Check {
  return (value, findings) => {
    if (!Array.isArray(value)) return findings.report(value, 'an array');
    return Array.from(value, (element: unknown, at) => {
      findings.enter(at);
      const checked = check(element, findings);
      findings.leave();
      return checked;
    });
  };
}

function mapCheck(keyCheck: Check, valueCheck: Check): Check {
  return (map, findings) => {
    if (!(map instanceof Map)) return findings.report(map, 'a Map');
    const checked = new Map<unknown, unknown>();
    // instanceof gives Map<any, any>.
    for (const [key, value] of map as ReadonlyMap<unknown, unknown>) {
      findings.enter(typeof key === 'string' || typeof key === 'number' ? key : checked.size);
      findings.enter('key');
      const { length } = findings.issues;
      const checkedKey = keyCheck(key, findings);
      // 1 and 1n are one integer.
      const isTwice = checked.has(checkedKey) && findings.issues.length === length;
      if (isTwice) findings.report(key, 'each key once');
      findings.leave();
      checked.set(checkedKey, valueCheck(value, findings));
      findings.leave();
    }
    return checked;
  };
}

/** Whatever the type's coder takes. */
function logicalCheck(type: LogicalType): Check {
  const coder = new RowCoder({ fields: [{ name: 'value', type }] });
  const expected = expectedText(type);
  return (value, findings) => {
    try {
      coder.encode({ value }, new OutputBytes(64));
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      findings.report(value, expected);
    }
    return value;
  };
}

/** An object that is no collection, and no value of another type. */
function isRow(value: unknown): value is Row {
  if (typeof value !== 'object' || value === null) return false;
  return !(Symbol.iterator in value || value instanceof Date || value instanceof ArrayBuffer);
}

/** A bigint as a number if that is exact, and -0 as 0: integers have no other. */
function plainInteger(value: unknown): unknown {
  if (value === 0) return 0;
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** What an issue says of a type: of one that has parts, its kind alone. */
function expectedText(type: FieldType): string {
  if (type.kind === 'array' || type.kind === 'iterable') return 'an array';
  if (type.kind === 'map') return 'a Map';
  return type.kind === 'row' ? 'a row' : fieldTypeText(type);
}
