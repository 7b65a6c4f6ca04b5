import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { canonical } from './canonical.ts';
import { INPUTS } from './inputs.ts';
import type { Outputs } from './run-case.ts';

/** The clone's folder, where conformance runs. */
const ROOT = process.cwd();
const SCRIPT = path.join(ROOT, 'test/conformance/beam_pipelines.py');
/** The script's package. */
const PIPELINES = path.join(ROOT, 'test/conformance/beam');
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
 * It is computed, never typed, and kept until a pipeline, an input or the SDK's version changes.
 *
 * @param files Folder of the input files.
 */
export async function expectedOutputs(files: string): Promise<Readonly<Record<string, Outputs>>> {
  const inputs = canonical(INPUTS);
  const hash = createHash('sha256');
  for (const file of [
    SCRIPT,
    ...pipelines(),
    path.join(ROOT, 'scripts/requirements-peers.txt'),
    ...inputFilesScripts(),
  ]) {
    hash.update(readFileSync(file)).update('\0');
  }
  hash.update(inputs);
  const kept = path.join(FOLDER, `expected-${hash.digest('hex').slice(0, 16)}.json`);
  if (!existsSync(kept)) {
    mkdirSync(FOLDER, { recursive: true });
    const inputsFile = path.join(FOLDER, 'inputs.json');
    writeFileSync(inputsFile, inputs);
    const temporary = `${kept}.${process.pid}`;
    await runPython([SCRIPT, inputsFile, files, temporary]);
    renameSync(temporary, kept);
  }
  return JSON.parse(readFileSync(kept, 'utf8')) as Record<string, Outputs>; // what the script writes
}

/** The files of Beam Python's pipelines, in an order that is the same everywhere. */
function pipelines(): string[] {
  const names = readdirSync(PIPELINES).filter((name) => name.endsWith('.py'));
  return names.sort().map((name) => path.join(PIPELINES, name));
}

/** Input files are made by this code. */
function inputFilesScripts(): string[] {
  return [path.join(ROOT, 'test/conformance/inputs.ts')];
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
