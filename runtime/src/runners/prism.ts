import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PipelineError } from '../errors.ts';
import { isProgram } from './find-program.ts';
import { PRISM_VERSION, prismProgram } from './get-prism.ts';
import { millraceHome } from './home.ts';
import { endProcesses, isRunning, startProcess, type LocalProcess } from './local-process.ts';
import type { LocalRunner } from './local-runner.ts';
import { isListening, requireFreePort } from './ports.ts';
import { isLocalProcess, isPort, isRecord, stateFile, type StateFile } from './state-file.ts';
import { waitUntilReady } from './wait-until-ready.ts';
import { withLock } from './with-lock.ts';

/** How Prism is started. */
export interface StartPrismOptions {
  readonly home?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Of its job service; a free one by default. */
  readonly port?: number | undefined;
  /** Of its web page, which is not served by default. */
  readonly webPort?: number | undefined;
  /** It ends by itself so long after its last job, in minutes; 0 is never. */
  readonly idleMinutes?: number | undefined;
  /** Address space that it may take, in megabytes. */
  readonly memoryLimitMb?: number | undefined;
}

interface PrismState {
  readonly process: LocalProcess;
  readonly port: number;
}

/** Prism listens, and says where, in well under a second. */
const READY_MS = 20_000;

/**
 * Gives the Prism of this machine; starts it if none runs.
 *
 * It outlives this process, so that a job outlives the notebook, and later sessions find it through a file in the home.
 *
 * @throws {PipelineError} if Prism was not fetched, the port is taken, or it does not start.
 */
export function startPrism(options: StartPrismOptions = {}): Promise<LocalRunner> {
  const {
    home = millraceHome(),
    signal,
    port = 0,
    webPort,
    idleMinutes = 60,
    memoryLimitMb = 8000,
  } = options;
  return withLock(
    lockFile(home),
    async () => {
      const state = prismState(home);
      const running = await find(state);
      if (running !== undefined && (port === 0 || port === running.port)) return asRunner(running);
      if (running !== undefined) {
        throw new PipelineError(
          `Cannot start Prism at port ${port} as only one may run at a time: received one at ${running.port}`,
          { hint: 'Use that one, or end it first: npx millrace prism down' },
        );
      }
      const silent = state.read();
      if (silent !== undefined) await endProcesses([silent.process], { signal }); // it runs, and answers nobody
      const program = prismProgram(home);
      if (!isProgram(program)) {
        throw new PipelineError(`Cannot start Prism as it must be fetched first: received no ${program}`, {
          hint: 'Run: npx millrace get prism',
        });
      }
      if (port !== 0) await requireFreePort(port, "Prism's job service");
      if (webPort !== undefined) await requireFreePort(webPort, "Prism's web page");
      const folder = path.join(home, 'run', 'prism');
      mkdirSync(folder, { recursive: true });
      const prism = startProcess(program, {
        args: [
          `-job_port=${port}`,
          ...(webPort === undefined ? ['-serve_http=false'] : [`-web_port=${webPort}`]),
          ...(idleMinutes > 0 ? [`-idle_shutdown_timeout=${idleMinutes}m`] : []),
          '-log_kind=text',
        ],
        logFile: path.join(folder, 'prism.log'),
        cwd: folder,
        memoryLimitMb,
      });
      try {
        const served = await waitUntilReady(() => servedPort(prism), {
          what: 'Prism',
          processes: [prism],
          timeoutMs: READY_MS,
          signal,
        });
        const started = { process: prism, port: served };
        state.write(started);
        return asRunner(started);
      } catch (error) {
        await endProcesses([prism]);
        throw error;
      }
    },
    { signal },
  );
}

/** Gives the Prism that runs; undefined if none does. */
export async function findPrism({ home = millraceHome() }: { readonly home?: string } = {}): Promise<
  LocalRunner | undefined
> {
  const running = await find(prismState(home));
  return running === undefined ? undefined : asRunner(running);
}

/**
 * Ends the Prism of this machine, with its jobs and their workers.
 *
 * @returns whether one ran.
 */
export function stopPrism({
  home = millraceHome(),
  signal,
}: { readonly home?: string; readonly signal?: AbortSignal } = {}): Promise<boolean> {
  return withLock(
    lockFile(home),
    async () => {
      const state = prismState(home);
      const running = state.read();
      if (running === undefined) return false;
      const ran = isRunning(running.process);
      await endProcesses([running.process], { signal });
      state.remove();
      return ran;
    },
    { signal },
  );
}

async function find(state: StateFile<PrismState>): Promise<PrismState | undefined> {
  const found = state.read();
  if (found === undefined || !isRunning(found.process)) return undefined;
  return (await isListening(found.port)) ? found : undefined;
}

/** Prism writes where it serves into its log; that also tells a port that it chose itself. */
async function servedPort({ logFile }: LocalProcess): Promise<number | undefined> {
  const served = /Serving JobManagement.*?endpoint=localhost:(\d+)/.exec(readFileSync(logFile, 'utf8'))?.[1];
  if (served === undefined) return undefined;
  return (await isListening(Number(served))) ? Number(served) : undefined;
}

function asRunner({ process, port }: PrismState): LocalRunner {
  return {
    kind: 'prism',
    version: PRISM_VERSION,
    endpoint: `localhost:${port}`,
    processes: [{ role: 'prism', pid: process.pid, logFile: process.logFile }],
    logs: path.dirname(process.logFile),
  };
}

function prismState(home: string): StateFile<PrismState> {
  return stateFile(path.join(home, 'run', 'prism', 'state.json'), (value) =>
    isRecord(value) && isLocalProcess(value.process) && isPort(value.port)
      ? { process: value.process, port: value.port }
      : undefined,
  );
}

function lockFile(home: string): string {
  return path.join(home, 'run', 'prism.lock');
}
