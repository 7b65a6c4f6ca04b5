import path from 'node:path';
import ts from '#typescript';
import { HONOURED } from '../cells/compiler-options.ts';
import type { Notebook } from '../notebook/nbformat.ts';
import { readNotebook } from '../notebook/read-notebook.ts';
import { markdownLines, titleOf } from './comment-text.ts';
import { localSources } from './local-sources.ts';
import { moduleResolver } from './notebook-types.ts';
import { projectPackages } from './packages.ts';
import { planExport, plannedModule } from './plan-export.ts';
import { ProjectData } from './project-data.ts';
import { expectedFile, projectFiles, sampleModule } from './project-files.ts';
import { ProjectFolder } from './project-folder.ts';
import { runSample } from './run-sample.ts';
import { optionsModule } from './write-options.ts';

/** What is said when the sample takes longer than `SLOW_MS`, in milliseconds. */
const SLOW = 'It still runs. Ctrl+C ends it, and --pcollection NAME exports a part of the pipeline';
const SLOW_MS = 30_000;

/** How a notebook is exported. */
export interface ExportOptions {
  /** The folder of the project; made if it is not there. */
  readonly out: string;
  /** Names of the PCollections, or of the pipeline, to export. */
  readonly pcollections: readonly string[];
  readonly signal: AbortSignal;
  /** Told what is being done. */
  readonly onStep?: (text: string) => void;
}

/** What was exported. */
export interface Exported {
  /** Absolute. */
  readonly folder: string;
  /** The files that were written, without data and packed packages. */
  readonly files: readonly string[];
  /** The names of what the pipeline gives. */
  readonly outputs: readonly string[];
}

/**
 * Writes the pipeline of a notebook as a project of its own: what the pipeline needs of the cells, its settings as flags, its
 * data, and tests on a sample of it, which is run here.
 *
 * Nothing is left behind if it fails.
 *
 * @throws {ExportError} if the notebook's author must change something. @throws {NotebookError} if it is no notebook.
 */
export async function exportNotebook(file: string, options: ExportOptions): Promise<Exported> {
  const notebook = readNotebook(file);
  const directory = path.dirname(path.resolve(file));
  const project = new ProjectFolder(path.resolve(options.out));
  try {
    options.onStep?.('Reading the cells');
    const planned = planExport(notebook, { directory, pcollections: options.pcollections });
    const data = new ProjectData(planned.options, directory);
    data.write(project);

    options.onStep?.('Running the pipeline on a sample');
    const slow = setTimeout(() => options.onStep?.(SLOW), SLOW_MS);
    const results = await runSample(planned.slice, {
      directory,
      signal: options.signal,
      edits: (unit) => data.sampleEdits(unit, project.root),
    }).finally(() => clearTimeout(slow));

    options.onStep?.('Writing the project');
    const { imported } = planned;
    const sources = localSources(imported, directory);
    const title = titleOf(firstText(notebook)) ?? path.basename(file, '.ipynb');
    const outputs = results.map(({ name }) => name).sort();
    const writing = data.options.filter((option) => option.path?.kind === 'output').map(({ name }) => name);
    const texts = [
      [
        'src/pipeline.ts',
        plannedModule(planned, {
          header: headerOf(notebook, { title, file: path.basename(file) }),
          specifierOf: (specifier) => sources.specifierOf(specifier),
        }),
      ] as const,
      ['src/options.ts', optionsModule(data.options)] as const,
      ['test/sample.ts', sampleModule({ options: data.sample, outputs: writing, results })] as const,
      ...[...sources.files].map(([name, text]) => [`src/${name}`, text] as const),
      ...results.map(
        ({ name, lines }) => [expectedFile(name), lines.map((line) => `${line}\n`).join('')] as const,
      ),
      ...projectFiles({
        name: packageNameOf(options.out),
        title,
        notebook: path.basename(file),
        options: data.options,
        packages: await projectPackages(sources.packages, {
          vendor: project.folder('vendor'),
          resolver: moduleResolver(directory),
        }),
        outputs,
        compilerOptions: honouredOptions(directory),
        leftOut: data.leftOut,
        hasData: !data.isEmpty,
      }),
    ];
    for (const [name, text] of texts) project.write(name, text);
    project.finish();
    return { folder: path.resolve(options.out), files: project.files, outputs };
  } catch (error) {
    project.remove();
    throw error;
  }
}

function firstText({ cells }: Notebook): string {
  return cells.find(({ cell_type }) => cell_type === 'markdown')?.source ?? '';
}

/** The text that begins the notebook, and where it is from. */
function headerOf(
  { cells }: Notebook,
  { title, file }: { readonly title: string; readonly file: string },
): readonly string[] {
  const [first] = cells;
  const text = first?.cell_type === 'markdown' ? markdownLines(first.source) : [title];
  return [...text, '', `Exported by Millrace from ${file}.`];
}

function packageNameOf(out: string): string {
  const name = path
    .basename(path.resolve(out))
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|[-]+$/g, '');
  // The name of a package that it needs would make npm refuse to install that.
  return name === '' || name === 'millrace' || name === 'typescript'
    ? `${name === '' ? 'exported' : name}-pipeline`
    : name;
}

/** What the notebook's tsconfig.json says of how its code is to be checked. */
function honouredOptions(directory: string): Readonly<Record<string, unknown>> {
  const file = path.join(directory, 'tsconfig.json');
  if (!ts.sys.fileExists(file)) return {};
  const { config } = ts.readConfigFile(file, (name) => ts.sys.readFile(name)) as {
    readonly config?: { readonly compilerOptions?: Readonly<Record<string, unknown>> };
  };
  const given = config?.compilerOptions ?? {};
  const names = HONOURED.filter(
    (name) => !['paths', 'lib', 'customConditions'].includes(name) && name in given,
  );
  return Object.fromEntries(names.map((name) => [name, given[name]]));
}
