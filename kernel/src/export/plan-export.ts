import ts from '#typescript';
import type { Notebook } from '../notebook/nbformat.ts';
import { ExportError } from './export-error.ts';
import { notebookTypes, type NotebookTypes, type SourceFiles } from './notebook-types.ts';
import { planOptions, type OptionPlan } from './plan-options.ts';
import { readCells, readUnits } from './read-units.ts';
import { resolveReferences } from './resolve-references.ts';
import { slice, type Slice } from './slice.ts';
import { FinalNames } from './unit-text.ts';
import type { CodeCell, Reference, Unit } from './unit.ts';
import { pipelineModule } from './write-pipeline.ts';

/** What of a notebook goes into a project, before anything is run or written. */
export interface PlannedExport {
  readonly notebook: Notebook;
  readonly slice: Slice;
  readonly options: OptionPlan;
  readonly references: ReadonlyMap<Unit, readonly Reference[]>;
  readonly types: NotebookTypes;
  /** All identifiers of the notebook. */
  readonly taken: ReadonlySet<string>;
  /** The specifiers that the pipeline imports. */
  readonly imported: readonly string[];
}

/** How an export is planned. */
export interface PlanExportOptions {
  /** The notebook's folder. */
  readonly directory: string;
  readonly pcollections: readonly string[];
  /** Keeps what was parsed of libraries, for the next plan. */
  readonly sourceFiles?: SourceFiles;
}

/**
 * Decides what of a notebook its pipeline needs, and what of that are settings.
 *
 * @throws {ExportError} if the notebook's author must change something.
 */
export function planExport(notebook: Notebook, options: PlanExportOptions): PlannedExport {
  const { directory, pcollections, sourceFiles } = options;
  const cells = readCells(notebook);
  const units = readUnits(cells);
  const references = resolveReferences(cells, units);
  const types = notebookTypes({ directory, units, references, sourceFiles });
  const sliced = slice({ units, references, types, pcollections });
  refuseImportMeta(sliced);
  const taken = identifiersOf(cells);
  const imported = sliced.units.flatMap((unit) =>
    unit.imported === undefined ? [] : [unit.imported.specifier],
  );
  return {
    notebook,
    slice: sliced,
    options: planOptions(sliced, { directory, references, types, taken }),
    references,
    types,
    taken,
    imported: [...new Set(imported)],
  };
}

/** The text of `src/pipeline.ts`. */
export function plannedModule(
  { notebook, slice, options, references, types, taken }: PlannedExport,
  text: { readonly header: readonly string[]; readonly specifierOf: (specifier: string) => string },
): string {
  return pipelineModule({
    slice,
    plan: options,
    references,
    names: new FinalNames([...slice.units, ...slice.parameters], taken),
    isValue: (unit) => types.isValue(unit),
    markdownBefore: (cell) => markdownBefore(notebook, cell),
    ...text,
  });
}

/** A module stands elsewhere than its notebook did. */
function refuseImportMeta({ units }: Slice): void {
  const find = (node: ts.Node): ts.Node | undefined =>
    ts.isMetaProperty(node) ? node : ts.forEachChild(node, find);
  for (const { node, kind, cell } of units) {
    const meta = kind === 'import' ? undefined : find(node);
    if (meta?.getText().startsWith('import') !== true) continue;
    throw new ExportError(
      `Cannot export the pipeline as its code must not ask where it stands: received ${meta.parent.getText()} in cell ${cell.number}`,
      'Name files by a path from the notebook’s folder, and pass it to the pipeline',
    );
  }
}

/** All identifiers of the notebook: what new names must not be. */
function identifiersOf(cells: readonly CodeCell[]): ReadonlySet<string> {
  const names = new Set<string>(['options', 'buildPipeline', 'PipelineOptions']);
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  for (const { sourceFile } of cells) visit(sourceFile);
  return names;
}

/** The text cells between a code cell and the code cell before it, without the one that begins the notebook. */
function markdownBefore({ cells }: Notebook, { number }: CodeCell): readonly string[] {
  const before: string[] = [];
  for (let index = number - 2; index > 0 && cells[index]?.cell_type !== 'code'; index--) {
    const cell = cells[index];
    if (cell?.cell_type === 'markdown') before.unshift(cell.source);
  }
  return before;
}
