import { existsSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from './command.mjs';
import { venvProgram } from './python.mjs';
import { hashFiles } from './stamps.mjs';

const SOURCES = [
  'tsconfig.json',
  'tsconfig.base.json',
  ...['runtime', 'kernel'].flatMap((name) => [
    `${name}/tsconfig.json`,
    `${name}/package.json`,
    `${name}/src`,
  ]),
];

const OUTPUTS = ['runtime/dist/index.js', 'kernel/dist/cli/main.js'];

/**
 * Compiles the packages to their dist folders.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {import('./steps.mjs').Step}
 */
export function build(root, env) {
  const isThere = () => OUTPUTS.every((file) => existsSync(path.join(root, file)));
  return {
    name: 'build',
    inputs: () => hashFiles(root, [...SOURCES, 'package-lock.json']),
    isThere,
    run: async () => {
      const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
      // The compiler trusts its own record of what it wrote: it does not see that a dist folder was removed.
      const force = isThere() ? [] : ['--force'];
      await runCommand(process.execPath, [compiler, '--build', ...force], { cwd: root, env });
    },
  };
}

/**
 * Installs the kernel "millrace" into .venv, where JupyterLab and the tests find it.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {import('./steps.mjs').Step}
 */
export function kernelspec(root, env) {
  return {
    name: 'kernelspec',
    inputs: () => ({
      ...hashFiles(root, [
        'kernel/bin',
        'kernel/src/cli',
        'kernel/src/kernelspec',
        'scripts/requirements.txt',
      ]),
      "the clone's folder": root,
      'Node.js': process.execPath,
    }),
    isThere: () => existsSync(path.join(root, '.venv/share/jupyter/kernels/millrace/kernel.json')),
    run: async () => {
      const millrace = path.join(root, 'kernel/bin/millrace.mjs');
      const prefix = path.dirname(path.dirname(venvProgram(root, 'python')));
      await runCommand(process.execPath, [millrace, 'install', '--prefix', prefix], { cwd: root, env });
    },
  };
}
