import { escapeHtml, scriptJson } from './escape.ts';
import { formatCount } from './format.ts';
import { percent, statisticsHtml } from './statistics-html.ts';
import type { Statistics } from './statistics.ts';
import { countLine, textOfCell, type Cell, type TableColumn, type TableData } from './table-data.ts';
import { TABLE_SCRIPT } from './table-script.ts';
import type { TableView } from './table-view.ts';

/** Rows that stand in the HTML itself: the first page, and all that is left where scripts are removed. */
const STATIC_ROWS = 10;

/** What stands above a table: name, element type, count, "sample", and why it is as it is. */
export function tableHead(view: TableView, data: TableData): string {
  const { name, elementType, complete, note } = view;
  return [
    '<div class="mr-head">',
    `<span class="mr-name">${escapeHtml(name)}</span> `,
    elementType === undefined
      ? ''
      : `<span class="mr-type">PCollection&lt;${escapeHtml(elementType)}&gt;</span> `,
    `<span>${escapeHtml(countLine(view, data.cells.length))}</span> `,
    complete
      ? ''
      : '<span class="mr-badge" title="The work stopped when there were enough elements">sample</span> ',
    note === undefined ? '' : `<span class="mr-dim">${escapeHtml(note)}</span>`,
    '</div>',
  ].join('');
}

/** The table and its statistics, as tabs where scripts run and one below the other where they do not. */
export function tableBody(view: TableView, data: TableData, statistics: Statistics): string {
  const hasColumns = data.columns.length > 0;
  const isCut = data.cells.length < (view.total ?? view.rows.length) || !view.complete;
  const json = scriptJson({
    cells: data.cells,
    numeric: data.columns.map((column) => column.isNumeric),
    isCut,
  });
  return [
    '<div class="mr-view">',
    '<div class="mr-panel" data-title="Table">',
    hasColumns ? gridHtml(view, data) : '<div class="mr-dim">Nothing to show: it is empty</div>',
    `<div class="mr-bar">${footText(data)}</div></div>`,
    hasColumns
      ? `<div class="mr-panel" data-title="Statistics"><div class="mr-caption">Statistics</div>${statisticsHtml(statistics, view.total)}</div>`
      : '',
    `<script type="application/json" class="mr-data">${json}</script>`,
    `<script>${TABLE_SCRIPT}</script></div>`,
  ].join('');
}

function gridHtml(view: TableView, data: TableData): string {
  const head = data.columns.map(headerHtml).join('');
  const more =
    data.omittedColumns === 0
      ? ''
      : `<th scope="col">… ${formatCount(data.omittedColumns)} more columns</th>`;
  const body = data.cells
    .slice(0, STATIC_ROWS)
    .map(
      (row) =>
        `<tr>${row.map((cell, index) => cellHtml(cell, data.columns[index]?.isNumeric)).join('')}</tr>`,
    )
    .join('');
  return `<div class="mr-scroll" tabindex="0" role="region" aria-label="${escapeHtml(view.name)}"><table class="mr-grid mr-rows"><thead><tr>${head}${more}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function headerHtml({ name, type, isNumeric, nullShare }: TableColumn): string {
  const facts = [type, ...(nullShare > 0 ? [`${percent(nullShare)} null`] : [])].filter(
    (fact) => fact !== '',
  );
  return `<th scope="col"${isNumeric ? ' class="mr-n" style="text-align:right"' : ' style="text-align:left"'}><span class="mr-label">${escapeHtml(name)}</span> <small>${escapeHtml(facts.join(' · '))}</small></th>`;
}

function cellHtml(cell: Cell, isNumeric: boolean | undefined): string {
  const text = textOfCell(cell);
  if (typeof cell === 'object') return `<td class="mr-z${isNumeric === true ? ' mr-n' : ''}">${text}</td>`;
  const title = text.length > 40 ? ` title="${escapeHtml(text)}"` : '';
  // The inline style is for where the style sheet is removed.
  return isNumeric === true
    ? `<td class="mr-n" style="text-align:right"${title}>${escapeHtml(text)}</td>`
    : `<td style="text-align:left"${title}>${escapeHtml(text)}</td>`;
}

function footText({ cells }: TableData): string {
  return cells.length > STATIC_ROWS ? `the first ${STATIC_ROWS} rows` : '';
}
