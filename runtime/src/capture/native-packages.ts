import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import type { NativePackage } from './captured-module.ts';

/** A package on this machine. */
export interface InstalledPackage extends NativePackage {
  readonly folder: string;
  /** It has machine code of its own, or downloads some: a bundle cannot hold it. */
  readonly isNative: boolean;
}

/** Names of packages that are made once for each platform. */
const PLATFORM = /(linux|darwin|win32|android|freebsd)(-|_)?(x64|arm64|arm|ia32|musl|gnu|msvc)/;

/** The package that a file belongs to; undefined if it is in none of node_modules. */
export function packageOf(file: string): InstalledPackage | undefined {
  const marker = `${sep}node_modules${sep}`;
  const at = file.lastIndexOf(marker);
  if (at < 0) return undefined;
  const [first = '', second = ''] = file.slice(at + marker.length).split(sep);
  const name = first.startsWith('@') ? `${first}/${second}` : first;
  return readPackage(join(file.slice(0, at + marker.length), name), name);
}

/** The package that a bare specifier means in a file of `folder`; undefined if it is not installed. */
export function packageFor(specifier: string, folder: string): InstalledPackage | undefined {
  const [first = '', second = ''] = specifier.split('/');
  const name = first.startsWith('@') ? `${first}/${second}` : first;
  for (let at = folder; ; at = dirname(at)) {
    const found = readPackage(join(at, 'node_modules', name), name);
    if (found !== undefined || dirname(at) === at) return found;
  }
}

/** How code that is not in the package itself imports one of its files. */
export function specifierOf(file: string, { name, folder }: InstalledPackage): string {
  try {
    const outside = join(folder, ...name.split('/').map(() => '..'), '..', 'index.js');
    if (createRequire(outside).resolve(name) === file) return name;
  } catch {
    // It has no main file for require(): its files are named one by one.
  }
  return `${name}/${relative(folder, file).replaceAll(sep, '/')}`;
}

function readPackage(folder: string, name: string): InstalledPackage | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const version = 'version' in parsed && typeof parsed.version === 'string' ? parsed.version : 'unknown';
  const optional =
    'optionalDependencies' in parsed && typeof parsed.optionalDependencies === 'object'
      ? Object.keys(parsed.optionalDependencies ?? {})
      : [];
  const isNative =
    ('gypfile' in parsed && parsed.gypfile === true) ||
    ['binding.gyp', 'prebuilds', join('build', 'Release')].some((part) => existsSync(join(folder, part))) ||
    optional.some((dependency) => PLATFORM.test(dependency));
  return { name, version, folder, isNative };
}
