import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { atOnce } from './at-once.ts';
import { canonical } from './canonical.ts';
import { INPUTS } from './inputs.ts';
import { findModules, type Module } from './modules.ts';
import type { Outputs } from './run-case.ts';

/** The clone's folder, where conformance runs. */
const ROOT = process.cwd();
const SCRIPT = path.join(ROOT, 'test/conformance/beam_pipelines.py');
const FOLDER = path.join(ROOT, '.setup/conformance');

/** The Python with Beam's SDK. */
export const PEERS_PYTHON = path.join(
  ROOT,
  '.venv-peers',
  process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python',
);

/**
 * What Beam Python makes of the same inputs, by case.
 *
 * It is computed, never typed, and kept for each Python module until that, what modules share, an input or the SDK's
 * version changes. As many modules are computed at once as there are cores.
 *
 * @param files Folder of the input files.
 * @throws {RangeError} if a module cannot be computed, or two have a case of one name.
 */
export async function expectedOutputs(files: string): Promise<Readonly<Record<string, Outputs>>> {
  const inputs = canonical(INPUTS);
  const modules = findModules(ROOT, inputs);
  const missing = modules.filter((module) => !existsSync(keptFile(module)));
  if (missing.length > 0) {
    mkdirSync(FOLDER, { recursive: true });
    const inputsFile = path.join(FOLDER, 'inputs.json');
    writeFileSync(inputsFile, inputs);
    await atOnce(missing, availableParallelism(), (module) => compute(module, [inputsFile, files]));
  }
  const expected: Record<string, Outputs> = {};
  for (const module of modules) {
    const kept = JSON.parse(readFileSync(keptFile(module), 'utf8')) as Record<string, Outputs>; // what the script writes
    const twice = Object.keys(kept).find((name) => name in expected);
    if (twice !== undefined) {
      throw new RangeError(
        `Cannot tell what is expected as a case must be in one module: received "${twice}" in ${module.name} again`,
      );
    }
    Object.assign(expected, kept);
  }
  return expected;
}

const keptFile = ({ name, key }: Module) => path.join(FOLDER, `expected-${name}-${key}.json`);

/** Keeps what a module computes, in place of what it did before. */
async function compute(module: Module, args: readonly string[]): Promise<void> {
  const kept = keptFile(module);
  const temporary = `${kept}.${process.pid}`;
  await runPython([SCRIPT, module.name, ...args, temporary]);
  renameSync(temporary, kept);
  for (const file of readdirSync(FOLDER)) {
    const isOlder = file.startsWith(`expected-${module.name}-`) && file !== path.basename(kept);
    if (isOlder) rmSync(path.join(FOLDER, file), { force: true });
  }
}

function runPython(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(PEERS_PYTHON, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new RangeError(`Cannot compute what is expected as Beam Python must run: received\n${output}`),
        );
    });
  });
}
