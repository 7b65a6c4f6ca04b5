import type { Chart } from './chart.ts';
import { escapeHtml } from './escape.ts';
import { formatNumber, formatTick } from './format.ts';
import { roundStep } from './statistics.ts';
import { displayWidth, fit } from './text-width.ts';

/** Colours that hold on a light and on a dark page: an `<img>` sees no CSS variables of the page around it. */
const COLOR = { mark: '#4a88d8', text: '#7b8490', grid: '#8a93a0' };
const FONT = 'font-family="system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif"';
const CHARACTER = 6.2;

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Draws a chart as SVG, without Vega: that takes 0.4 s to load, this 1 ms.
 *
 * The picture for a table's side; `chartBundle` has the interactive one.
 *
 * @param width In pixels; the height follows from the chart.
 */
export function chartSvg(chart: Chart, width = 420): string {
  switch (chart.kind) {
    case 'bars':
      return barsSvg(chart, width);
    case 'histogram':
      return histogramSvg(chart, width);
    case 'line':
    case 'scatter':
      return pointsSvg(chart, width);
  }
}

/** One sentence for those who do not see the picture. */
export function chartAlt(chart: Chart): string {
  switch (chart.kind) {
    case 'bars': {
      const top = chart.bars.slice(0, 3).map(({ label, value }) => `${label} ${formatNumber(value)}`);
      return `Bar chart, ${chart.title}. Largest: ${top.join(', ')}`;
    }
    case 'histogram':
      return `Histogram, ${chart.title}, in ${chart.bins.length} bins from ${formatNumber(chart.bins[0]?.from ?? 0)} to ${formatNumber(chart.bins.at(-1)?.to ?? 0)}`;
    case 'line':
      return `Line chart, ${chart.title}, ${chart.points.length} points`;
    case 'scatter':
      return `Scatter plot, ${chart.title}, ${chart.points.length} points`;
  }
}

function barsSvg(chart: Extract<Chart, { kind: 'bars' }>, width: number): string {
  const step = 18;
  const labels = chart.bars.map(({ label }) => fit(label, 24));
  const left = 12 + CHARACTER * Math.max(3, ...labels.map(displayWidth));
  const frame = { left, top: 30, width: width - left - 58, height: step * chart.bars.length };
  const low = Math.min(0, ...chart.bars.map(({ value }) => value));
  const high = Math.max(0, ...chart.bars.map(({ value }) => value));
  const x = scale({ from: low, to: high === low ? low + 1 : high }, frame.left, frame.width);
  const parts = chart.bars.map(({ label, value }, index) => {
    const y = frame.top + index * step;
    const start = Math.min(x(0), x(value));
    const length = Math.max(1, Math.abs(x(value) - x(0)));
    return (
      `<g><title>${escapeHtml(label)}: ${formatNumber(value)}</title>` +
      text({ x: left - 6, y: y + 13, anchor: 'end' }, labels[index] ?? '') +
      `<rect x="${round(start)}" y="${y + 2}" width="${round(length)}" height="${step - 5}" rx="2" fill="${COLOR.mark}"/>` +
      text({ x: start + length + 5, y: y + 13, size: 10.5 }, formatNumber(value)) +
      '</g>'
    );
  });
  return svg({ width, height: frame.top + frame.height + 8, title: chart.title }, parts);
}

function histogramSvg(chart: Extract<Chart, { kind: 'histogram' }>, width: number): string {
  const frame = plotFrame(width);
  const first = chart.bins[0]?.from ?? 0;
  const last = chart.bins.at(-1)?.to ?? 1;
  const range = first === last ? { from: first - 0.5, to: last + 0.5 } : { from: first, to: last };
  const x = scale(range, frame.left, frame.width);
  const ticks = tickValues(0, Math.max(1, ...chart.bins.map(({ count }) => count)), 4);
  const y = scale({ from: 0, to: ticks.at(-1) ?? 1 }, frame.top + frame.height, -frame.height);
  const bars = chart.bins.map(({ from, to, count }) => {
    const [start, end] = from === to ? [x(from) - 20, x(from) + 20] : [x(from), x(to)];
    return (
      `<rect x="${round(start + 0.5)}" y="${round(y(count))}" width="${round(Math.max(1, end - start - 1))}" ` +
      `height="${round(frame.top + frame.height - y(count))}" rx="1" fill="${COLOR.mark}">` +
      `<title>${formatNumber(from)} to ${formatNumber(to)}: ${formatNumber(count)}</title></rect>`
    );
  });
  const shown = first === last ? [first] : tickValues(first, last, 5).filter((v) => v >= first && v <= last);
  return svg({ width, height: 254, title: chart.title }, [
    ...yAxis(frame, { ticks, y, title: chart.yTitle }),
    ...bars,
    ...xAxis(frame, {
      ticks: shown.map((value) => ({ at: x(value), label: formatTick(value) })),
      title: chart.xTitle,
    }),
  ]);
}

