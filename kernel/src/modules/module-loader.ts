import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import vm from 'node:vm';
import { asModule, interop } from './interop.ts';
import { LocalModules } from './local-modules.ts';
import { isLocal } from './resolve-local.ts';

const IDENTITY = Symbol.for('millrace.identity');

/** Where the positions of local files are looked up; StackTraces is one. */
export interface SourceRegistry {
  add(
    filename: string,
    text: { readonly name: string; readonly source: string; readonly sourceMap: string | undefined },
  ): void;
}

/** What ModuleLoader needs. */
export interface ModuleLoaderOptions {
  /** The notebook's folder. */
  readonly directory: string;
  /** One word, counted up while packages are loaded. */
  readonly loading: SharedArrayBuffer;
  readonly stacks: SourceRegistry;
}

/** What `import` and `import()` of a cell call. */
export type Load = (specifier: unknown, names?: readonly string[]) => Promise<unknown>;

/**
 * Imports modules for cells, as Node does from a file in the notebook's folder, and more: local TypeScript, local files
 * that were edited since, JSON without an attribute, and `millrace` from anywhere.
 */
export class ModuleLoader {
  /** The file that cells stand for. */
  readonly filename: string;
  /** `require`, from the notebook's folder. */
  readonly require: NodeJS.Require;
  readonly load: Load;
  readonly #directory: string;
  readonly #loading: Int32Array;
  readonly #builtins = new Map<string, object>();
  readonly #importers = new Map<string, (specifier: string) => Promise<object>>();
  readonly #local: LocalModules;

  constructor({ directory, loading, stacks }: ModuleLoaderOptions) {
    this.#directory = directory;
    this.#loading = new Int32Array(loading);
    this.filename = join(directory, 'notebook.mjs');
    this.require = this.#makeRequire();
    const load: Load = (specifier, names) => this.#load(specifier, names ?? []);
    this.load = Object.assign(load, { [IDENTITY]: 'millrace import' });
    this.#local = new LocalModules({
      stacks,
      display: (path) => relative(directory, path),
      importOther: (specifier, from) => this.#importPackage(specifier, from),
      importDynamic: (specifier, from) => this.#import(specifier, from),
    });
  }

  /** Gives a module that stands in no file. */
  addBuiltin(specifier: string, exports: object): void {
    this.#builtins.set(specifier, asModule({ ...exports, default: exports }));
  }

  /** Loads the runtime ahead of the first cell that wants it: while that cell is typed, and checked. */
  prewarm(): void {
    // If it cannot be loaded, the cell that imports it says so.
    this.#importPackage('millrace/interactive', this.filename).catch(() => undefined);
  }

  /** Forgets what is half done: a termination may have hit it. */
  reset(): void {
    Atomics.store(this.#loading, 0, 0);
    this.#local.reset();
  }

  async #load(specifier: unknown, names: readonly string[]): Promise<object> {
    const name = String(specifier);
    const module = await this.#import(name, this.filename);
    const missing = names.find((wanted) => !(wanted in module));
    if (missing !== undefined) {
      throw new SyntaxError(`The requested module '${name}' does not provide an export named '${missing}'`);
    }
    return module;
  }

  /** @param from The file that imports. */
  async #import(specifier: string, from: string): Promise<object> {
    return isLocal(specifier) ? this.#local.import(specifier, from) : this.#importPackage(specifier, from);
  }

  async #importPackage(specifier: string, from: string): Promise<object> {
    const builtin = this.#builtins.get(specifier);
    if (builtin !== undefined) return builtin;
    Atomics.add(this.#loading, 0, 1);
    try {
      // The kernel's own copy, for all: there must be one Pipeline class.
      if (/^millrace(\/|$)/.test(specifier)) return (await import(specifier)) as object;
      // Node wants an attribute, TypeScript does not.
      if (specifier.endsWith('.json')) return asModule(createRequire(from)(specifier) as unknown);
      return interop(await this.#importer(from)(specifier));
    } catch (error) {
      throw explained(error, specifier, this.#directory);
    } finally {
      // A termination may have reset it.
      if (Atomics.load(this.#loading, 0) > 0) Atomics.sub(this.#loading, 0, 1);
    }
  }

  /** Node's own `import()`, as if written in the file `from`. */
  #importer(from: string): (specifier: string) => Promise<object> {
    const known = this.#importers.get(from);
    if (known !== undefined) return known;
    // The script is the function that is written there.
    const importer = vm.runInThisContext('(specifier) => import(specifier)', {
      filename: from,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }) as (specifier: string) => Promise<object>;
    this.#importers.set(from, importer);
    return importer;
  }

  #makeRequire(): NodeJS.Require {
    const fromNotebook = createRequire(this.filename);
    const fromKernel = createRequire(import.meta.url);
    const choose = (specifier: string) => (/^millrace(\/|$)/.test(specifier) ? fromKernel : fromNotebook);
    const require = (specifier: string): unknown =>
      this.#builtins.get(specifier) ?? choose(specifier)(specifier);
    return Object.assign(require, fromNotebook);
  }
}

/** Says where a missing package was looked for, and how to get it. */
function explained(error: unknown, specifier: string, directory: string): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  const isMissing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  if (/^(npm|jsr|https?):/.test(specifier)) {
    return new ModuleNotFoundError(
      `Cannot import "${specifier}" as modules must be installed or local files: received a ${specifier.split(':', 1)[0] ?? ''}: specifier`,
      "Run `npm install` with the package in the notebook's folder, and import it by its name",
    );
  }
  const [first = '', second = ''] = specifier.split('/');
  const name = specifier.startsWith('@') ? `${first}/${second}` : first;
  const isItself = error instanceof Error && error.message.includes(`'${name}'`);
  if (!isMissing || !isItself) return error;
  return new ModuleNotFoundError(
    `Cannot find package "${name}": looked in node_modules of ${directory} and of the folders above it`,
    `Run \`npm install ${name}\` in the notebook's folder, then run the cell again`,
  );
}

/** There is no such package, or no such file. */
export class ModuleNotFoundError extends Error {
  override readonly name = 'ModuleNotFoundError';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
