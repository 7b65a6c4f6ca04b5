import { chooseChart } from './chart.ts';
import { chartAlt, chartSvg } from './chart-svg.ts';
import { chartText } from './chart-text.ts';
import { svgImage } from './escape.ts';
import { graphImage } from './graph-bundle.ts';
import { layoutGraph } from './graph-layout.ts';
import { graphSvg } from './graph-svg.ts';
import { graphText } from './graph-text.ts';
import type { GraphView } from './graph-view.ts';
import type { MimeBundle } from './mime-bundle.ts';
import { statistics } from './statistics.ts';
import { tableData } from './table-data.ts';
import { tableBody, tableHead } from './table-html.ts';
import { tableText } from './table-text.ts';
import type { TableView } from './table-view.ts';
import { VIEW_STYLE } from './view-style.ts';

/** All that a notebook shows of a PCollection at once. */
export interface PCollectionView {
  readonly table: TableView;
  /** What made it; left out where absent. */
  readonly graph?: GraphView | undefined;
  /** False leaves out the chart; else the one that fits the data is drawn. */
  readonly chart?: boolean | undefined;
}

/**
 * The one bundle of a PCollection as a cell's last expression: table and statistics, a chart beside them where the
 * data has one, and the graph below; in a terminal the same as text.
 *
 * Chart and graph are pictures, so they are there in an exported or untrusted notebook too.
 */
export async function pcollectionBundle(view: PCollectionView): Promise<MimeBundle> {
  const { table, graph } = view;
  const data = tableData(table);
  const summary = table.statistics ?? statistics(table.rows, data.schema);
  const chart =
    view.chart === false
      ? undefined
      : chooseChart(table.rows, data.schema, {
          isComplete: table.complete && (table.total ?? table.rows.length) <= table.rows.length,
        });
  const body = tableBody(table, data, summary);
  const picture =
    chart === undefined
      ? ''
      : `<div class="mr-side">${svgImage(chartSvg(chart), { alt: chartAlt(chart), style: 'max-width:100%;height:auto' })}</div>`;
  // Event time, window and pane would be scrolled out of sight beside a chart.
  const main = table.windowInfo === undefined ? 'mr-main' : 'mr-main mr-wide';
  const layout = graph === undefined ? undefined : await layoutGraph(graph);
  const graphHtml =
    graph === undefined || layout === undefined
      ? ''
      : `<div class="mr-section">${graphImage(graph, { layout, svg: graphSvg(layout, graph.title) })}</div>`;
  return {
    data: {
      'text/html':
        `<div class="millrace">${VIEW_STYLE}${tableHead(table, data)}` +
        `<div class="mr-columns"><div class="${main}">${body}</div>${picture}</div>${graphHtml}</div>`,
      'text/plain': [
        tableText(table, data),
        ...(chart?.kind === 'histogram' ? [chartText(chart)] : []),
        ...(graph === undefined ? [] : [graphText(graph)]),
      ].join('\n\n'),
    },
  };
}
