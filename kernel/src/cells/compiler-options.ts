import path from 'node:path';
import ts from '#typescript';

/** What a notebook's tsconfig.json may decide; all else would break how cells are run. */
export const HONOURED = [
  'strict',
  'noImplicitAny',
  'noImplicitThis',
  'noImplicitReturns',
  'noImplicitOverride',
  'noFallthroughCasesInSwitch',
  'noUncheckedIndexedAccess',
  'noUncheckedSideEffectImports',
  'noPropertyAccessFromIndexSignature',
  'strictBindCallApply',
  'strictBuiltinIteratorReturn',
  'strictFunctionTypes',
  'strictNullChecks',
  'strictPropertyInitialization',
  'useUnknownInCatchVariables',
  'exactOptionalPropertyTypes',
  'experimentalDecorators',
  'emitDecoratorMetadata',
  'allowJs',
  'checkJs',
  'lib',
  'paths',
  'customConditions',
] as const;

const BASE: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  types: [],
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  strict: true,
  esModuleInterop: true,
  resolveJsonModule: true,
  allowImportingTsExtensions: true,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
  skipLibCheck: true,
  preserveConstEnums: true,
  sourceMap: true,
  declaration: true,
  newLine: ts.NewLineKind.LineFeed,
};

/**
 * The options that cells are checked with: strict, ES2023, no DOM, and what the notebook's tsconfig.json says of
 * strictness, `lib`, `paths` and decorators.
 *
 * A tsconfig.json that cannot be read changes nothing: it is the business of the project, not of a cell.
 *
 * @param directory The notebook's folder.
 */
export function compilerOptions(directory: string): ts.CompilerOptions {
  const file = path.join(directory, 'tsconfig.json');
  if (!ts.sys.fileExists(file)) return BASE;
  const { config } = ts.readConfigFile(file, (name) => ts.sys.readFile(name)) as { config?: unknown };
  if (config === undefined) return BASE;
  const host: ts.ParseConfigHost = { ...ts.sys, readDirectory: () => [] };
  const { options } = ts.parseJsonConfigFileContent(config, host, directory);
  const honoured = HONOURED.filter((name) => options[name] !== undefined).map((name) => [
    name,
    options[name],
  ]);
  // The names come from HONOURED, the values from TypeScript's own reading of the file.
  const chosen = Object.fromEntries(honoured) as ts.CompilerOptions;
  // `paths` is relative to the file that holds it.
  return { ...BASE, ...chosen, ...(chosen.paths && { pathsBasePath: directory }) };
}
