import type { PluginBuild } from 'esbuild';
import { PipelineError } from '../errors.ts';
import type { NativePackage } from './captured-module.ts';

/** What the bundler's source map calls the module that is not a package's. */
export const MODULE = 'captured.mjs';

/** A module with all that it imports, but for Node's modules and native packages. */
export interface Bundle {
  readonly code: string;
  readonly sourceMap: string;
  readonly nativePackages: readonly NativePackage[];
}

/** Puts a module and the packages that it imports into one file. @throws {PipelineError} if one cannot be bundled. */
export async function bundleModule(
  code: string,
  { directory }: { readonly directory: string },
): Promise<Bundle> {
  const esbuild = await import('esbuild');
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
      treeShaking: true,
      plugins: [millraceModules],
    });
    const text = outputFiles.find((file) => file.path.endsWith('.mjs'))?.text ?? '';
    const map = outputFiles.find((file) => file.path.endsWith('.map'))?.text ?? '';
    return { code: text, sourceMap: map, nativePackages: [] };
  } catch (cause) {
    throw new PipelineError(`Cannot bundle what is to be shipped: ${messageOf(cause)}`, {
      hint: 'Import the package where it is used in setup(), or install it on the workers',
      cause,
    });
  }
}

/** What packages import of Millrace is the worker's own. */
const millraceModules = {
  name: 'millrace',
  setup(build: PluginBuild) {
    build.onResolve({ filter: /^millrace(\/interactive)?$/ }, ({ path }) => ({
      path,
      namespace: 'millrace',
    }));
    build.onLoad({ filter: /.*/, namespace: 'millrace' }, ({ path }) => ({
      contents: `module.exports = globalThis[Symbol.for('millrace.modules')][${JSON.stringify(path)}];`,
      loader: 'js' as const,
    }));
  },
};

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
