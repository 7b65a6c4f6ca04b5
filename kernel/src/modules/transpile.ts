import { readFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { init, parse } from 'es-module-lexer';

/** A local file as V8 takes it. */
export interface Transpiled {
  readonly code: string;
  /** From `code` to the file; undefined if they are the same. */
  readonly sourceMap: string | undefined;
  readonly source: string;
  /** What it imports statically. */
  readonly imports: readonly string[];
}

/** A local file is not valid TypeScript or JavaScript. */
export class LocalSyntaxError extends SyntaxError {
  override readonly name = 'SyntaxError';
}

/**
 * Reads a local module and makes JavaScript of it; TypeScript's types are erased, not checked.
 *
 * @throws {LocalSyntaxError} with the file's place and line.
 */
export async function transpile(path: string, shown: string): Promise<Transpiled> {
  const source = await readFile(path, 'utf8');
  const extension = extname(path);
  const { code, sourceMap } = await withoutTypes(source, { path, shown, extension });
  await init;
  try {
    const [imports] = parse(code, path);
    const specifiers = imports.filter(({ d }) => d === -1).map(({ n }) => n);
    return {
      code,
      sourceMap,
      source,
      imports: [...new Set(specifiers.filter((name) => name !== undefined))],
    };
  } catch (cause) {
    throw new LocalSyntaxError(`${shown}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

const LOADERS = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.tsx': 'tsx',
  '.jsx': 'jsx',
  '.js': 'js',
  '.mjs': 'js',
} as const;

interface Source {
  readonly path: string;
  readonly shown: string;
  readonly extension: string;
}

/** By esbuild, which honours the decorators and JSX settings of the nearest tsconfig.json. */
async function withoutTypes(source: string, { path, shown, extension }: Source) {
  const loader = (LOADERS as Readonly<Record<string, 'ts' | 'tsx' | 'js' | 'jsx'>>)[extension] ?? 'js';
  const esbuild = await import('esbuild');
  try {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: source, loader, resolveDir: dirname(path), sourcefile: path },
      target: 'es2023',
      sourcemap: 'external',
      outfile: `${path}.out.js`,
      write: false,
      logLevel: 'silent',
      charset: 'utf8',
    });
    const map = outputFiles.find((file) => file.path.endsWith('.map'));
    const code = outputFiles.find((file) => file.path.endsWith('.js'));
    return { code: code?.text ?? '', sourceMap: map?.text };
  } catch (cause) {
    throw new LocalSyntaxError(messagesOf(cause, shown), { cause: undefined });
  }
}

/** esbuild's errors, as a compiler prints them. */
function messagesOf(thrown: unknown, shown: string): string {
  if (
    typeof thrown !== 'object' ||
    thrown === null ||
    !('errors' in thrown) ||
    !Array.isArray(thrown.errors)
  ) {
    return `${shown}: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
  // esbuild's own Message type.
  const errors = thrown.errors as readonly {
    text: string;
    location: { line: number; column: number; lineText: string } | null;
  }[];
  return errors
    .map(({ text, location }) => {
      if (location === null) return `${shown}: ${text}`;
      const caret = location.lineText.slice(0, location.column).replaceAll(/[^\t]/g, ' ');
      return `${shown}:${location.line}:${location.column + 1}: ${text}\n  ${location.lineText}\n  ${caret}^`;
    })
    .join('\n');
}
