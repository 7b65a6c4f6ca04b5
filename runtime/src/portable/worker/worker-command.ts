import { createHash, randomUUID } from 'node:crypto';
import { access, chmod, constants, mkdir, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PipelineError } from '../../errors.ts';
import { nearestNodeModules } from './nearest-node-modules.ts';

/** Where the command is kept, and what it starts. */
export interface WorkerCommandOptions {
  /** Keeps the file; the user's data folder by default. It must outlive the job. */
  readonly folder?: string | undefined;
  /** The `node_modules` folder with the job's native packages; the nearest one to the working folder by default. */
  readonly nodeModules?: string | undefined;
}

/**
 * Returns the path of a program that starts a worker, for PROCESS environments; writes it if it is not there yet.
 *
 * A runner starts it without a shell and with an environment of its own, in which there may be no `node`: so the
 * program names this process's Node, and this installation's worker.
 *
 * @throws {PipelineError} on Windows, where a runner cannot start a script.
 */
export async function workerCommand({
  folder = defaultFolder(),
  nodeModules = nearestNodeModules(process.cwd()),
}: WorkerCommandOptions = {}): Promise<string> {
  if (process.platform === 'win32') {
    throw new PipelineError(
      'Cannot start workers as processes of the runner as the system must run scripts: received Windows',
      { hint: "Start npx millrace worker-pool and take { kind: 'external', endpoint } as the environment" },
    );
  }
  const worker = fileURLToPath(new URL('../../../bin/millrace-worker.mjs', import.meta.url));
  const modules = nodeModules === undefined ? [] : [`--node_modules=${path.resolve(nodeModules)}`];
  const words = [process.execPath, worker, '--watch_parent', ...modules].map(quoted);
  const script = `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`;
  const digest = createHash('sha256').update(script).digest('hex').slice(0, 12);
  const file = path.join(folder, `worker-${digest}.sh`);
  if (await isProgram(file)) return file;
  await mkdir(folder, { recursive: true });
  const temporary = `${file}.${randomUUID()}`;
  await writeFile(temporary, script);
  await chmod(temporary, 0o755);
  await rename(temporary, file); // whole at once: a runner may be starting it
  return file;
}

function defaultFolder(): string {
  const { MILLRACE_HOME: home, XDG_DATA_HOME: data } = process.env;
  if (home !== undefined && home !== '') return path.join(home, 'workers');
  const base = data !== undefined && data !== '' ? data : path.join(homedir(), '.local', 'share');
  return path.join(base, 'millrace', 'workers');
}

/** A word for a shell, whatever is in it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
