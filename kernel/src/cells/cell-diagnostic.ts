/** A fault of a cell; lines and columns count from 1, columns in UTF-16 units. */
export interface CellDiagnostic {
  readonly message: string;
  /** TypeScript's number; 0 for a rule of the notebook's own. */
  readonly code: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Longest part of a source line that is shown. */
const WIDTH = 120;
const MOST = 20;

/** Makes text of faults as a compiler would: where, what, and the source line with the place underlined. */
export function formatDiagnostics(
  diagnostics: readonly CellDiagnostic[],
  { name, code }: { readonly name: string; readonly code: string },
): string {
  const lines = code.split(/\r\n|[\n\r\u2028\u2029]/);
  const blocks = diagnostics.slice(0, MOST).map((diagnostic) => {
    const { line, column, message } = diagnostic;
    const number = diagnostic.code === 0 ? '' : ` TS${diagnostic.code}`;
    const source = lines[line - 1] ?? '';
    return `${name}:${line}:${column} - error${number}: ${message}\n\n${excerpt(source, diagnostic)}`;
  });
  const more = diagnostics.length - blocks.length;
  return blocks.join('\n\n') + (more > 0 ? `\n\n… and ${more} more` : '');
}

function excerpt(source: string, { line, column, endLine, endColumn }: CellDiagnostic): string {
  const from = column - 1;
  const to = Math.max(endLine === line ? endColumn - 1 : source.length, from + 1);
  const skipped = source.length > WIDTH && from > WIDTH / 2 ? from - WIDTH / 2 : 0;
  const shown = source.slice(skipped, skipped + WIDTH);
  const label = `${line} `;
  const mark = '~'.repeat(Math.max(1, cells(source.slice(from, Math.min(to, skipped + WIDTH)))));
  // Tabs stay tabs, so that the mark stands under its place whatever their width.
  const before = source.slice(skipped, from);
  const pad = before.split('\t').map((part) => ' '.repeat(cells(part)));
  return `${label}${shown}\n${' '.repeat(label.length)}${pad.join('\t')}${mark}`;
}

/** How many cells of a terminal `text` takes: East Asian wide characters and emoji take two. */
function cells(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mark}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}
