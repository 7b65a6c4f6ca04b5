import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from '#typescript';
import { compilerOptions } from '../cells/compiler-options.ts';
import { ModuleResolver } from '../cells/module-resolver.ts';
import { importLines } from './import-lines.ts';
import { FinalNames, unitText } from './unit-text.ts';
import type { Reference, Unit } from './unit.ts';

/** What a declared name holds, as far as an export must know. */
export type ValueKind = 'pipeline' | 'pcollection' | 'pcollections' | 'other';

/** What TypeScript knows of the names of a notebook. */
export interface NotebookTypes {
  /** What the name holds that `unit` declares; "pcollections" is an array or object of PCollections. */
  kindOf(unit: Unit, name: string): ValueKind;
  /** False for an imported name that is only a type. */
  isValue(unit: Unit): boolean;
  /** The values that the name may have, if its type lists them: `'a' | 'b'`, or an array of them. */
  choicesOf(unit: Unit, name: string): Choices | undefined;
}

/** The texts or numbers that a type lists. */
export interface Choices {
  readonly values: readonly string[] | readonly number[];
  /** It is an array of such values. */
  readonly isList: boolean;
}

/** Files that TypeScript has parsed, by name. */
export type SourceFiles = Map<string, ts.SourceFile>;

/**
 * Asks TypeScript what the names of a notebook hold.
 *
 * All cells are checked as one module in the notebook's folder. Faults do not matter here: what does not fit is found when
 * the cells run.
 */
export function notebookTypes(options: {
  readonly directory: string;
  readonly units: readonly Unit[];
  readonly references: ReadonlyMap<Unit, readonly Reference[]>;
  readonly sourceFiles?: SourceFiles | undefined;
}): NotebookTypes {
  const { directory, units, references, sourceFiles = new Map<string, ts.SourceFile>() } = options;
  const names = new FinalNames(units, new Set());
  const imports = units.filter(({ kind }) => kind === 'import');
  const others = units.filter(({ kind }) => kind !== 'import');
  const text = [
    ...importLines(imports, { names, isValue: () => true }),
    ...others.map((unit) => unitText(unit, names.edits(unit, references.get(unit) ?? []))),
    'export {};',
  ].join('\n');
  const { program, sourceFile } = programOf(text, { directory, sourceFiles });
  const checker = program.getTypeChecker();
  const locals = new Map(
    checker
      .getSymbolsInScope(sourceFile, ts.SymbolFlags.Value | ts.SymbolFlags.Type | ts.SymbolFlags.Alias)
      .filter(({ declarations }) => declarations?.some((node) => node.getSourceFile() === sourceFile))
      .map((symbol) => [symbol.name, symbol]),
  );
  return {
    kindOf(unit, name) {
      const symbol = locals.get(names.of(unit, name));
      if (symbol === undefined || (symbol.flags & ts.SymbolFlags.Variable) === 0) return 'other';
      return kindOfType(checker.getTypeOfSymbolAtLocation(symbol, sourceFile), checker);
    },
    isValue(unit) {
      const [name] = unit.names;
      const symbol = name === undefined ? undefined : locals.get(names.of(unit, name.text));
      if (symbol === undefined || (symbol.flags & ts.SymbolFlags.Alias) === 0) return true;
      const meant = checker.getAliasedSymbol(symbol);
      return checker.isUnknownSymbol(meant) || (meant.flags & ts.SymbolFlags.Value) !== 0;
    },
    choicesOf(unit, name) {
      const symbol = locals.get(names.of(unit, name));
      if (symbol === undefined || (symbol.flags & ts.SymbolFlags.Variable) === 0) return undefined;
      const type = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(symbol, sourceFile));
      if (!checker.isArrayType(type)) return choicesOfType(type, false);
      const [part] = checker.getTypeArguments(type as ts.TypeReference); // arrays are references
      return part === undefined ? undefined : choicesOfType(part, true);
    },
  };
}

function programOf(
  text: string,
  { directory, sourceFiles }: { readonly directory: string; readonly sourceFiles: SourceFiles },
): { readonly program: ts.Program; readonly sourceFile: ts.SourceFile } {
  const folder = directory.replaceAll('\\', '/');
  const fileName = `${folder}/exported notebook.mts`;
  const options: ts.CompilerOptions = { ...compilerOptions(folder), noEmit: true };
  const resolver = moduleResolver(folder, options);
  const base = ts.createCompilerHost(options, true);
  const host: ts.CompilerHost = {
    ...base,
    getCurrentDirectory: () => folder,
    fileExists: (name) => name === fileName || base.fileExists(name),
    readFile: (name) => (name === fileName ? text : base.readFile(name)),
    getSourceFile(name, target) {
      if (name === fileName) return ts.createSourceFile(name, text, target, true);
      const file = sourceFiles.get(name) ?? base.getSourceFile(name, target);
      if (file !== undefined) sourceFiles.set(name, file);
      return file;
    },
    resolveModuleNameLiterals: (literals, containingFile) =>
      literals.map((literal) => ({ resolvedModule: resolver.resolve(literal.text, containingFile) })),
  };
  const program = ts.createProgram([fileName], options, host);
  const sourceFile = program.getSourceFile(fileName);
  if (sourceFile === undefined) throw new TypeError('Cannot read the cells as their program must hold them');
  return { program, sourceFile };
}

/** Finds modules as the cells of a notebook find them. */
export function moduleResolver(directory: string, options = compilerOptions(directory)): ModuleResolver {
  return new ModuleResolver({
    directory,
    options,
    kernelFile: fileURLToPath(import.meta.url),
    virtualFile: () => undefined,
  });
}

function choicesOfType(type: ts.Type, isList: boolean): Choices | undefined {
  if (!type.isUnion()) return undefined;
  const values = type.types.map((part) =>
    part.isStringLiteral() || part.isNumberLiteral() ? part.value : undefined,
  );
  if (values.every((value) => typeof value === 'string')) return { values, isList };
  if (!values.every((value) => typeof value === 'number')) return undefined;
  // TypeScript has them in the order in which it first met each.
  return { values: values.toSorted((a, b) => a - b), isList };
}

function kindOfType(type: ts.Type, checker: ts.TypeChecker): ValueKind {
  const single = singleKind(type);
  if (single !== 'other') return single;
  const isPCollection = (part: ts.Type): boolean => singleKind(part) === 'pcollection';
  if (checker.isArrayType(type) || checker.isTupleType(type)) {
    const parts = checker.getTypeArguments(type as ts.TypeReference); // arrays and tuples are references
    return parts.length > 0 && parts.every(isPCollection) ? 'pcollections' : 'other';
  }
  const isPlain = (type.flags & ts.TypeFlags.Object) !== 0 && type.getCallSignatures().length === 0;
  const members = isPlain ? type.getProperties() : [];
  return members.length > 0 && members.every((member) => isPCollection(checker.getTypeOfSymbol(member)))
    ? 'pcollections'
    : 'other';
}

/** Of which class it is, by name and by the file of the runtime that declares it. */
function singleKind(type: ts.Type): ValueKind {
  const symbol = type.getSymbol();
  const file = symbol?.declarations?.[0]?.getSourceFile().fileName;
  if (file === undefined) return 'other';
  const place = path.posix.basename(file);
  if (symbol?.name === 'PCollection' && place.startsWith('pcollection.')) return 'pcollection';
  return symbol?.name === 'Pipeline' && place.startsWith('pipeline.') ? 'pipeline' : 'other';
}
