import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What TypeScript's authors write, and what is meant by it: the source before what was compiled from it. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.js'],
  '.jsx': ['.tsx', '.jsx'],
  '.mjs': ['.mts', '.mjs'],
  '.cjs': ['.cts', '.cjs'],
};
const EXTENSIONS = ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs', '.json'];

/** Whether a specifier names a file by its place, and not a package. */
export function isLocal(specifier: string): boolean {
  return /^(\.{1,2}(\/|$)|\/|file:)/.test(specifier);
}

/**
 * The file that a local specifier means when the file `from` imports it: `./helper` and `./helper.js` may be
 * `helper.ts`, and a folder its `index.ts`.
 *
 * @returns An absolute path; undefined if there is no such file.
 */
export function resolveLocal(specifier: string, from: string): string | undefined {
  const bare = specifier.replace(/[?#].*$/, '');
  const path = specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(dirname(from), bare);
  const extension = /\.[cm]?jsx?$/.exec(path)?.[0];
  const sources = extension === undefined ? undefined : SOURCES[extension];
  const stem = extension === undefined ? path : path.slice(0, -extension.length);
  const candidates = [
    ...(sources ?? []).map((source) => stem + source),
    path,
    ...EXTENSIONS.map((added) => path + added),
    ...EXTENSIONS.map((added) => resolve(path, `index${added}`)),
  ];
  return candidates.find(isFile);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
