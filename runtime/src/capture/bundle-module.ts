import type { BuildFailure, OnResolveArgs, Plugin } from 'esbuild';
import { isAbsolute } from 'node:path';
import { isBuiltin } from 'node:module';
import { PipelineError } from '../errors.ts';
import type { NativePackage } from './captured-module.ts';
import { packageFor, packageOf, specifierOf } from './native-packages.ts';

/** What the bundler's source map calls the module that is not a package's. */
export const MODULE = 'captured.mjs';

/** A module with all that it imports, but for Node's modules and native packages. */
export interface Bundle {
  readonly code: string;
  readonly sourceMap: string;
  readonly nativePackages: readonly NativePackage[];
}

/** What CommonJS packages have around them, in a module that has not. */
const COMMON_JS = [
  "import { createRequire as __createRequire } from 'node:module';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = process.getBuiltinModule("node:url").fileURLToPath(import.meta.url);',
  'const __dirname = process.getBuiltinModule("node:path").dirname(__filename);',
].join(' ');

/** Puts a module and the packages that it imports into one file. @throws {PipelineError} if one cannot be bundled. */
export async function bundleModule(
  code: string,
  { directory }: { readonly directory: string },
): Promise<Bundle> {
  const bundle = await build(code, directory, undefined);
  // Only packages use these, so it is seldom done twice.
  const needsCommonJs = /\b__require\(|\b__(dir|file)name\b/.test(bundle.code);
  return needsCommonJs ? build(code, directory, COMMON_JS) : bundle;
}

async function build(code: string, directory: string, banner: string | undefined): Promise<Bundle> {
  const esbuild = await import('esbuild');
  const native = new Map<string, NativePackage>();
  try {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: code, loader: 'js', resolveDir: directory, sourcefile: MODULE },
      absWorkingDir: directory,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'es2023',
      sourcemap: 'external',
      outfile: 'pipeline.mjs',
      write: false,
      logLevel: 'silent',
      charset: 'utf8',
      sourcesContent: false,
      legalComments: 'none',
      plugins: [millraceModules, nativePackages(native)],
      ...(banner !== undefined && { banner: { js: banner } }),
    });
    const text = outputFiles.find((file) => file.path.endsWith('.mjs'))?.text ?? '';
    const map = outputFiles.find((file) => file.path.endsWith('.map'))?.text ?? '';
    const found = [...native.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return { code: text, sourceMap: map, nativePackages: found };
  } catch (cause) {
    throw new PipelineError(`Cannot bundle what is to be shipped: ${messageOf(cause)}`, {
      hint: 'Import the package in setup() of a DoFn, or do without it in what is shipped',
      cause,
    });
  }
}

/** What packages import of Millrace is the worker's own. */
const millraceModules: Plugin = {
  name: 'millrace',
  setup(build) {
    build.onResolve({ filter: /^millrace(\/interactive)?$/ }, ({ path }) => ({
      path,
      namespace: 'millrace',
    }));
    build.onLoad({ filter: /.*/, namespace: 'millrace' }, ({ path }) => ({
      contents: `module.exports = globalThis[Symbol.for('millrace.modules')][${JSON.stringify(path)}];`,
      loader: 'js',
    }));
  },
};

/** Leaves native packages out, and notes them. */
function nativePackages(found: Map<string, NativePackage>): Plugin {
  const resolve = ({ path, resolveDir }: OnResolveArgs) => {
    if (path.startsWith('.') || path.startsWith('#') || isBuiltin(path)) return undefined;
    const installed = isAbsolute(path) ? packageOf(path) : packageFor(path, resolveDir);
    if (installed?.isNative !== true) return undefined;
    const { name, version } = installed;
    found.set(name, { name, version });
    return { path: isAbsolute(path) ? specifierOf(path, installed) : path, external: true };
  };
  return {
    name: 'native',
    setup(build) {
      build.onResolve({ filter: /.*/ }, resolve);
    },
  };
}

function messageOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'errors' in thrown && Array.isArray(thrown.errors)) {
    // esbuild's own error.
    const [first] = (thrown as BuildFailure).errors;
    if (first !== undefined) {
      const place = first.location === null ? '' : ` (${first.location.file}:${first.location.line})`;
      return `${first.text}${place}`;
    }
  }
  return thrown instanceof Error ? thrown.message : String(thrown);
}
