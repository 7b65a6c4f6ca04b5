import { arquero } from './arquero.ts';
import { cellText } from './preview.ts';
import { isNumeric, holdsOnly, readPath, type Schema, type SchemaColumn } from './schema.ts';

/** How many values lie in `[from, to)`; the last bin of a histogram includes its end. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Of the finite numbers of a column; of dates in milliseconds since the epoch. */
export interface NumberSummary {
  readonly min: number;
  readonly firstQuartile: number;
  readonly median: number;
  readonly mean: number;
  readonly thirdQuartile: number;
  readonly max: number;
  readonly bins: readonly Bin[];
  /** NaN, infinite and beyond what a number holds: left out of all of the above. */
  readonly notFinite: number;
}

/** What one column's values come to. */
export interface ColumnStatistics {
  readonly column: SchemaColumn;
  /** Values that are neither null nor undefined. */
  readonly count: number;
  readonly nulls: number;
  readonly distinct: number;
  /** The most frequent values, most frequent first; empty if every value occurs once. */
  readonly top: readonly { readonly text: string; readonly count: number }[];
  readonly numbers?: NumberSummary;
  /** Of strings, in UTF-16 units. */
  readonly lengths?: { readonly min: number; readonly mean: number; readonly max: number };
}

/** Statistics of the rows that were looked at. */
export interface Statistics {
  /** How many rows these were: the first ones. */
  readonly rows: number;
  /** True if there were more rows, so that each `distinct` is a lower bound. */
  readonly isPartial: boolean;
  readonly columns: readonly ColumnStatistics[];
}

/** Rows and columns beyond these are left out: statistics must not take longer than the work they describe. */
const MAX_ROWS = 100_000;
const MAX_COLUMNS = 50;
const TOP = 5;
/** Objects are equal here if their first so many characters are. */
const KEY_WIDTH = 400;

/** Counts, distinct values, ranges, quantiles and histograms of each column; bounded in rows and columns. */
export function statistics(rows: readonly unknown[], schema: Schema): Statistics {
  const looked = rows.length > MAX_ROWS ? rows.slice(0, MAX_ROWS) : rows;
  return {
    rows: looked.length,
    isPartial: looked.length < rows.length,
    columns: schema.columns.slice(0, MAX_COLUMNS).map((column) => summarise(looked, column)),
  };
}

function summarise(rows: readonly unknown[], column: SchemaColumn): ColumnStatistics {
  const values = rows
    .map((row) => readPath(row, column.path))
    .filter((value) => value !== null && value !== undefined);
  const counts = valueCounts(values);
  const summary = {
    column,
    count: values.length,
    nulls: rows.length - values.length,
    distinct: counts.distinct,
    top: counts.top,
  };
  if (isNumeric(column)) return { ...summary, ...numbersOf(values.map(Number)) };
  if (holdsOnly(column, ['date'])) return { ...summary, ...numbersOf(values.map(Number)) };
  if (!holdsOnly(column, ['string']) || values.length === 0) return summary;
  const lengths = arquero() // holdsOnly has seen that all values are strings
    .table({ length: values.map((value) => (value as string).length) })
    .rollup({ min: 'd => op.min(d.length)', mean: 'd => op.mean(d.length)', max: 'd => op.max(d.length)' })
    .object() as Required<ColumnStatistics>['lengths']; // it has the three columns just asked for
  return { ...summary, lengths };
}

function valueCounts(values: readonly unknown[]): Pick<ColumnStatistics, 'distinct' | 'top'> {
  if (values.length === 0) return { distinct: 0, top: [] };
  const { table, desc } = arquero();
  const counted = table({ text: values.map(keyText) })
    .groupby('text')
    .count();
  // The sorted table stays as it was grouped: by first sight, so equal counts keep the order of the data.
  const top = counted.orderby(desc('count')).slice(0, TOP).objects() as { text: string; count: number }[];
  const isAllUnique = (top[0]?.count ?? 0) <= 1;
  return {
    distinct: counted.numRows(),
    top: isAllUnique ? [] : top.map(({ text, count }) => ({ text: cellText(text, 60), count })),
  };
}

function keyText(value: unknown): string {
  return typeof value === 'string' ? value : cellText(value, KEY_WIDTH);
}

function numbersOf(values: readonly number[]): Pick<ColumnStatistics, 'numbers'> {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return {};
  const summary = arquero()
    .table({ v: finite })
    .rollup({
      min: 'd => op.min(d.v)',
      firstQuartile: 'd => op.quantile(d.v, 0.25)',
      median: 'd => op.quantile(d.v, 0.5)',
      mean: 'd => op.mean(d.v)',
      thirdQuartile: 'd => op.quantile(d.v, 0.75)',
      max: 'd => op.max(d.v)',
    })
    .object() as Omit<NumberSummary, 'bins' | 'notFinite'>; // the six columns just asked for
  return { numbers: { ...summary, bins: histogram(finite), notFinite: values.length - finite.length } };
}

/**
 * Bins of equal width with round borders; one bin if all values are equal.
 *
 * @param values Finite numbers, at least one.
 * @param most About how many bins there may be.
 */
export function histogram(values: readonly number[], most = 20): Bin[] {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (!(max > min)) return [{ from: min, to: max, count: values.length }];
  const step = roundStep(max / most - min / most, values.every(Number.isInteger) ? 1 : 0);
  const first = Math.floor(min / step);
  const length = Math.floor(max / step) - first + 1;
  // Numbers so far from zero that a step is lost in rounding cannot be binned.
  if (!Number.isSafeInteger(first) || !(length > 0 && length <= most * 4)) {
    return [{ from: min, to: max, count: values.length }];
  }
  const counts = new Array<number>(length).fill(0);
  for (const value of values) {
    const bin = Math.min(length - 1, Math.max(0, Math.floor(value / step) - first));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const border = (index: number) =>
    Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, (first + index) * step));
  return counts.map((count, index) => ({ from: border(index), to: border(index + 1), count }));
}

/** The smallest of 1, 2, 2.5 and 5 times a power of ten that is at least `step`, and at least `least`. */
export function roundStep(step: number, least = 0): number {
  const wanted = Math.max(step, least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= wanted * (1 - 1e-9)) ?? 10;
  const found = factor * power;
  return least > 0 ? Math.ceil(found) : found;
}
