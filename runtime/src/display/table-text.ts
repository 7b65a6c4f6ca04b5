import { countLine, textOfCell, type TableData } from './table-data.ts';
import type { TableView } from './table-view.ts';
import { displayWidth, pad } from './text-width.ts';

const MAX_ROWS = 20;
const MAX_WIDTH = 100;
const MAX_CELL = 48;
const GAP = '  ';

/** A table for a terminal: at most 20 rows and 100 cells wide, with a line that says how much of it this is. */
export function tableText(view: TableView, data: TableData): string {
  const rows = data.cells.slice(0, MAX_ROWS).map((cells) => cells.map(textOfCell));
  const widths: number[] = [];
  let used = 0;
  for (const [index, column] of data.columns.entries()) {
    const texts = [column.name, column.type, ...rows.map((row) => row[index] ?? '')];
    const width = Math.min(MAX_CELL, Math.max(1, ...texts.map(displayWidth)));
    if (index > 0 && used + GAP.length + width > MAX_WIDTH) break;
    widths.push(width);
    used += width + GAP.length;
  }
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

function titleLine({ name, elementType, note }: TableView): string {
  const type = elementType === undefined ? '' : `: PCollection<${elementType}>`;
  return `${name}${type}${note === undefined ? '' : ` · ${note}`}`;
}
