import { isDeepStrictEqual } from 'node:util';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from './command.mjs';
import { hashFiles } from './stamps.mjs';

/** The fields of a package.json that decide what npm installs. */
const DEPENDENCY_FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/**
 * Installs what package-lock.json names into node_modules.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {import('./steps.mjs').Step}
 */
export function nodeModules(root, env) {
  return {
    name: 'node modules',
    inputs: () => ({
      ...hashFiles(root, ['package-lock.json', '.npmrc']),
      'the dependencies in package.json': JSON.stringify(
        ['', ...workspaces(root)].map((folder) =>
          dependenciesOf(readJson(path.join(root, folder, 'package.json'))),
        ),
      ),
      platform: `${process.platform} ${process.arch}`,
    }),
    isThere: () => existsSync(path.join(root, 'node_modules/.package-lock.json')),
    isCurrent: () => agrees(root),
    run: async () => {
      // A user's own settings may leave out what building needs, and `npm test --silent` would hide an error.
      const flags = ['--include=dev', '--include=optional', '--loglevel=warn', '--no-audit', '--no-fund'];
      const npm = npmCommand();
      await runCommand(npm.command, [...npm.args, 'ci', ...flags], { cwd: root, env });
    },
  };
}

/** The npm that started us; else the one on PATH. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script !== undefined && /npm-cli\.c?js$/.test(script))
    return { command: process.execPath, args: [script] };
  return { command: 'npm', args: [] };
}

/**
 * Tells whether node_modules holds exactly what the lock file names, by the list that npm leaves there when it has
 * finished: so that nothing is installed again after an `npm install` by hand.
 *
 * @param {string} root
 */
function agrees(root) {
  try {
    const wanted = packagesOf(readJson(path.join(root, 'package-lock.json')));
    const installed = packagesOf(readJson(path.join(root, 'node_modules/.package-lock.json')));
    const declared = ['', ...workspaces(root)].every((folder) =>
      isDeepStrictEqual(
        dependenciesOf(wanted[folder]),
        dependenciesOf(readJson(path.join(root, folder, 'package.json'))),
      ),
    );
    const missing = Object.entries(wanted).filter(([name]) => name !== '' && installed[name] === undefined);
    return (
      declared &&
      missing.every(([, entry]) => entry.optional === true || entry.devOptional === true) &&
      Object.entries(installed).every(([name, entry]) => entry.version === wanted[name]?.version)
    );
  } catch {
    return false; // one of the files is absent or damaged: npm will say which
  }
}

/** @param {string} root */
function workspaces(root) {
  return /** @type {string[]} */ (readJson(path.join(root, 'package.json')).workspaces ?? []);
}

/** @param {Record<string, unknown> | undefined} description */
function dependenciesOf(description) {
  return DEPENDENCY_FIELDS.map((field) => description?.[field] ?? {});
}

/** @param {Record<string, unknown>} lock */
function packagesOf(lock) {
  return /** @type {Record<string, Record<string, unknown>>} */ (lock.packages ?? {});
}

/** @param {string} file */
function readJson(file) {
  return /** @type {Record<string, unknown>} */ (JSON.parse(readFileSync(file, 'utf8')));
}
