import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import vm from 'node:vm';
import { asModule } from './interop.ts';
import { isLocal, resolveLocal } from './resolve-local.ts';
import { transpile, type Transpiled } from './transpile.ts';

/** What LocalModules needs. */
export interface LocalModulesOptions {
  readonly stacks: {
    add(
      filename: string,
      text: { readonly name: string; readonly source: string; readonly sourceMap: string | undefined },
    ): void;
  };
  /** How a path is shown. */
  readonly display: (path: string) => string;
  /** Imports what is not a local file. */
  readonly importOther: (specifier: string, from: string) => Promise<object>;
  /** Imports for `import()` of a local file. */
  readonly importDynamic: (specifier: string, from: string) => Promise<object>;
}

interface SourceFile extends Transpiled {
  readonly stamp: string;
  readonly hash: string;
}

/** One version of one local module. */
interface Instance {
  readonly module: vm.Module;
  evaluated: Promise<void> | undefined;
}

/** A local file as it is now, with all local modules that it stands on. */
interface Version {
  readonly path: string;
  readonly key: string;
}

/**
 * The local modules of a notebook: TypeScript or JavaScript files beside it.
 *
 * An import takes the file as it is now: if it, or any local file that it imports, has changed, there is a new
 * instance; else the one from before, with its state. Node's own loader would keep the first version for ever.
 */
export class LocalModules {
  readonly #options: LocalModulesOptions;
  readonly #files = new Map<string, SourceFile>();
  readonly #instances = new Map<string, Instance>();

  constructor(options: LocalModulesOptions) {
    this.#options = options;
  }

  /** Imports the file that a local specifier means. */
  async import(specifier: string, from: string): Promise<object> {
    const path = this.#find(specifier, from);
    if (isInPackage(path)) return this.#options.importOther(pathToFileURL(path).href, from);
    if (extname(path) === '.json') return asModule(await readJson(path, this.#options.display(path)));
    if (await this.#isCommonJs(path)) return commonJs(path);
    const instance = await this.#instance(path);
    await this.#evaluate(instance);
    return instance.module.namespace;
  }

  /** Drops what did not get to run: a termination may have hit it. */
  reset(): void {
    for (const [key, { module }] of this.#instances) {
      if (module.status !== 'evaluated') this.#instances.delete(key);
    }
  }

  #find(specifier: string, from: string): string {
    const path = resolveLocal(specifier, from);
    if (path !== undefined) return path;
    throw new LocalFileNotFoundError(
      `Cannot find module "${specifier}": looked in ${dirname(from)}`,
      'Check the path; it starts from the folder of the file that imports',
    );
  }

  async #evaluate(instance: Instance): Promise<void> {
    instance.evaluated ??= instance.module.evaluate();
    try {
      await instance.evaluated;
    } catch (error) {
      // The next import tries again.
      this.#forget(instance);
      throw error;
    }
  }

  #forget(failed: Instance): void {
    for (const [key, instance] of this.#instances) {
      if (instance === failed || instance.module.status === 'errored') this.#instances.delete(key);
    }
  }

  /** The linked instance of a file as it is now. */
  async #instance(path: string): Promise<Instance> {
    const made = new Map<string, Instance>();
    const instance = await this.#prepare(path, made);
    if (instance.module.status === 'unlinked') {
      await instance.module.link((specifier, referencing) => {
        const from = pathOf(referencing.identifier);
        return this.#dependency(specifier, from, made);
      });
    }
    // Only what is linked is shared with other imports.
    for (const [key, linked] of made) if (!this.#instances.has(key)) this.#instances.set(key, linked);
    return instance;
  }

  async #dependency(specifier: string, from: string, made: Map<string, Instance>): Promise<vm.Module> {
    if (!isLocal(specifier)) return synthetic(await this.#options.importOther(specifier, from), specifier);
    const path = this.#find(specifier, from);
    const isModule = !isInPackage(path) && extname(path) !== '.json' && !(await this.#isCommonJs(path));
    if (isModule) return (await this.#prepare(path, made)).module;
    return synthetic(await this.import(specifier, from), specifier);
  }

  async #prepare(path: string, made: Map<string, Instance>): Promise<Instance> {
    const { key } = await this.#version(path);
    const known = made.get(key) ?? this.#instances.get(key);
    if (known !== undefined) return known;
    const file = await this.#file(path);
    const again = made.get(key); // another import of the same graph may have been faster
    if (again !== undefined) return again;
    this.#options.stacks.add(key, { name: path, source: file.source, sourceMap: file.sourceMap });
    const module = new vm.SourceTextModule(file.code, {
      identifier: key,
      initializeImportMeta: (meta: ImportMeta) => {
        meta.url = pathToFileURL(path).href;
        meta.filename = path;
        meta.dirname = dirname(path);
        meta.resolve = (specifier) => {
          const found = isLocal(specifier) ? resolveLocal(specifier, path) : undefined;
          return pathToFileURL(found ?? createRequire(path).resolve(specifier)).href;
        };
      },
      importModuleDynamically: async (specifier) => {
        const namespace = await this.#options.importDynamic(specifier, path);
        // A namespace of Node's own; the type of the callback forgets it.
        if (types.isModuleNamespaceObject(namespace)) return namespace as vm.Module;
        const wrapped = await synthetic(namespace, specifier);
        await wrapped.evaluate();
        return wrapped;
      },
    });
    const instance: Instance = { module, evaluated: undefined };
    made.set(key, instance);
    return instance;
  }

  /** Names the state of a file and of all local files below it. */
  async #version(path: string): Promise<Version> {
    const reached = new Map<string, string>();
    const visit = async (file: string): Promise<void> => {
      if (reached.has(file)) return;
      reached.set(file, '');
      if (/\.(json|cjs|cts)$/.test(file) || isInPackage(file)) {
        reached.set(file, sha(await readFile(file)));
        return;
      }
      const { hash, imports } = await this.#file(file);
      reached.set(file, hash);
      for (const specifier of imports) {
        const below = isLocal(specifier) ? resolveLocal(specifier, file) : undefined;
        if (below !== undefined) await visit(below);
      }
    };
    await visit(path);
    const all = [...reached].map(([file, hash]) => `${file}\0${hash}`).sort();
    return { path, key: `${path}?v=${sha(all.join('\n')).slice(0, 16)}` };
  }

