import { countLine, textOfCell, type TableData } from './table-data.ts';
import type { TableView } from './table-view.ts';
import { displayWidth, pad } from './text-width.ts';

const MAX_ROWS = 20;
const MAX_WIDTH = 100;
/** Widths that a cell may have: the first one that lets all columns stand, else the last. */
const CELL_WIDTHS = [48, 30, 20] as const;
const GAP = '  ';

/** A table for a terminal: at most 20 rows and 100 cells wide, with a line that says how much of it this is. */
export function tableText(view: TableView, data: TableData): string {
  const rows = data.cells.slice(0, MAX_ROWS).map((cells) => cells.map(textOfCell));
  const needed = data.columns.map((column, index) =>
    Math.max(1, ...[column.name, column.type, ...rows.map((row) => row[index] ?? '')].map(displayWidth)),
  );
  const widths = columnWidths(needed);
  const line = (texts: readonly string[]) =>
    widths
      .map((width, index) =>
        pad(texts[index] ?? '', width, data.columns[index]?.isNumeric === true ? 'right' : 'left'),
      )
      .join(GAP)
      .trimEnd();
  const omitted = data.columns.length - widths.length + data.omittedColumns;
  const head =
    widths.length === 0
      ? []
      : [
          line(data.columns.map(({ name }) => name)),
          line(data.columns.map(({ type }) => type)),
          widths.map((width) => '─'.repeat(width)).join(GAP),
        ];
  return [
    titleLine(view),
    ...head,
    ...rows.map(line),
    countLine(view, rows.length) +
      (omitted > 0 ? `, ${omitted} more column${omitted === 1 ? '' : 's'}` : '') +
      (view.complete ? '' : ' (sample)'),
  ].join('\n');
}

/** How wide each column is; columns that do not fit are left out, but for the first. */
function columnWidths(needed: readonly number[]): number[] {
  for (const most of CELL_WIDTHS) {
    const widths = needed.map((width) => Math.min(most, width));
    const total = widths.reduce((sum, width) => sum + width + GAP.length, 0);
    if (total <= MAX_WIDTH + GAP.length) return widths;
    if (most !== CELL_WIDTHS[2]) continue;
    let used = 0;
    return widths.filter(
      (width, index) => (used += width + GAP.length) <= MAX_WIDTH + GAP.length || index === 0,
    );
  }
  return [];
}

function titleLine({ name, elementType, note }: TableView): string {
  const type = elementType === undefined ? '' : `: PCollection<${elementType}>`;
  return `${name}${type}${note === undefined ? '' : ` · ${note}`}`;
}
