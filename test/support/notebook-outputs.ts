/** One output of a cell, as nbformat 4 has it. */
export interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: string;
  readonly ename?: string;
  readonly evalue?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A code cell with its outputs, after a run. */
export interface RunCell {
  readonly id: string;
  /** It carries the tag "raises-exception". */
  readonly mayFail: boolean;
  readonly outputs: readonly Output[];
}

/** Checks what run_notebook.py printed, as far as the tests rely on it. */
export function runCells(printed: unknown): readonly RunCell[] {
  if (!Array.isArray(printed)) throw new TypeError('Cannot read outputs as they must be a list of cells');
  return printed as readonly RunCell[]; // run_notebook.py writes exactly this shape
}

/** What went wrong, by cell, where nothing may: "words: TypeError: …". */
export function errorsOf(cells: readonly RunCell[]): readonly string[] {
  return cells
    .filter(({ mayFail }) => !mayFail)
    .flatMap(({ id, outputs }) =>
      outputs
        .filter(({ output_type }) => output_type === 'error')
        .map(({ ename, evalue }) => `${id}: ${ename ?? ''}: ${evalue ?? ''}`),
    );
}

/** What a cell printed to standard output. */
export function printedBy(cells: readonly RunCell[], id: string): string {
  const outputs = cells.find((cell) => cell.id === id)?.outputs ?? [];
  return outputs.map(({ name, text }) => (name === 'stdout' ? (text ?? '') : '')).join('');
}

/** The text/plain of what a cell shows. */
export function shownBy(cells: readonly RunCell[], id: string): string {
  const outputs = cells.find((cell) => cell.id === id)?.outputs ?? [];
  return outputs.map(({ data }) => textOf(data?.['text/plain'])).join('\n');
}

/** nbformat keeps text as one string, or as a list of lines. */
function textOf(text: unknown): string {
  if (Array.isArray(text)) return text.map(String).join('');
  return typeof text === 'string' ? text : '';
}