  /** Reads and transpiles a file, unless it is as it was. */
  async #file(path: string): Promise<SourceFile> {
    const { mtimeMs, size, ino } = await stat(path);
    const stamp = `${mtimeMs} ${size} ${ino}`;
    const known = this.#files.get(path);
    if (known?.stamp === stamp) return known;
    const transpiled = await transpile(path, this.#options.display(path));
    const file = { ...transpiled, stamp, hash: sha(transpiled.source) };
    this.#files.set(path, file);
    return file;
  }

  async #isCommonJs(path: string): Promise<boolean> {
    const extension = extname(path);
    if (extension === '.cjs' || extension === '.cts' || extension === '.node') return true;
    if (extension !== '.js') return false;
    const type = packageType(dirname(path));
    if (type !== undefined) return type === 'commonjs';
    // As Node: a file that says nothing is a module if it is written as one.
    const { code, imports } = await this.#file(path);
    return imports.length === 0 && !/^\s*(import|export)\b/m.test(code) && !/\bimport\.meta\b/.test(code);
  }
}

/** There is no such file. */
class LocalFileNotFoundError extends Error {
  override readonly name = 'ModuleNotFoundError';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

function isInPackage(path: string): boolean {
  return path.includes(`${sep}node_modules${sep}`);
}

function pathOf(key: string): string {
  return key.slice(0, key.lastIndexOf('?v='));
}

function sha(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

async function readJson(path: string, shown: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new SyntaxError(`${shown}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** A namespace that another module can import from. */
async function synthetic(namespace: object, identifier: string): Promise<vm.Module> {
  const names = Object.keys(namespace);
  const module = new vm.SyntheticModule(
    names,
    () => {
      // A namespace has its names as keys.
      for (const name of names)
        module.setExport(name, (namespace as Readonly<Record<string, unknown>>)[name]);
    },
    { identifier },
  );
  await module.link(() => {
    throw new TypeError('Cannot link a synthetic module as it must import nothing: received an import');
  });
  return module;
}

/** A local CommonJS module as it is now: it and the local files below it are loaded again when one has changed. */
function commonJs(path: string): object {
  const require = createRequire(path);
  const isStale = (module: NodeJS.Module | undefined, seen: Set<NodeJS.Module>): boolean => {
    if (module === undefined || seen.has(module) || isInPackage(module.filename)) return false;
    seen.add(module);
    const now = existsSync(module.filename) ? sha(readFileSync(module.filename)) : '';
    return LOADED.get(module) !== now || module.children.some((child) => isStale(child, seen));
  };
  if (require.cache[path] !== undefined && isStale(require.cache[path], new Set())) {
    evict(require.cache[path], require.cache);
  }
  const exports: unknown = require(path);
  remember(require.cache[path], new Set());
  const asObject = typeof exports === 'object' || typeof exports === 'function' ? { ...exports } : {};
  const isTranspiled = '__esModule' in asObject && asObject.__esModule === true && 'default' in asObject;
  return asModule(isTranspiled ? asObject : { ...asObject, default: exports });
}

/** What each loaded CommonJS file held. */
const LOADED = new WeakMap<NodeJS.Module, string>();

function remember(module: NodeJS.Module | undefined, seen: Set<NodeJS.Module>): void {
  if (module === undefined || seen.has(module) || isInPackage(module.filename)) return;
  seen.add(module);
  if (!LOADED.has(module)) LOADED.set(module, sha(readFileSync(module.filename)));
  for (const child of module.children) remember(child, seen);
}

function evict(module: NodeJS.Module | undefined, cache: NodeJS.Dict<NodeJS.Module>): void {
  if (module === undefined || isInPackage(module.filename) || cache[module.filename] === undefined) return;
  // This is Node's own way to load a file again.
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
  delete cache[module.filename];
  for (const child of module.children) evict(child, cache);
}

/** "type" of the nearest package.json. */
function packageType(directory: string): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    const file = join(at, 'package.json');
    if (existsSync(file)) {
      try {
        const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
        const type =
          typeof parsed === 'object' && parsed !== null && 'type' in parsed ? parsed.type : undefined;
        return typeof type === 'string' ? type : undefined;
      } catch {
        return undefined; // a broken package.json says nothing
      }
    }
    if (dirname(at) === at) return undefined;
  }
}