function pointsSvg(chart: Extract<Chart, { kind: 'line' | 'scatter' }>, width: number): string {
  const frame = plotFrame(width);
  const xs = chart.points.map((point) => point.x);
  const ys = chart.points.map((point) => point.y);
  const xRange = spread(Math.min(...xs), Math.max(...xs));
  const ticks = tickValues(...pairOf(spread(Math.min(...ys), Math.max(...ys))), 4);
  const x = scale(xRange, frame.left, frame.width);
  const y = scale({ from: ticks[0] ?? 0, to: ticks.at(-1) ?? 1 }, frame.top + frame.height, -frame.height);
  const places = chart.points.map((point) => `${round(x(point.x))},${round(y(point.y))}`);
  const marks =
    chart.kind === 'line'
      ? [
          `<polyline points="${places.join(' ')}" fill="none" stroke="${COLOR.mark}" stroke-width="1.8" stroke-linejoin="round"/>`,
        ]
      : places.map((place) => {
          const [cx = '0', cy = '0'] = place.split(',');
          return `<circle cx="${cx}" cy="${cy}" r="3" fill="${COLOR.mark}" fill-opacity="0.6"/>`;
        });
  const xTicks = chart.xIsTime
    ? timeTicks(xRange, x)
    : tickValues(...pairOf(xRange), 5)
        .filter((value) => value >= xRange.from && value <= xRange.to)
        .map((value) => ({ at: x(value), label: formatTick(value) }));
  return svg({ width, height: 254, title: chart.title }, [
    ...yAxis(frame, { ticks, y, title: chart.yTitle }),
    ...marks,
    ...xAxis(frame, { ticks: xTicks, title: chart.xTitle }),
  ]);
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function plotFrame(width: number): Frame {
  return { left: 52, top: 48, width: width - 68, height: 156 };
}

function pairOf({ from, to }: Range): [number, number] {
  return [from, to];
}

function spread(from: number, to: number): Range {
  return from < to ? { from, to } : { from: from - 0.5, to: to + 0.5 };
}

function scale({ from, to }: Range, start: number, length: number): (value: number) => number {
  // Halves first: the span of two huge numbers of different sign is not finite.
  const span = to / 2 - from / 2;
  return (value) => start + (span === 0 ? 0 : ((value / 2 - from / 2) / span) * length);
}

/** Round numbers that enclose `from` to `to`. */
function tickValues(from: number, to: number, about: number): number[] {
  const step = roundStep(to / about - from / about || 1);
  const first = Math.floor(from / step);
  const last = Math.ceil(to / step);
  if (!(last - first < 50)) return [from, to];
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

function timeTicks({ from, to }: Range, x: (value: number) => number): { at: number; label: string }[] {
  const hasDays = to - from >= 3 * 86_400_000;
  return [0, 1, 2, 3].map((index) => {
    const time = from + ((to - from) * index) / 3;
    const date = new Date(time);
    const iso = Number.isNaN(date.getTime()) ? '' : date.toISOString();
    return { at: x(time), label: hasDays ? iso.slice(0, 10) : iso.slice(11, 19) };
  });
}

function yAxis(
  frame: Frame,
  {
    ticks,
    y,
    title,
  }: { readonly ticks: readonly number[]; readonly y: (value: number) => number; readonly title: string },
): string[] {
  return [
    text({ x: frame.left - 44, y: frame.top - 8, size: 10.5 }, fit(title, 40)),
    ...ticks.map(
      (tick) =>
        `<line x1="${frame.left}" x2="${frame.left + frame.width}" y1="${round(y(tick))}" y2="${round(y(tick))}" stroke="${COLOR.grid}" stroke-opacity="0.3"/>` +
        text({ x: frame.left - 6, y: y(tick) + 4, size: 10.5, anchor: 'end' }, formatTick(tick)),
    ),
  ];
}

function xAxis(
  frame: Frame,
  { ticks, title }: { readonly ticks: readonly { at: number; label: string }[]; readonly title: string },
): string[] {
  const bottom = frame.top + frame.height;
  return [
    ...ticks.map(({ at, label }) =>
      text({ x: insideOf(frame, at, label), y: bottom + 16, size: 10.5, anchor: 'middle' }, label),
    ),
    text({ x: frame.left + frame.width / 2, y: bottom + 36, size: 10.5, anchor: 'middle' }, fit(title, 60)),
  ];
}

/** Moves the middle of a label so that none of it is cut off at the picture's edge. */
function insideOf({ left, width }: Frame, at: number, label: string): number {
  const half = (label.length * 5.8) / 2;
  return Math.min(at, left + width + 14 - half);
}

interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly size?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
}

function text({ x, y, size = 11.5, anchor = 'start' }: TextPlace, content: string): string {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" text-anchor="${anchor}" fill="${COLOR.text}">${escapeHtml(content)}</text>`;
}

function svg(
  { width, height, title }: { readonly width: number; readonly height: number; readonly title: string },
  parts: readonly string[],
): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${FONT}>` +
    `<title>${escapeHtml(title)}</title>` +
    `<text x="8" y="16" font-size="12.5" font-weight="600" fill="${COLOR.text}">${escapeHtml(fit(title, Math.floor(width / 7.3)))}</text>` +
    `${parts.join('')}</svg>`
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
