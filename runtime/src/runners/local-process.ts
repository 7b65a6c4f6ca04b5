import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PipelineError } from '../errors.ts';

/** How long a process that was asked to end may take, in milliseconds. */
const GRACE_MS = 8000;

/** A process that outlives the one that started it, as a state file keeps it. */
export interface LocalProcess {
  readonly pid: number;
  /** The machine, and when the process started: another process with the same number is not taken for it. */
  readonly identity: string;
  readonly logFile: string;
}

/** How a process is started. */
export interface StartOptions {
  readonly args: readonly string[];
  /** Gets all that it prints; what an earlier one printed is kept beside it, as `….1`. */
  readonly logFile: string;
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Address space that it may take, in megabytes; where the platform cannot limit it there is no limit. */
  readonly memoryLimitMb?: number | undefined;
}

/** Starts a process in a group of its own, which goes on when this one ends. */
export function startProcess(
  program: string,
  { args, logFile, cwd, env, memoryLimitMb }: StartOptions,
): LocalProcess {
  mkdirSync(path.dirname(logFile), { recursive: true });
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`);
  const log = openSync(logFile, 'a');
  const limited = memoryLimitMb !== undefined && process.platform !== 'win32';
  const command = limited ? 'sh' : program;
  const limit = `ulimit -v ${(memoryLimitMb ?? 0) * 1024} 2>/dev/null; exec "$0" "$@"`;
  try {
    const child = spawn(command, limited ? ['-c', limit, program, ...args] : [...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log],
      detached: true,
      windowsHide: true,
    });
    child.on('error', () => undefined); // it has no pid then
    child.unref();
    if (child.pid === undefined) {
      throw new PipelineError(
        `Cannot start ${program} as it must be a program of this machine: received an error`,
        {
          hint: `See ${logFile}`,
        },
      );
    }
    return { pid: child.pid, identity: identityOf(child.pid) ?? '', logFile };
  } finally {
    closeSync(log);
  }
}

/** Whether a process of a state file still runs. */
export function isRunning({ pid, identity }: LocalProcess): boolean {
  return identityOf(pid) === identity;
}

/** Ends processes and all that they started; by force those that do not end by themselves within `graceMs`. */
export async function endProcesses(
  processes: readonly LocalProcess[],
  {
    signal,
    graceMs = GRACE_MS,
  }: { readonly signal?: AbortSignal | undefined; readonly graceMs?: number | undefined } = {},
): Promise<void> {
  const running = processes.filter(isRunning);
  running.forEach(({ pid }) => sendSignal(pid, 'SIGTERM'));
  const deadline = Date.now() + graceMs;
  while (running.some(isRunning) && Date.now() < deadline) await delay(50, undefined, { signal });
  // The group may hold more than its first process: a runner's workers.
  processes
    .filter((one) => isRunning(one) || running.includes(one))
    .forEach(({ pid }) => sendSignal(pid, 'SIGKILL'));
  while (running.some(isRunning)) await delay(20, undefined, { signal });
}

/** The last lines that a process printed. */
export function lastLines({ logFile }: LocalProcess, count = 6): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // It has ended already.
  }
}

/** undefined if there is no such process, or it has ended and nobody has asked how. */
function identityOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return undefined;
  }
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name, in brackets, may hold anything; the state is the 3rd field, the start the 22nd.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${hostname()} ${fields[19] ?? ''}`;
    } catch {
      return undefined;
    }
  }
  if (process.platform === 'win32') return hostname();
  try {
    const started = execFileSync('ps', ['-p', String(pid), '-o', 'lstart='], { encoding: 'utf8' });
    return `${hostname()} ${started.trim()}`;
  } catch {
    return undefined;
  }
}
