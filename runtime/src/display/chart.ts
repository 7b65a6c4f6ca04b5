import { formatPlural } from './format.ts';
import { cellText } from './preview.ts';
import { holdsOnly, isNumeric, readPath, type Schema, type SchemaColumn } from './schema.ts';
import { histogram, type Bin } from './statistics.ts';

/** A point of a line or scatter chart. */
export interface ChartPoint {
  /** A number, or milliseconds since the epoch where the chart says `xIsTime`. */
  readonly x: number;
  readonly y: number;
}

/** A chart as data, before anyone draws it: the Vega-Lite spec, the static picture and the text derive from it. */
export type Chart =
  | {
      readonly kind: 'bars';
      readonly title: string;
      readonly labelTitle: string;
      readonly valueTitle: string;
      /** Largest first. */
      readonly bars: readonly { readonly label: string; readonly value: number }[];
    }
  | {
      readonly kind: 'histogram';
      readonly title: string;
      readonly xTitle: string;
      readonly yTitle: string;
      readonly bins: readonly Bin[];
    }
  | {
      readonly kind: 'line' | 'scatter';
      readonly title: string;
      readonly xTitle: string;
      readonly yTitle: string;
      readonly xIsTime: boolean;
      readonly points: readonly ChartPoint[];
    };

/** What is charted, beside the rows. */
export interface ChartOptions {
  /** Named in the title. */
  readonly name?: string;
  /** False if the rows are the first of more: the title says so. */
  readonly isComplete?: boolean;
}

const MAX_BARS = 20;
/** Text longer than this on average is prose, which names nothing. */
const MAX_LABEL = 60;
const MAX_POINTS = 500;

/**
 * Chooses the chart that fits the data's shape; undefined if none would say anything.
 *
 * In this order: a time and a number give a line; text that names each row, and a number, the largest as bars (so
 * `KV<string, number>` does), and of few rows also two texts that name each together; two numbers a scatter plot, or a line if the first one is a key; one number a histogram;
 * text that repeats, its most frequent values.
 */
export function chooseChart(
  rows: readonly unknown[],
  schema: Schema,
  options: ChartOptions = {},
): Chart | undefined {
  if (rows.length < 2) return undefined;
  const numeric = schema.columns.filter(isNumeric);
  const varied = numeric.filter((column) => varies(rows, column));
  // A number that is everywhere the same says nothing beside others.
  const numbers = varied.length > 0 ? varied : numeric;
  const labels = schema.columns.filter(
    (column) => holdsOnly(column, ['string', 'boolean']) && !isProse(rows, column),
  );
  const time = schema.columns.find((column) => holdsOnly(column, ['date']));
  const [first, second] = numbers;
  const data: Data = { rows, isComplete: options.isComplete ?? true, name: options.name ?? '' };
  if (time !== undefined && first !== undefined) return points(data, { kind: 'line', x: time, y: first });
  const naming = namingColumns(rows, labels);
  if (naming !== undefined && first !== undefined) return largest(data, naming, first);
  if (first !== undefined && second !== undefined) {
    const isKeyed = schema.shape === 'keyValues' && first.path[0] === 'key' && isUnique(rows, first);
    return points(data, { kind: isKeyed ? 'line' : 'scatter', x: first, y: second });
  }
  if (first !== undefined) return distribution(data, first);
  const repeated = labels.find((column) => !isUnique(rows, column));
  return repeated === undefined ? undefined : frequencies(data, repeated);
}

interface Data {
  readonly rows: readonly unknown[];
  readonly name: string;
  readonly isComplete: boolean;
}

/** "counts: value by key, 20 largest of the first 1,000 elements". */
function titled({ name, rows, isComplete }: Data, what: string, part = ''): string {
  const all = `${isComplete ? '' : 'the first '}${formatPlural(rows.length, 'element')}`;
  const rest = part === '' ? (isComplete ? '' : `, ${all}`) : `, ${part} of ${all}`;
  return `${name === '' ? '' : `${name}: `}${what}${rest}`;
}

/** The text that names each row; else, of rows that all have a bar, two texts that do so together: hour and team. */
function namingColumns(
  rows: readonly unknown[],
  labels: readonly SchemaColumn[],
): readonly SchemaColumn[] | undefined {
  const one = labels.find((column) => isUnique(rows, column));
  if (one !== undefined) return [one];
  if (rows.length > MAX_BARS) return undefined;
  return labels
    .flatMap((first, index) => labels.slice(index + 1).map((second) => [first, second]))
    .find((pair) => isUniquePair(rows, pair));
}

