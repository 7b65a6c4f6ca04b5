import { isBuiltin } from 'node:module';
import ts from '#typescript';

/** What ModuleResolver needs to know. */
export interface ModuleResolverOptions {
  /** The notebook's folder. */
  readonly directory: string;
  readonly options: ts.CompilerOptions;
  /** A file of the kernel's own package: `millrace` is found from there. */
  readonly kernelFile: string;
  /** The virtual file that a specifier names, if it names one. */
  readonly virtualFile: (specifier: string) => string | undefined;
}

/** Finds the files that imports name. Only what was found is remembered: `npm install` shows at the next cell. */
export class ModuleResolver {
  /** What TypeScript remembers of package.json files; it asks for those of every file whenever a cell changes. */
  readonly cache: ts.ModuleResolutionCache;
  readonly #failed = new Set<string>();
  readonly #options: ModuleResolverOptions;
  readonly #found = new Map<string, ts.ResolvedModuleFull>();

  constructor(options: ModuleResolverOptions) {
    this.#options = options;
    this.cache = ts.createModuleResolutionCache(options.directory, (name) => name, options.options);
  }

  /** The files that imported what was not there, since this was last asked. */
  takeFailed(): ReadonlySet<string> {
    const failed = new Set(this.#failed);
    this.#failed.clear();
    return failed;
  }

  /** The file that `specifier` names when `containingFile` imports it. */
  resolve(specifier: string, containingFile: string): ts.ResolvedModuleFull | undefined {
    const { options, kernelFile, virtualFile } = this.#options;
    const virtual = virtualFile(specifier);
    if (virtual !== undefined) {
      const extension = virtual.endsWith(ts.Extension.Dmts) ? ts.Extension.Dmts : ts.Extension.Mts;
      return { resolvedFileName: virtual, extension };
    }
    // Node's own modules are declared by @types/node, which has no file for each.
    if (isBuiltin(specifier)) return undefined;
    const from = /^millrace(\/|$)/.test(specifier) ? kernelFile : containingFile;
    const key = `${from.slice(0, from.lastIndexOf('/'))}\0${specifier}`;
    const known = this.#found.get(key);
    if (known !== undefined && ts.sys.fileExists(known.resolvedFileName)) return known;
    const { resolvedModule } = ts.resolveModuleName(
      specifier,
      from,
      options,
      ts.sys,
      undefined,
      undefined,
      ts.ModuleKind.ESNext,
    );
    if (resolvedModule !== undefined && isTyped(resolvedModule)) this.#found.set(key, resolvedModule);
    if (resolvedModule === undefined) this.#failed.add(containingFile);
    return resolvedModule;
  }
}

/** A package found as JavaScript only may have its types tomorrow. */
function isTyped(module: ts.ResolvedModuleFull): boolean {
  return !/^\.[cm]?jsx?$/.test(module.extension);
}
