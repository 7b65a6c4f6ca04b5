#!/usr/bin/env node
import './setup/check-node.mjs';
import { accessSync, constants, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { build, kernelspec } from './setup/build.mjs';
import { nodeModules } from './setup/node-modules.mjs';
import { jupyterLab, peers } from './setup/python.mjs';
import { runSteps } from './setup/steps.mjs';

/** The clone's folder. */
export const ROOT = realpathSync(fileURLToPath(new URL('..', import.meta.url)));

/**
 * Makes this clone ready to use: node modules, JupyterLab, build and kernelspec. Does only what is not up to date,
 * without the network if all is.
 *
 * @param {{ readonly withPeers?: boolean }} [options] `withPeers`: also Beam's Python SDK, for comparisons.
 * @returns {Promise<readonly string[]>} The names of the steps that ran. Ends the process if a step fails.
 */
export async function setUp({ withPeers = false } = {}) {
  const env = environment();
  const started = performance.now();
  let announced = false;
  /** @param {string} line */
  const print = (line) => {
    if (!announced) console.error('Setting up Millrace');
    announced = true;
    console.error(line);
  };
  try {
    const ran = await runSteps(
      [
        nodeModules(ROOT, env),
        jupyterLab(ROOT, env),
        build(ROOT, env),
        kernelspec(ROOT, env),
        ...(withPeers ? [peers(ROOT, env)] : []),
      ],
      { folder: path.join(ROOT, '.setup'), print },
    );
    if (ran.length > 0) print(`Ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    return ran;
  } catch (error) {
    if (process.exitCode !== undefined) process.exit(); // ended by a signal, and the step with it
    print(`Set-up stopped: ${error instanceof Error ? error.message : String(error)}`);
    print('What had finished is kept. Once the cause is mended, the same command goes on from here.');
    process.exit(1);
  }
}

/** The environment of what set-up runs; with caches inside the clone where the home folder cannot be written. */
function environment() {
  try {
    accessSync(homedir(), constants.W_OK);
    return process.env;
  } catch {
    const caches = path.join(ROOT, '.setup/cache');
    return {
      npm_config_cache: path.join(caches, 'npm'),
      PIP_CACHE_DIR: path.join(caches, 'pip'),
      UV_CACHE_DIR: path.join(caches, 'uv'),
      ...process.env,
    };
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const ran = await setUp({ withPeers: process.argv.includes('--with-peers') });
  if (ran.length === 0) console.error('Everything is up to date');
}
