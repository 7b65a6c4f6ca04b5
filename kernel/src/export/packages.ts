import { execFile } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ModuleResolver } from '../cells/module-resolver.ts';
import { ExportError } from './export-error.ts';
import type { PackageImport } from './local-sources.ts';

/** The packages of a project. */
export interface ProjectPackages {
  /** Versions by name, for package.json; what is packed is "file:vendor/…". */
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  /** Modules that have no types. */
  readonly untyped: readonly string[];
  /** Those with compiled code, which workers must have installed. */
  readonly native: readonly { readonly name: string; readonly version: string }[];
}

const HERE = fileURLToPath(import.meta.url);

/**
 * Finds the exact version of each package that is imported, and packs into `vendor` those that come from no registry: Millrace
 * itself while it is not published, and packages of a workspace.
 *
 * @throws {ExportError} if a package is not installed, or cannot be packed.
 */
export async function projectPackages(
  imports: readonly PackageImport[],
  { vendor, resolver }: { readonly vendor: string; readonly resolver: ModuleResolver },
): Promise<ProjectPackages> {
  const dependencies: Record<string, string> = {};
  const devDependencies: Record<string, string> = {
    '@types/node': installed('@types/node', HERE)?.version ?? '20.19.0',
    typescript: installed('typescript', HERE)?.version ?? '6.0.3',
  };
  const untyped = new Set<string>();
  const native: { name: string; version: string }[] = [];
  const wanted = [
    { specifier: 'millrace', from: HERE },
    ...imports.filter(({ specifier }) => !isBuiltin(specifier)),
  ];
  for (const { specifier, from } of wanted) {
    const name = packageName(specifier);
    if (dependencies[name] === undefined) {
      const found = installed(name, name === 'millrace' ? HERE : from);
      if (found === undefined) {
        throw new ExportError(
          `Cannot export the notebook as its packages must be installed: received "${name}", which is not`,
          `Run \`npm install ${name}\` in the notebook's folder, and try again`,
        );
      }
      dependencies[name] = found.isPublished
        ? found.version
        : `file:vendor/${await pack(found.folder, vendor)}`;
      if (name !== 'millrace' && isNative(found.folder)) native.push({ name, version: found.version });
      const types = installed(`@types/${name.replace(/^@/, '').replace('/', '__')}`, from);
      if (types !== undefined) devDependencies[types.name] = types.version;
    }
    const resolved = resolver.resolve(specifier, from);
    if (resolved === undefined || /\.[cm]?jsx?$/.test(resolved.extension)) untyped.add(specifier);
  }
  return { dependencies, devDependencies, untyped: [...untyped].sort(), native };
}

function isNative(folder: string): boolean {
  return ['binding.gyp', 'prebuilds', 'build/Release'].some((name) => existsSync(path.join(folder, name)));
}

function packageName(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/');
  return specifier.startsWith('@') ? `${first}/${second}` : first;
}

interface Installed {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  readonly isPublished: boolean;
}

/** The package as Node finds it from a file. */
function installed(name: string, from: string): Installed | undefined {
  for (let folder = path.dirname(from); ; folder = path.dirname(folder)) {
    const place = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(place, 'package.json'))) {
      const { version = '0.0.0' } = JSON.parse(readFileSync(path.join(place, 'package.json'), 'utf8')) as {
        readonly version?: string;
      };
      const real = realpathSync(place);
      return {
        name,
        version,
        folder: real,
        isPublished: isFromRegistry(path.join(folder, 'node_modules'), name, real),
      };
    }
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** A link leads out of node_modules; npm remembers where anything else came from. */
function isFromRegistry(modules: string, name: string, real: string): boolean {
  if (!real.split(path.sep).includes('node_modules')) return false;
  const lock = path.join(modules, '.package-lock.json');
  if (!existsSync(lock)) return true;
  const { packages = {} } = JSON.parse(readFileSync(lock, 'utf8')) as {
    readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>;
  };
  return packages[`node_modules/${name}`]?.resolved?.startsWith('file:') !== true;
}

/** Packs a folder as npm would publish it; gives the file's name. */
async function pack(folder: string, vendor: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--pack-destination', vendor],
      { cwd: folder, maxBuffer: 2 ** 26 },
    );
    const [packed] = JSON.parse(stdout) as readonly { readonly filename: string }[];
    if (packed !== undefined) return packed.filename.replace(/^@/, '').replace('/', '-');
  } catch (error) {
    throw new ExportError(
      `Cannot export the notebook as npm must pack ${folder}: received ${error instanceof Error ? error.message : String(error)}`,
      'Check that `npm pack` works in that folder',
      { cause: error },
    );
  }
  throw new ExportError(
    `Cannot export the notebook as npm must pack ${folder}: received nothing`,
    'Update npm',
  );
}
