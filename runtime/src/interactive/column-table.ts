// Its own file: a notebook's type checker reads 32 files less than with the package's entry.
import type { ColumnTable } from 'arquero/dist/types/table/ColumnTable.js';
import { arquero } from '../display/arquero.ts';
import { inferSchema, readPath, type SchemaColumn } from '../display/schema.ts';

export type { ColumnTable };

/** An Arrow table in memory: what Arquero's `toArrow` gives. */
export type ArrowTable = ReturnType<ColumnTable['toArrow']>;

/**
 * Rows as a table of Arquero, with the columns that a view has.
 *
 * - Rows that all are objects give a column for each of their properties; `{ key, value }` gives `key` and `value`, and
 *   for parts that are plain objects `key.name`; other elements give the one column `element`. No rows, no columns.
 * - Where a row has no such property, its value is undefined. Values are the rows' own, not copied.
 *
 * @throws {RangeError} if there are more than 1,000 columns, or one is called "__proto__", which Arquero cannot hold.
 */
export function columnTable(rows: readonly unknown[]): ColumnTable {
  return tableOf(rows, inferSchema(rows));
}

/**
 * Rows as an Arrow table, with the same columns.
 *
 * Whole numbers become the smallest integers that hold them, bigints 64-bit integers, strings a dictionary, dates
 * timestamps in milliseconds, arrays and bytes lists, objects structs; null and undefined become null. Reading it
 * gives bigints and dates again.
 *
 * @throws {TypeError} if a column's values have no common Arrow type, or one that Arrow does not have: Map, Set, function.
 * @throws {RangeError} as `columnTable` does.
 */
export function arrowTable(rows: readonly unknown[]): ArrowTable {
  const schema = inferSchema(rows);
  const table = tableOf(rows, schema);
  for (const column of schema.columns) {
    for (const row of rows) requireArrowValue(readPath(row, column.path), nameOf(column));
  }
  const options = { useBigInt: true, useDate: true };
  try {
    return table.toArrow(options);
  } catch {
    for (const column of schema.columns) {
      const columns = [nameOf(column)];
      try {
        table.toArrow({ ...options, columns });
      } catch (cause) {
        throw new TypeError(
          `Cannot collect as 'arrow' as all values of a column must have one Arrow type: received ${column.type} in "${nameOf(column)}"`,
          { cause },
        );
      }
    }
    throw new TypeError(
      `Cannot collect as 'arrow' as the columns must fit one table: received ${schema.columns.length}`,
    );
  }
}

function tableOf(
  rows: readonly unknown[],
  { columns, omittedColumns }: ReturnType<typeof inferSchema>,
): ColumnTable {
  if (omittedColumns > 0) {
    throw new RangeError(
      `Cannot collect as a table as there must be at most ${columns.length} columns: received ${columns.length + omittedColumns}`,
    );
  }
  const values = columns.map((column): [string, unknown[]] => {
    const name = nameOf(column);
    if (name === '__proto__') {
      throw new RangeError(`Cannot collect as a table as no column may be called so: received "${name}"`);
    }
    return [name, rows.map((row) => readPath(row, column.path))];
  });
  return arquero().table(values);
}

/** As in a view, but for a property without a name, which may have none here. */
function nameOf({ path }: SchemaColumn): string {
  return path.length === 0 ? 'element' : path.join('.');
}

/** Arquero would make an empty struct of what it does not know, and lose the value. */
function requireArrowValue(value: unknown, column: string, within: readonly object[] = []): void {
  const refuse = (what: string) => {
    throw new TypeError(
      `Cannot collect as 'arrow' as "${column}" must hold what Arrow can: received ${what}`,
    );
  };
  if (typeof value === 'function' || typeof value === 'symbol') refuse(`a ${typeof value}`);
  if (typeof value !== 'object' || value === null || value instanceof Date) return;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return;
  if (within.includes(value)) refuse('an object that contains itself');
  const parts = Array.isArray(value) ? (value as readonly unknown[]) : Object.values(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = Array.isArray(value) || prototype === null || prototype === Object.prototype;
  // An object of a class that shows nothing of itself: Map, Set, RegExp, ArrayBuffer.
  if (!isPlain && parts.length === 0) refuse(`an object of class ${value.constructor.name}`);
  for (const part of parts) requireArrowValue(part, column, [...within, value]);
}