function isUnique(rows: readonly unknown[], column: SchemaColumn): boolean {
  return new Set(rows.map((row) => readPath(row, column.path))).size === rows.length;
}

function isUniquePair(rows: readonly unknown[], pair: readonly SchemaColumn[]): boolean {
  // The labels as they are drawn: no two bars have the same.
  return new Set(rows.map((row) => pairedLabelAt(row, pair))).size === rows.length;
}

function varies(rows: readonly unknown[], column: SchemaColumn): boolean {
  const first = numberAt(rows[0], column);
  return rows.some((row) => !Object.is(numberAt(row, column), first));
}

function isProse(rows: readonly unknown[], column: SchemaColumn): boolean {
  const lengths = rows.map((row) => {
    const value = readPath(row, column.path);
    return typeof value === 'string' ? value.length : 0;
  });
  return lengths.reduce((sum, length) => sum + length, 0) / rows.length > MAX_LABEL;
}

function numberAt(row: unknown, column: SchemaColumn): number {
  const value = readPath(row, column.path);
  // Number(null) would be 0.
  return value === null || value === undefined ? NaN : Number(value);
}

function labelAt(row: unknown, column: SchemaColumn): string {
  return cellText(readPath(row, column.path), 40);
}

function pairedLabelAt(row: unknown, columns: readonly SchemaColumn[]): string {
  return columns.map((column) => labelAt(row, column)).join(' ');
}

function largest(data: Data, labels: readonly SchemaColumn[], value: SchemaColumn): Chart | undefined {
  const bars = data.rows
    .map((row) => ({
      label: pairedLabelAt(row, labels),
      value: numberAt(row, value),
    }))
    .filter((bar) => Number.isFinite(bar.value))
    .sort((a, b) => b.value - a.value);
  if (bars.length === 0) return undefined;
  const part = bars.length > MAX_BARS ? `${MAX_BARS} largest` : '';
  const labelTitle = labels.map(({ name }) => name).join(' and ');
  return {
    kind: 'bars',
    title: titled(data, `${value.name} by ${labelTitle}`, part),
    labelTitle,
    valueTitle: value.name,
    bars: bars.slice(0, MAX_BARS),
  };
}

function frequencies(data: Data, column: SchemaColumn): Chart {
  const counts = new Map<string, number>();
  for (const row of data.rows) {
    const label = labelAt(row, column);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const bars = [...counts].map(([label, value]) => ({ label, value })).sort((a, b) => b.value - a.value);
  const which = bars.length > MAX_BARS ? `, ${MAX_BARS} most frequent` : '';
  return {
    kind: 'bars',
    title: titled(
      data,
      `${column.path.length === 0 ? 'count of each element' : `elements by ${column.name}`}${which}`,
    ),
    labelTitle: column.name,
    valueTitle: 'elements',
    bars: bars.slice(0, MAX_BARS),
  };
}

function distribution(data: Data, column: SchemaColumn): Chart | undefined {
  const values = data.rows.map((row) => numberAt(row, column)).filter((value) => Number.isFinite(value));
  if (values.length === 0) return undefined;
  return {
    kind: 'histogram',
    title: titled(data, `distribution of ${column.name}`),
    xTitle: column.name,
    yTitle: 'elements',
    bins: histogram(values),
  };
}

function points(
  data: Data,
  { kind, x, y }: { readonly kind: 'line' | 'scatter'; readonly x: SchemaColumn; readonly y: SchemaColumn },
): Chart | undefined {
  const all = data.rows
    .map((row) => ({ x: numberAt(row, x), y: numberAt(row, y) }))
    .filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y));
  if (all.length === 0) return undefined;
  if (kind === 'line') all.sort((a, b) => a.x - b.x);
  const every = Math.ceil(all.length / MAX_POINTS);
  const what = `${y.name} by ${x.name}${every > 1 ? `, one point in ${every}` : ''}`;
  return {
    kind,
    title: titled(data, what),
    xTitle: x.name,
    yTitle: y.name,
    xIsTime: holdsOnly(x, ['date']),
    points: all.filter((_, index) => index % every === 0),
  };
}
