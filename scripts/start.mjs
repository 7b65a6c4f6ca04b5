#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { ROOT, setUp } from './setup.mjs';
import { venvProgram } from './setup/python.mjs';

/** JupyterLab and its kernels have so long to end by themselves, milliseconds. */
const GRACE_MS = 8_000;

await setUp();

const notebooks = path.join(ROOT, 'notebooks');
mkdirSync(notebooks, { recursive: true });

const given = process.argv.slice(2);
const isRoot = process.getuid?.() === 0;
const args = isRoot && !given.includes('--allow-root') ? ['--allow-root', ...given] : given;

// A session of its own, so that Ctrl-C comes to us alone and Jupyter does not stop to ask. Standard input is the
// leash: it closes when we are gone, however that came about, and lab.py then ends too.
const lab = spawn(venvProgram(ROOT, 'python'), [path.join(ROOT, 'scripts/lab.py'), ...args], {
  cwd: notebooks,
  env: jupyterEnvironment(),
  stdio: ['pipe', 'inherit', 'inherit'],
  detached: true,
});

let stopping = false;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    end(stopping ? 'SIGKILL' : 'SIGTERM');
    stopping = true;
    setTimeout(() => end('SIGKILL'), GRACE_MS).unref();
  });
}
lab.once('error', (error) => {
  console.error(`JupyterLab did not start: ${error.message}`);
  process.exit(1);
});
lab.once('exit', (code) => process.exit(code ?? 1));

/** @param {NodeJS.Signals} signal */
function end(signal) {
  try {
    if (lab.pid !== undefined) process.kill(signal === 'SIGKILL' ? -lab.pid : lab.pid, signal);
  } catch {
    // It has ended already.
  }
}

/**
 * The clone has a Jupyter of its own: it neither reads nor writes the settings, extensions and open tabs of another
 * JupyterLab of the user. Where the user sets one of these variables, that one holds.
 */
function jupyterEnvironment() {
  const own = path.join(ROOT, '.setup/jupyter');
  const kernels = path.join(ROOT, '.venv/share/jupyter');
  const userPath = process.env.JUPYTER_PATH;
  return {
    JUPYTER_CONFIG_DIR: path.join(own, 'config'),
    JUPYTER_DATA_DIR: path.join(own, 'data'),
    JUPYTER_RUNTIME_DIR: path.join(own, 'runtime'),
    ...process.env,
    JUPYTER_PATH:
      userPath === undefined || userPath === '' ? kernels : `${kernels}${path.delimiter}${userPath}`,
  };
}
