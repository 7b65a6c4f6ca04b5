import { escapeHtml, svgImage } from './escape.ts';
import { formatCount, formatNumber, formatPlural } from './format.ts';
import { cellText } from './preview.ts';
import { holdsOnly } from './schema.ts';
import type { Bin, ColumnStatistics, Statistics } from './statistics.ts';

const HEADERS = ['column', 'type', 'values', 'nulls', 'distinct', 'min', 'median', 'mean', 'max'];

/**
 * Column statistics as an HTML table, one row for each column.
 *
 * @param total How many elements there are, to say what share of them was looked at.
 */
export function statisticsHtml(statistics: Statistics, total: number | undefined): string {
  const head = HEADERS.map(
    (name, index) =>
      `<th scope="col"${index > 2 ? ' class="mr-n" style="text-align:right"' : ''}>${name}</th>`,
  ).join('');
  const body = statistics.columns.map((column) => `<tr>${rowHtml(column, statistics)}</tr>`).join('');
  const share =
    total !== undefined && statistics.rows < total
      ? `<div class="mr-bar">of the first ${formatCount(statistics.rows)} of ${formatPlural(total, 'element')}</div>`
      : '';
  return `<div class="mr-scroll" tabindex="0" role="region" aria-label="Column statistics"><table class="mr-grid"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>${share}`;
}

function rowHtml(summary: ColumnStatistics, { rows, isPartial }: Statistics): string {
  const { column, numbers, lengths, nulls } = summary;
  const format = holdsOnly(column, ['date']) ? dateText : formatNumber;
  const unit = lengths === undefined ? '' : ' chars';
  const range = numbers ?? lengths;
  const number = (value: number | undefined, suffix = '') =>
    `<td class="mr-n" style="text-align:right">${value === undefined ? '' : escapeHtml(format(value) + suffix)}</td>`;
  return [
    `<th scope="row">${escapeHtml(cellText(column.name, 40))}</th>`,
    `<td>${escapeHtml(column.type)}</td>`,
    `<td>${valuesHtml(summary)}</td>`,
    `<td class="mr-n" style="text-align:right">${nulls === 0 ? '0' : `${formatCount(nulls)} (${percent(nulls / rows)})`}</td>`,
    `<td class="mr-n" style="text-align:right">${isPartial ? '≥ ' : ''}${formatCount(summary.distinct)}</td>`,
    number(range?.min, unit),
    number(numbers?.median),
    number(range?.mean, unit),
    number(range?.max, unit),
  ].join('');
}

function valuesHtml({ column, numbers, top, count }: ColumnStatistics): string {
  if (numbers !== undefined) {
    const format = holdsOnly(column, ['date']) ? dateText : formatNumber;
    const alt = `histogram from ${format(numbers.min)} to ${format(numbers.max)}`;
    const odd = numbers.notFinite === 0 ? '' : ` ${formatCount(numbers.notFinite)} not finite`;
    return svgImage(histogramPicture(numbers.bins), { alt }) + odd;
  }
  if (count === 0) return '';
  if (top.length === 0) return '<span class="mr-z">each value once</span>';
  const shown = top
    .slice(0, 3)
    .map(({ text, count: times }) => `${cellText(text, 20)} ×${formatCount(times)}`);
  return escapeHtml(shown.join(', '));
}

/** "12 %"; a share that is not nothing never reads as 0 %. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return '<1 %';
  return `${share > 0.99 && share < 1 ? 99 : Math.round(share * 100)} %`;
}

function dateText(ms: number): string {
  const iso = new Date(ms).toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 19);
}

/** A histogram of the size of a word. */
function histogramPicture(bins: readonly Bin[]): string {
  const [width, height] = [120, 22];
  const highest = Math.max(...bins.map(({ count }) => count), 1);
  const step = width / bins.length;
  const bars = bins
    .map(({ count }, index) => {
      // A bin that is not empty stays visible.
      const length = count === 0 ? 0 : Math.max(1.5, (count / highest) * height);
      return `<rect x="${(index * step + 0.5).toFixed(1)}" y="${(height - length).toFixed(1)}" width="${Math.max(0.5, step - 1).toFixed(1)}" height="${length.toFixed(1)}"/>`;
    })
    .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" fill="#4a88d8">${bars}</svg>`;
}
