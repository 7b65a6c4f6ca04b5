import path from 'node:path';
import ts from '#typescript';
import { ModuleResolver } from './module-resolver.ts';

/** Where a notebook and its kernel are. */
export interface LanguagePlaces {
  /** The notebook's folder, absolute: imports resolve from there. */
  readonly directory: string;
  /** A file of the kernel's own package, which finds `millrace` and `@types/node`. */
  readonly kernelFile: string;
  /** The path of display-api, with its extension. */
  readonly displayApi: string;
}

interface VirtualFile {
  readonly text: string;
  readonly version: string;
  readonly snapshot: ts.IScriptSnapshot;
  readonly isRoot: boolean;
}

/**
 * The files that TypeScript sees: cells in memory, all else on disk.
 *
 * The list of root files stays the same from cell to cell, so that TypeScript keeps the structure of its program.
 */
export class LanguageHost implements ts.LanguageServiceHost {
  readonly #places: LanguagePlaces;
  readonly #options: ts.CompilerOptions;
  readonly #resolver: ModuleResolver;
  readonly #virtual = new Map<string, VirtualFile>();
  readonly #snapshots = new Map<
    string,
    { readonly version: string; readonly snapshot: ts.IScriptSnapshot }
  >();
  readonly #roots: readonly string[];
  readonly #modified = new Map<string, string>();
  #compilerHost: ts.CompilerHost | undefined;
  #version = 0;
  #failed: ReadonlySet<string> = new Set();
  #isLooking = false;

