import { chooseChart, type Chart, type ChartOptions } from './chart.ts';
import type { Schema } from './schema.ts';

/** A Vega-Lite specification, as JSON. */
export type VegaLiteSpec = Readonly<Record<string, unknown>>;

/** JupyterLab 4.6 renders Vega-Lite 5.6: the schema and every feature used here are of version 5. */
const SCHEMA = 'https://vega.github.io/schema/vega-lite/v5.json';
const BLUE = '#4a88d8';

/** The Vega-Lite spec of the chart that fits `rows`; undefined if none does. Holds only the data that it draws. */
export function chartSpec(
  rows: readonly unknown[],
  schema: Schema,
  options: ChartOptions = {},
): VegaLiteSpec | undefined {
  const chart = chooseChart(rows, schema, options);
  return chart === undefined ? undefined : vegaLiteSpec(chart);
}

/** A chart in Vega-Lite's words. */
export function vegaLiteSpec(chart: Chart): VegaLiteSpec {
  const base = { $schema: SCHEMA, title: chart.title };
  switch (chart.kind) {
    case 'bars':
      return {
        ...base,
        width: 420,
        height: { step: 18 },
        data: { values: chart.bars.map((bar, rank) => ({ rank, ...bar })) },
        mark: { type: 'bar', color: BLUE },
        encoding: {
          // By rank, as two long labels may have been shortened to the same text.
          y: {
            field: 'rank',
            type: 'ordinal',
            title: chart.labelTitle,
            axis: { labelExpr: labelExpression(chart.bars), labelLimit: 160 },
          },
          x: { field: 'value', type: 'quantitative', title: chart.valueTitle },
          tooltip: [
            { field: 'label', type: 'nominal', title: chart.labelTitle },
            { field: 'value', type: 'quantitative', title: chart.valueTitle, format: ',' },
          ],
        },
      };
    case 'histogram':
      return {
        ...base,
        width: 420,
        height: 220,
        data: { values: chart.bins },
        mark: { type: 'bar', color: BLUE },
        encoding: {
          x: { field: 'from', type: 'quantitative', bin: { binned: true }, title: chart.xTitle },
          x2: { field: 'to' },
          y: { field: 'count', type: 'quantitative', title: chart.yTitle },
          tooltip: [
            { field: 'from', type: 'quantitative', title: 'from' },
            { field: 'to', type: 'quantitative', title: 'to' },
            { field: 'count', type: 'quantitative', title: chart.yTitle, format: ',' },
          ],
        },
      };
    case 'line':
    case 'scatter': {
      const type = chart.xIsTime ? 'temporal' : 'quantitative';
      return {
        ...base,
        width: 420,
        height: 220,
        data: { values: chart.points },
        mark:
          chart.kind === 'line'
            ? { type: 'line', color: BLUE, point: chart.points.length <= 50 }
            : { type: 'point', color: BLUE, filled: true, opacity: 0.6 },
        encoding: {
          // Times are UTC, as they are in the table.
          x: {
            field: 'x',
            type,
            title: chart.xTitle,
            scale: chart.xIsTime ? { type: 'utc' } : { zero: false },
          },
          y: {
            field: 'y',
            type: 'quantitative',
            title: chart.yTitle,
            scale: { zero: chart.kind === 'line' },
          },
          tooltip: [
            { field: 'x', type, title: chart.xTitle },
            { field: 'y', type: 'quantitative', title: chart.yTitle },
          ],
        },
      };
    }
  }
}

/** A Vega expression that gives the label of a rank: the labels themselves, as a JSON array, indexed. */
function labelExpression(bars: readonly { readonly label: string }[]): string {
  return `${JSON.stringify(bars.map(({ label }) => label))}[datum.value]`;
}
