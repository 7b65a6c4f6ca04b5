import { formatCount, formatPlural } from './format.ts';
import { cellText } from './preview.ts';
import { holdsOnly, inferSchema, isNumeric, readPath, type Schema, type SchemaColumn } from './schema.ts';
import type { TableView } from './table-view.ts';
import { paneText, timestampText, windowText } from './window-text.ts';

/** What a cell holds, ready for JSON: text, a number to align and sort as one, null, or [] where there is nothing. */
export type Cell = string | number | boolean | null | readonly [];

/** A column's header. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  /** Right-aligned, and sorted by number. */
  readonly isNumeric: boolean;
  /** Of the rows, the share that has no value here: 0 to 1. */
  readonly nullShare: number;
}

/** A table, cut to what one output may weigh. */
export interface TableData {
  readonly schema: Schema;
  readonly columns: readonly TableColumn[];
  /** Columns that there was no room for. */
  readonly omittedColumns: number;
  readonly cells: readonly (readonly Cell[])[];
}

const MAX_ROWS = 1000;
const MAX_COLUMNS = 60;
/** About the size of an output, in UTF-16 units of JSON. */
const MAX_SIZE = 256 * 1024;
const CELL_WIDTH = 200;

/** Makes the cells of a table, at most 1,000 rows, 60 columns and 256 KB; at least one row if there is one. */
export function tableData(view: TableView): TableData {
  const schema = view.schema ?? inferSchema(view.rows);
  const shown = schema.columns.slice(0, MAX_COLUMNS);
  const { windowInfo } = view;
  const columns = shown.map((column) => headerOf(column, schema.rows));
  const cells: Cell[][] = [];
  let size = 0;
  for (const [index, row] of view.rows.entries()) {
    if (index === MAX_ROWS) break;
    const line = shown.map((column) => cellOf(readPath(row, column.path), column));
    const info = windowInfo?.[index];
    if (info !== undefined) {
      line.push(timestampText(info.timestamp), info.windows.map(windowText).join(' '), paneText(info.pane));
    }
    size += line.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length + 3 : 8), 2);
    if (size > MAX_SIZE && index > 0) break;
    cells.push(line);
  }
  return {
    schema,
    columns: windowInfo === undefined ? columns : [...columns, ...WINDOW_COLUMNS],
    omittedColumns: schema.columns.length - shown.length + schema.omittedColumns,
    cells,
  };
}

const WINDOW_COLUMNS: readonly TableColumn[] = ['event time', 'window', 'pane'].map((name) => ({
  name,
  type: '',
  isNumeric: false,
  nullShare: 0,
}));

function headerOf(column: SchemaColumn, rows: number): TableColumn {
  return {
    name: cellText(column.name, 60),
    type: column.type,
    isNumeric: isNumeric(column),
    nullShare: rows === 0 ? 0 : column.nulls / rows,
  };
}

function cellOf(value: unknown, column: SchemaColumn): Cell {
  if (value === undefined) return [];
  if (value === null || typeof value === 'boolean') return value;
  // JSON has no NaN, no infinity and no -0: they are text, which sorts with the other text.
  if (typeof value === 'number') {
    return Number.isFinite(value) && !Object.is(value, -0) ? value : cellText(value);
  }
  // Among values of other types, a string must not look like a number, null or an object.
  const isMixed = typeof value === 'string' && !holdsOnly(column, ['string']);
  return isMixed ? JSON.stringify(cellText(value, CELL_WIDTH)) : cellText(value, CELL_WIDTH);
}

/** A cell as text; empty where there is nothing. */
export function textOfCell(cell: Cell): string {
  return typeof cell === 'object' ? (cell === null ? 'null' : '') : String(cell);
}

/** How much of the PCollection is seen: "12 elements", "first 1,000 of 250,000 elements", "first 50 elements". */
export function countLine({ total, complete, rows }: TableView, shown: number): string {
  const known = complete ? (total ?? rows.length) : total;
  if (known === undefined) return `first ${formatPlural(shown, 'element')}`;
  return shown < known
    ? `first ${formatCount(shown)} of ${formatPlural(known, 'element')}`
    : formatPlural(known, 'element');
}
