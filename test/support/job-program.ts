import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { ROOT } from './repository.ts';
import { killGroup } from './run-program.ts';
import { until } from './until.ts';

/** What a program that submits a job tells of it. */
export interface JobTold {
  submitted?: { readonly id: string; readonly endpoint: string; readonly state: string };
  /** In which the job ended. */
  state?: string;
  /** Why there is no such state. */
  failed?: { readonly name: string; readonly message: string; readonly hint: string };
}

/** What a job is made of: see test/support/jobs/run-job.mjs. */
export interface JobProgramOptions {
  readonly home: string;
  readonly folder: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly pipeline?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Id of a job to be found again; nothing is submitted then. */
  readonly reconnect?: string;
  /** How long the job is waited for. */
  readonly timeoutMs?: number;
}

/** A program that submits a job and waits for it; it ends with the test, as does its job. */
export interface JobProgram {
  /** What it has told so far. */
  readonly told: JobTold;
  /** Waits until the runner has the job. */
  submitted(): Promise<Required<JobTold>['submitted']>;
  /** Waits until the program has ended, and gives all that it told. */
  ended(): Promise<JobTold>;
  /** Kills the program at once, as a closed notebook's kernel is. */
  kill(): Promise<void>;
}

/** Starts a program of its own that submits a pipeline, or finds a job again, and waits for the job's end. */
export function startJobProgram({ home, ...request }: JobProgramOptions): JobProgram {
  const script = path.join(ROOT, 'test/support/jobs/run-job.mjs');
  const child = spawn(process.execPath, [script, JSON.stringify(request)], {
    cwd: request.folder,
    env: { ...process.env, MILLRACE_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const told: JobTold = {};
  let printed = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
  createInterface({ input: child.stdout }).on('line', (line) => {
    Object.assign(told, JSON.parse(line) as JobTold); // our own script writes it
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  onTestFinished(async () => {
    killGroup(child.pid, 'SIGKILL');
    await closed;
  });
  return {
    told,
    submitted: async () => {
      const isOver = () => told.submitted !== undefined || told.failed !== undefined;
      await until(() => Promise.resolve(isOver()), { what: 'the job is submitted', timeoutMs: 60_000 });
      if (told.submitted === undefined) {
        throw new RangeError(
          `Cannot go on as the runner must take the job: received ${JSON.stringify(told)}`,
        );
      }
      return told.submitted;
    },
    ended: async () => {
      await closed;
      if (told.state !== undefined || told.failed !== undefined) return told;
      throw new RangeError(`Cannot go on as the program must tell how the job ended: received ${printed}`);
    },
    kill: async () => {
      killGroup(child.pid, 'SIGKILL');
      await closed;
    },
  };
}

/** The lines that a job wrote, sorted; what it left beside them is in no answer. */
export function answerIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('answer-'))
    .flatMap((name) => readFileSync(path.join(folder, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .sort();
}

/** A worker that is in the middle of a bundle. */
export interface StoppedWorker {
  readonly pid: number;
  /** Process that started it. */
  readonly parent: number;
}

/** Waits until a worker is in the middle of its bundle, where the pipeline "interrupted" stops. */
export async function workerInTheMiddle(
  folder: string,
  { besides = [] }: { readonly besides?: readonly number[] } = {},
): Promise<StoppedWorker> {
  const find = (): StoppedWorker | false => {
    const name = readdirSync(folder).find(
      (one) => /^here-\d+$/.test(one) && !besides.includes(Number(one.slice('here-'.length))),
    );
    if (name === undefined) return false;
    return JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as StoppedWorker; // our own script writes it
  };
  const found = await until(() => Promise.resolve(find()), {
    what: 'a worker is in the middle of its bundle',
    timeoutMs: 90_000,
  });
  if (found === false) throw new RangeError('Cannot go on as until() must wait: received false');
  return found;
}

/** Lets the pipeline "interrupted" go on. */
export function letGoOn(folder: string): void {
  writeFileSync(path.join(folder, 'go'), '');
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
