import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from '#typescript';
import { isLocal, resolveLocal } from '../modules/resolve-local.ts';
import { ExportError } from './export-error.ts';
import { edited, type Edit } from './unit-text.ts';

/** A module of a package, and the file that imports it. */
export interface PackageImport {
  readonly specifier: string;
  /** Absolute. */
  readonly from: string;
}

/** The local modules of a notebook, as the project has them. */
export interface LocalSources {
  /** The text of each, by its place below `src/`. */
  readonly files: ReadonlyMap<string, string>;
  /** What they, and the notebook, import of packages. */
  readonly packages: readonly PackageImport[];
  /** What `src/pipeline.ts` calls what the notebook calls `specifier`. */
  specifierOf(specifier: string): string;
}

/** The folder of local modules, below `src/`. */
const FOLDER = 'lib';

/**
 * Reads the local modules that a notebook imports, and those that they import, for a project: each keeps its place among
 * the others, and every import of one names its file.
 *
 * @param specifiers What the notebook imports.
 * @throws {ExportError} if one is not there.
 */
export function localSources(specifiers: readonly string[], directory: string): LocalSources {
  const notebook = path.join(directory, 'notebook.mts');
  const packages: PackageImport[] = [];
  const texts = new Map<string, { readonly text: string; readonly imports: readonly FoundImport[] }>();
  const entry = new Map<string, string>();
  const open: string[] = [];
  const find = (specifier: string, from: string): string | undefined => {
    if (!isLocal(specifier)) {
      packages.push({ specifier, from });
      return undefined;
    }
    const file = resolveLocal(specifier, from);
    if (file === undefined) {
      throw new ExportError(
        `Cannot export the notebook as the modules that it imports must be there: received "${specifier}" in ${path.relative(directory, from)}`,
        'Run the cell that imports it, and mend the path',
      );
    }
    open.push(file);
    return file;
  };
  for (const specifier of specifiers) {
    const file = find(specifier, notebook);
    if (file !== undefined) entry.set(specifier, file);
  }
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (texts.has(file)) continue;
    const text = readFileSync(file, 'utf8');
    const imports: FoundImport[] = [];
    texts.set(file, { text, imports });
    if (!/\.[cm]?[jt]sx?$/.test(file)) continue;
    for (const { fileName, pos } of ts.preProcessFile(text, true, true).importedFiles) {
      imports.push({ specifier: fileName, pos, target: find(fileName, file) });
    }
  }
  const root = commonFolder([...texts.keys()]);
  const placeOf = (file: string): string => [FOLDER, ...path.relative(root, file).split(path.sep)].join('/');
  return {
    files: new Map(
      [...texts].map(([file, { text, imports }]) => [placeOf(file), withFileNames(file, text, imports)]),
    ),
    packages,
    specifierOf(specifier) {
      const file = entry.get(specifier);
      return file === undefined ? specifier : `./${placeOf(file)}`;
    },
  };
}

interface FoundImport {
  readonly specifier: string;
  /** Where its quote is. */
  readonly pos: number;
  /** The local file that it means. */
  readonly target: string | undefined;
}

/** Node wants the whole name of a file, and an attribute for JSON. */
function withFileNames(file: string, text: string, imports: readonly FoundImport[]): string {
  const edits = imports.flatMap(({ specifier, pos, target }): Edit[] => {
    if (target === undefined) return [];
    const relative = path.relative(path.dirname(file), target).split(path.sep).join('/');
    const quote = text.charAt(pos);
    const named = `${quote}${relative.startsWith('.') ? relative : `./${relative}`}${quote}`;
    const end = pos + specifier.length + 2;
    const hasAttribute = /^\s*(\)|with\b)/.test(text.slice(end));
    const attribute = target.endsWith('.json') && !hasAttribute ? " with { type: 'json' }" : '';
    return [{ start: pos, end, text: named + attribute }];
  });
  return edited(text, 0, text.length, edits);
}

/** The deepest folder that holds all files. */
function commonFolder(files: readonly string[]): string {
  const [first, ...others] = files.map((file) => path.dirname(file).split(path.sep));
  if (first === undefined) return '';
  const depth = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return (depth < 0 ? first : first.slice(0, depth)).join(path.sep) || path.sep;
}
