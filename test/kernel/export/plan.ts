import { tmpdir } from 'node:os';
import { planExport, plannedModule } from '../../../kernel/src/export/plan-export.ts';
import type { PlannedExport } from '../../../kernel/src/export/plan-export.ts';
import type { SourceFiles } from '../../../kernel/src/export/notebook-types.ts';
import type { Notebook } from '../../../kernel/src/notebook/nbformat.ts';

/** A cell of a test's notebook: code, code with tags, or text. */
export type TestCell =
  string | { readonly code: string; readonly tags: readonly string[] } | { readonly text: string };

/** Libraries take most of the time that TypeScript needs; they are the same in every test. */
const sourceFiles: SourceFiles = new Map();

/** What most notebooks begin with. */
export const IMPORTS = "import * as beam from 'millrace';\nimport * as ib from 'millrace/interactive';";

/** A notebook of these cells. */
export function notebookOf(cells: readonly TestCell[]): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: cells.map((cell, index) => {
      const common = { id: `${index}`, metadata: {} };
      if (typeof cell === 'string') return { ...common, cell_type: 'code', source: cell };
      if ('text' in cell) return { ...common, cell_type: 'markdown', source: cell.text };
      return { ...common, cell_type: 'code', source: cell.code, metadata: { tags: cell.tags } };
    }),
  };
}

/** Plans the export of these cells. */
export function planOf(
  cells: readonly TestCell[],
  { pcollections = [], directory = tmpdir() }: { pcollections?: readonly string[]; directory?: string } = {},
): PlannedExport {
  return planExport(notebookOf(cells), { directory, pcollections, sourceFiles });
}

/** The pipeline's module of these cells, without its first comment. */
export function moduleOf(cells: readonly TestCell[], options: Parameters<typeof planOf>[1] = {}): string {
  const text = plannedModule(planOf(cells, options), {
    header: ['T'],
    specifierOf: (specifier) => specifier,
  });
  return text.replace('/**\n * T\n */\n\n', '');
}

/** The lines of the function that builds the pipeline, without what returns. */
export function bodyOf(cells: readonly TestCell[], options: Parameters<typeof planOf>[1] = {}): string {
  const text = moduleOf(cells, options);
  const start = text.indexOf('{\n', text.indexOf('function buildPipeline')) + 2;
  return text.slice(start, text.indexOf('\n  return { pipeline')).replace(/^ {2}/gm, '').trim();
}