  constructor(places: LanguagePlaces, options: ts.CompilerOptions) {
    this.#places = places;
    this.#options = options;
    this.#resolver = new ModuleResolver({
      directory: places.directory,
      options,
      kernelFile: places.kernelFile,
      virtualFile: (specifier) => this.#virtualFile(specifier),
    });
    this.#roots = nodeTypes(places, options);
  }

  /** The path of a virtual file, "./cell 1.mts". */
  pathOf(name: string): string {
    return `${this.getCurrentDirectory()}/${name.slice(2)}`;
  }

  /** Sets a virtual file; the same text again changes nothing. */
  write(name: string, text: string, options: { readonly isRoot: boolean }): void {
    const file = this.pathOf(name);
    if (this.#virtual.get(file)?.text === text) return;
    const version = `v${++this.#version}`;
    const snapshot = ts.ScriptSnapshot.fromString(text);
    this.#virtual.set(file, { text, version, snapshot, isRoot: options.isRoot });
  }

  /** Forgets a virtual file. */
  remove(name: string): void {
    this.#virtual.delete(this.pathOf(name));
  }

  getScriptFileNames(): string[] {
    const virtual = [...this.#virtual].filter(([, file]) => file.isRoot).map(([name]) => name);
    return [...this.#roots, ...virtual];
  }

  /** A file of the user's may change at any time; packages and libraries are read once. */
  getScriptVersion(fileName: string): string {
    const virtual = this.#virtual.get(fileName);
    if (virtual !== undefined) return virtual.version;
    if (!this.#isLocal(fileName)) return '1';
    const known = this.#modified.get(fileName);
    if (known !== undefined) return known;
    const modified = `${ts.sys.getModifiedTime?.(fileName)?.getTime() ?? 'gone'}`;
    this.#modified.set(fileName, modified);
    return modified;
  }

  getScriptSnapshot(fileName: string): ts.IScriptSnapshot | undefined {
    const virtual = this.#virtual.get(fileName);
    if (virtual !== undefined) return virtual.snapshot;
    const version = this.getScriptVersion(fileName);
    const known = this.#snapshots.get(fileName);
    if (known?.version === version) return known.snapshot;
    const text = ts.sys.readFile(fileName);
    if (text === undefined) return undefined;
    const snapshot = ts.ScriptSnapshot.fromString(text);
    this.#snapshots.set(fileName, { version, snapshot });
    return snapshot;
  }

  resolveModuleNameLiterals(
    literals: readonly ts.StringLiteralLike[],
    containingFile: string,
  ): ts.ResolvedModuleWithFailedLookupLocations[] {
    return literals.map(({ text }) => ({ resolvedModule: this.#resolver.resolve(text, containingFile) }));
  }

  /** What a local file imports may be there now, or gone, and what was missing may be there: looked at once a cell. TypeScript calls it without `this`. */
  readonly hasInvalidatedResolutions = (filePath: ts.Path): boolean =>
    this.#isLooking && (this.#failed.has(filePath) || this.#isLocal(filePath));

  /** Runs `update` with a fresh look at the user's files on disk. */
  look(update: () => void): void {
    this.#isLooking = true;
    this.#failed = this.#resolver.takeFailed();
    this.#modified.clear();
    try {
      update();
    } finally {
      this.#isLooking = false;
    }
  }

  getModuleResolutionCache(): ts.ModuleResolutionCache {
    return this.#resolver.cache;
  }

  /** TypeScript's registry of documents looks for the cache of package.json files in here, at every file. */
  setCompilerHost(host: ts.CompilerHost): void {
    this.#compilerHost = host;
  }

  getCompilerHost(): ts.CompilerHost | undefined {
    return this.#compilerHost;
  }

  getCompilationSettings(): ts.CompilerOptions {
    return this.#options;
  }

  getCurrentDirectory(): string {
    return this.#places.directory;
  }

  getDefaultLibFileName(options: ts.CompilerOptions): string {
    return ts.getDefaultLibFilePath(options);
  }

  fileExists(fileName: string): boolean {
    return this.#virtual.has(fileName) || ts.sys.fileExists(fileName);
  }

  readFile(fileName: string): string | undefined {
    return this.#virtual.get(fileName)?.text ?? ts.sys.readFile(fileName);
  }

  readDirectory(
    directory: string,
    extensions?: readonly string[],
    exclude?: readonly string[],
    include?: readonly string[],
    depth?: number,
  ): string[] {
    return ts.sys.readDirectory(directory, extensions, exclude, include, depth);
  }

  directoryExists(directory: string): boolean {
    return ts.sys.directoryExists(directory);
  }

  getDirectories(directory: string): string[] {
    return ts.sys.getDirectories(directory);
  }

  realpath(name: string): string {
    return ts.sys.realpath?.(name) ?? name;
  }

  useCaseSensitiveFileNames(): boolean {
    return ts.sys.useCaseSensitiveFileNames;
  }

  /** True for the user's own files, which may change while we run. */
  #isLocal(fileName: string): boolean {
    return (
      !fileName.includes('/node_modules/') &&
      !fileName.endsWith('.d.ts') &&
      !this.#virtual.has(fileName) &&
      fileName !== this.#places.displayApi
    );
  }

  /** "./cell 1.mts" is that file, or its declarations. */
  #virtualFile(specifier: string): string | undefined {
    if (!specifier.startsWith('./')) return undefined;
    const file = this.pathOf(specifier);
    return [file, declarationsOf(file)].find((name) => this.#virtual.has(name));
  }
}

/** What the declarations of a file are called: "cell 1.d.mts". */
export function declarationsOf(name: string): string {
  return name.replace(/\.mts$/, '.d.mts');
}

/** Node's types: the notebook's own where it has them, else the kernel's. */
function nodeTypes(
  { directory, kernelFile }: LanguagePlaces,
  options: ts.CompilerOptions,
): readonly string[] {
  for (const from of [path.posix.join(directory, 'cell.mts'), kernelFile]) {
    const { resolvedTypeReferenceDirective } = ts.resolveTypeReferenceDirective(
      'node',
      from,
      { ...options, typeRoots: [] },
      ts.sys,
    );
    const file = resolvedTypeReferenceDirective?.resolvedFileName;
    if (file !== undefined) return [file];
  }
  return [];
}
