import type { Chart } from './chart.ts';
import { formatNumber } from './format.ts';
import { displayWidth, fit, pad } from './text-width.ts';

const BAR = 40;
const MAX_LINES = 20;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A chart for a terminal: one line for each bar, bin or point. */
export function chartText(chart: Chart): string {
  const lines = linesOf(chart);
  const shown = lines.slice(0, MAX_LINES);
  const labelWidth = Math.max(...shown.map(({ label }) => displayWidth(label)));
  const valueWidth = Math.max(...shown.map(({ value }) => formatNumber(value).length));
  const highest = Math.max(...shown.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  const rest = lines.length - shown.length;
  return [
    chart.title,
    ...shown.map(({ label, value }) =>
      `${pad(label, labelWidth, 'right')} ${pad(formatNumber(value), valueWidth, 'right')} ${bar(Math.abs(value) / highest)}`.trimEnd(),
    ),
    ...(rest > 0 ? [`… ${rest} more`] : []),
  ].join('\n');
}

function linesOf(chart: Chart): readonly { readonly label: string; readonly value: number }[] {
  switch (chart.kind) {
    case 'bars':
      return chart.bars.map(({ label, value }) => ({ label: fit(label, 30), value }));
    case 'histogram':
      return chart.bins.map(({ from, to, count }) => ({
        label: `${formatNumber(from)} – ${formatNumber(to)}`,
        value: count,
      }));
    case 'line':
    case 'scatter':
      return chart.points.map(({ x, y }) => ({
        label: chart.xIsTime ? timeText(x) : formatNumber(x),
        value: y,
      }));
  }
}

function timeText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}

function bar(share: number): string {
  const eighths = Math.round(share * BAR * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}
