import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CommandError, runCommand } from './command.mjs';
import { hashFiles } from './stamps.mjs';

/** Installs Python packages six times as fast as pip. */
const UV = 'uv==0.13.8';

/** What is tried, in this order, where PYTHON does not name one. */
const PYTHONS = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

const REQUIREMENTS = 'scripts/requirements.txt';
const PEERS_REQUIREMENTS = 'scripts/requirements-peers.txt';
const LAB_DEFAULTS = 'scripts/jupyterlab-defaults.json';

/**
 * The path of something in the clone's own Python environment.
 *
 * @param {string} root
 * @param {string} program
 * @param {string} [folder]
 */
export function venvProgram(root, program, folder = '.venv') {
  return process.platform === 'win32'
    ? path.join(root, folder, 'Scripts', `${program}.exe`)
    : path.join(root, folder, 'bin', program);
}

/**
 * Makes .venv with JupyterLab and the Jupyter clients that the tests use.
 *
 * The environment holds absolute paths, so that a clone that was moved gets a new one.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {import('./steps.mjs').Step}
 */
export function jupyterLab(root, env) {
  const python = venvProgram(root, 'python');
  return {
    name: 'JupyterLab',
    inputs: () => ({ ...hashFiles(root, [REQUIREMENTS, LAB_DEFAULTS]), "the clone's folder": root }),
    isThere: () => existsSync(python) && existsSync(venvProgram(root, 'jupyter-lab')),
    run: async (previous) => {
      if (previous?.["the clone's folder"] !== root || !existsSync(python)) {
        await createVenv(path.join(root, '.venv'), env);
      }
      await install(python, path.join(root, REQUIREMENTS), env);
      const settings = path.join(root, '.venv/share/jupyter/lab/settings');
      mkdirSync(settings, { recursive: true });
      copyFileSync(path.join(root, LAB_DEFAULTS), path.join(settings, 'overrides.json'));
    },
  };
}

/**
 * Makes .venv-peers with Beam's Python SDK, whose answers ours are compared with.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {import('./steps.mjs').Step}
 */
export function peers(root, env) {
  const python = venvProgram(root, 'python', '.venv-peers');
  return {
    name: "Beam's Python SDK",
    inputs: () => ({ ...hashFiles(root, [PEERS_REQUIREMENTS]), "the clone's folder": root }),
    isThere: () => existsSync(python),
    run: async (previous) => {
      if (previous?.["the clone's folder"] !== root || !existsSync(python)) {
        await createVenv(path.join(root, '.venv-peers'), env);
      }
      await install(python, path.join(root, PEERS_REQUIREMENTS), env);
    },
  };
}

/**
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 */
async function createVenv(folder, env) {
  const base = await findPython(env);
  rmSync(folder, { recursive: true, force: true });
  try {
    await runCommand(base, ['-m', 'venv', folder], { env });
  } catch (error) {
    if (!(error instanceof CommandError) || !/ensurepip|No module named venv/.test(error.output)) throw error;
    throw new CommandError(
      `${base} -m venv`,
      'failed as this Python comes without its venv module (on Debian and Ubuntu: apt-get install python3-venv)',
      error.output,
    );
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} The first Python that is new enough.
 */
async function findPython(env) {
  const candidates = env.PYTHON === undefined || env.PYTHON === '' ? PYTHONS : [env.PYTHON];
  const found = [];
  for (const candidate of candidates) {
    try {
      const version = (
        await runCommand(candidate, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { env })
      ).trim();
      const [major = 0, minor = 0] = version.split('.').map(Number);
      if (major === 3 && minor >= 10) return candidate;
      found.push(`${candidate} is ${version}`);
    } catch {
      // Not installed, or a stub that only points to a shop.
    }
  }
  throw new CommandError(
    'Millrace needs Python 3.10 or later for JupyterLab and tests:',
    `${found.length === 0 ? `none of ${candidates.join(', ')} is installed` : found.join(', ')}; ` +
      'install one, or name it in the environment variable PYTHON',
    '',
  );
}

/**
 * Installs the requirements with uv: the one on PATH, else the one from PyPI. Where uv cannot, pip does it.
 *
 * @param {string} python
 * @param {string} requirements
 * @param {NodeJS.ProcessEnv} env
 */
async function install(python, requirements, env) {
  // --no-user: a user's own PIP_USER cannot work inside an environment.
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-user'];
  try {
    const uv = await findUv(python, [...pip, UV], env);
    const uvEnv = { ...(await pipSettingsForUv(python, env)), ...env };
    await runCommand(uv, ['pip', 'install', '--python', python, '--requirement', requirements], {
      env: uvEnv,
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    await runCommand(python, [...pip, '--requirement', requirements], { env });
  }
}

/**
 * @param {string} python
 * @param {readonly string[]} pipInstallUv
 * @param {NodeJS.ProcessEnv} env
 */
async function findUv(python, pipInstallUv, env) {
  try {
    await runCommand('uv', ['--version'], { env });
    return 'uv';
  } catch {
    await runCommand(python, pipInstallUv, { env });
    return path.join(path.dirname(python), process.platform === 'win32' ? 'uv.exe' : 'uv');
  }
}

/** uv reads none of pip's settings: where packages come from, and what signs the connection. */
const UV_NAMES = new Map([
  ['index-url', 'UV_DEFAULT_INDEX'],
  ['extra-index-url', 'UV_INDEX'],
  ['find-links', 'UV_FIND_LINKS'],
  ['no-index', 'UV_NO_INDEX'],
  ['trusted-host', 'UV_INSECURE_HOST'],
  ['cert', 'SSL_CERT_FILE'],
  ['proxy', 'ALL_PROXY'],
]);

/**
 * Translates what the user told pip, in files and in PIP_ variables, for uv.
 *
 * @param {string} python
 * @param {NodeJS.ProcessEnv} env
 */
async function pipSettingsForUv(python, env) {
  const listed = await runCommand(python, ['-m', 'pip', 'config', 'list'], { env });
  /** @type {Record<string, string>} */
  const settings = {};
  for (const [, name = '', value = ''] of listed.matchAll(/^(?:global|install|:env:)\.([\w-]+)='(.*)'$/gm)) {
    const uvName = UV_NAMES.get(name);
    if (uvName !== undefined) settings[uvName] = value.replaceAll('\\n', ' ').trim();
  }
  return settings;
}
