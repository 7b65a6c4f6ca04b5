import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PipelineError } from '../errors.ts';
import { findJava } from './find-java.ts';
import { flinkConfig, type FlinkConfigOptions, type FlinkPorts } from './flink-config.ts';
import { FLINK_VERSION } from './flink-jars.ts';
import {
  linkJars,
  startJobManager,
  startJobServer,
  startTaskManager,
  type FlinkSetting,
} from './flink-processes.ts';
import { taskManagerIds } from './flink-rest.ts';
import { flinkFolder, flinkState, processesOf, type FlinkState, type TaskManager } from './flink-state.ts';
import { flinkLib } from './get-flink.ts';
import { millraceHome } from './home.ts';
import { endProcesses, isRunning, type LocalProcess } from './local-process.ts';
import type { LocalRunner } from './local-runner.ts';
import { freePorts, isListening, requireFreePort } from './ports.ts';
import { waitUntilReady } from './wait-until-ready.ts';
import { withLock } from './with-lock.ts';

/** How a local Flink cluster is started. */
export interface FlinkUpOptions {
  readonly home?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How many TaskManagers; 2 by default. */
  readonly taskManagers?: number | undefined;
  /** How many parts of jobs each TaskManager runs at once; 2 by default. */
  readonly slots?: number | undefined;
  /**
   * Memory of each TaskManager for sorting and grouping, in MB, taken as it is needed; 2048 by default. Flink shares it
   * out to the slots, and two shares to each grouping of a job, and refuses an element that is larger than its share:
   * "Record too large". The default takes 64 MB in a job of up to seven groupings.
   */
  readonly managedMb?: number | undefined;
  /** Of Beam's job server; a free one by default. */
  readonly jobPort?: number | undefined;
  /** Of Flink's REST API and web page; a free one by default. */
  readonly restPort?: number | undefined;
}

/** A cluster is up after some 10 s; on a busy machine much later. */
const READY_MS = 120_000;

/**
 * Gives the Flink cluster of this machine: starts it, or what of it has ended.
 *
 * One JobManager, TaskManagers and Beam's job server, each a JVM that outlives this process. A cluster that lost a
 * TaskManager or its job server gets a new one at the same ports, and its jobs go on.
 *
 * @throws {PipelineError} if Java or the jars are missing, a port is taken, or it runs with other settings.
 */
export function flinkUp(options: FlinkUpOptions = {}): Promise<LocalRunner> {
  const { home = millraceHome(), signal, taskManagers = 2, slots = 2, managedMb = 2048 } = options;
  requireCount('taskManagers', taskManagers);
  requireCount('slots', slots);
  requireCount('managedMb', managedMb);
  return withLock(
    lockFile(home),
    async () => {
      const java = await findJava('start Flink', signal);
      const lib = flinkLib(home);
      if (!existsSync(lib)) {
        throw new PipelineError(`Cannot start Flink as it must be fetched first: received no ${lib}`, {
          hint: 'Run: npx millrace get flink',
        });
      }
      const file = flinkState(home);
      let before = file.read();
      if (before !== undefined && !isRunning(before.jobManager)) {
        await endProcesses(processesOf(before), { signal });
        before = undefined;
      }
      if (before !== undefined) requireSame(before, options);
      const folder = flinkFolder(home);
      const ports = before?.ports ?? (await choosePorts(options));
      const setting: FlinkSetting = { java, lib, folder, ports };
      if (before === undefined) prepareFolder(setting, { slots, managedMb });
      const started: LocalProcess[] = [];
      const start = <T extends LocalProcess>(process: T): T => {
        started.push(process);
        return process;
      };
      try {
        const jobManager = before?.jobManager ?? start(startJobManager(setting));
        const workers = (before?.taskManagers ?? []).filter(isRunning);
        const wanted = Math.max(
          taskManagers,
          before === undefined || options.taskManagers !== undefined ? 0 : before.taskManagers.length,
        );
        for (const id of unusedIds(before?.taskManagers ?? [], wanted - workers.length)) {
          workers.push({ ...start(startTaskManager(setting, id)), id });
        }
        const jobServer =
          before !== undefined && isRunning(before.jobServer)
            ? before.jobServer
            : start(startJobServer(setting));
        const state: FlinkState = {
          ports,
          slots: before?.slots ?? slots,
          managedMb: before?.managedMb ?? managedMb,
          jobManager,
          taskManagers: workers,
          jobServer,
        };
        file.write(state); // before it is ready: should this process be killed, "down" still finds the others
        await waitUntilReady(() => isReady(state), {
          what: 'Flink',
          processes: processesOf(state),
          timeoutMs: READY_MS,
          signal,
        });
        return asRunner(state);
      } catch (error) {
        await endProcesses(started);
        if (before === undefined) file.remove();
        throw error;
      }
    },
    { signal },
  );
}

/** How the cluster of this machine is; undefined if there is none. */
export async function flinkStatus({
  home = millraceHome(),
}: { readonly home?: string | undefined } = {}): Promise<FlinkStatus | undefined> {
  const state = flinkState(home).read();
  if (state === undefined || !processesOf(state).some(isRunning)) return undefined;
  const runner = asRunner(state);
  const running = new Set(
    processesOf(state)
      .filter(isRunning)
      .map(({ pid }) => pid),
  );
  const missing = runner.processes.filter(({ pid }) => !running.has(pid));
  return { runner, missing, isReady: missing.length === 0 && (await isReady(state)) === true };
}

/** The state of a local cluster. */
export interface FlinkStatus {
  readonly runner: LocalRunner;
  /** Processes that have ended; `flinkUp` starts them anew. */
  readonly missing: LocalRunner['processes'];
  /** Whether jobs can be submitted, and all TaskManagers are there. */
  readonly isReady: boolean;
}

/**
 * Ends the cluster of this machine, with its jobs and their workers, and removes what it spilled; its logs stay until
 * another one starts.
 *
 * @returns whether one ran.
 */
export function flinkDown({
  home = millraceHome(),
  signal,
}: { readonly home?: string | undefined; readonly signal?: AbortSignal | undefined } = {}): Promise<boolean> {
  return withLock(
    lockFile(home),
    async () => {
      const file = flinkState(home);
      const state = file.read();
      if (state === undefined) return false;
      const ran = processesOf(state).some(isRunning);
      await endProcesses(processesOf(state), { signal });
      file.remove();
      for (const name of ['temporary', 'artifacts', 'conf', 'gradle']) {
        rmSync(path.join(flinkFolder(home), name), { recursive: true, force: true });
      }
      return ran;
    },
    { signal },
  );
}

async function isReady({ ports, taskManagers }: FlinkState): Promise<true | undefined> {
  const ids = await taskManagerIds(ports.rest);
  if (!taskManagers.every(({ id }) => ids.has(id))) return undefined;
  return (await isListening(ports.job)) ? true : undefined;
}

async function choosePorts({ jobPort, restPort }: FlinkUpOptions): Promise<FlinkPorts> {
  if (jobPort !== undefined) await requireFreePort(jobPort, "Beam's job server");
  if (restPort !== undefined) await requireFreePort(restPort, "Flink's REST API");
  const [rpc = 0, rest = 0, job = 0, artifact = 0] = await freePorts(4);
  return { rpc, rest: restPort ?? rest, job: jobPort ?? job, artifact };
}

function prepareFolder(setting: FlinkSetting, sizes: Omit<FlinkConfigOptions, 'temporary'>): void {
  const { folder, ports } = setting;
  rmSync(folder, { recursive: true, force: true }); // what an earlier cluster left
  for (const name of ['conf', 'logs', 'temporary', 'artifacts']) {
    mkdirSync(path.join(folder, name), { recursive: true });
  }
  const temporary = path.join(folder, 'temporary');
  writeFileSync(path.join(folder, 'conf', 'config.yaml'), flinkConfig(ports, { ...sizes, temporary }));
  linkJars(setting);
}

/** Names of TaskManagers that no earlier one of this cluster had: Flink remembers those that it lost for a while. */
function unusedIds(before: readonly TaskManager[], count: number): string[] {
  const numbers = before.map(({ id }) => Number(/\d+$/.exec(id)?.[0] ?? 0));
  const first = Math.max(0, ...numbers) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => `task-manager-${first + index}`);
}

function requireSame({ ports, slots, managedMb, taskManagers }: FlinkState, asked: FlinkUpOptions): void {
  const differences = [
    ['slots', asked.slots, slots],
    ['managedMb', asked.managedMb, managedMb],
    ['jobPort', asked.jobPort, ports.job],
    ['restPort', asked.restPort, ports.rest],
  ] as const;
  for (const [name, wanted, actual] of differences) {
    if (wanted !== undefined && wanted !== actual) throw differs(`${name} ${wanted}`, `${name} ${actual}`);
  }
  if (asked.taskManagers !== undefined && asked.taskManagers < taskManagers.length) {
    throw differs(`${asked.taskManagers} TaskManagers`, `${taskManagers.length} TaskManagers`);
  }
}

function differs(wanted: string, actual: string): PipelineError {
  return new PipelineError(
    `Cannot start Flink with ${wanted} as only one cluster may run at a time: received one with ${actual}`,
    { hint: 'Use that one, or end it first: npx millrace flink down' },
  );
}

function requireCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`Cannot start Flink as ${name} must be an integer above 0: received ${value}`);
  }
}

function asRunner({ ports, jobManager, taskManagers, jobServer }: FlinkState): LocalRunner {
  return {
    kind: 'flink',
    version: FLINK_VERSION,
    endpoint: `localhost:${ports.job}`,
    restEndpoint: `http://localhost:${ports.rest}`,
    processes: [
      { role: 'job-manager', pid: jobManager.pid, logFile: jobManager.logFile },
      ...taskManagers.map(({ pid, logFile }) => ({ role: 'task-manager' as const, pid, logFile })),
      { role: 'job-server', pid: jobServer.pid, logFile: jobServer.logFile },
    ],
    logs: path.dirname(jobServer.logFile),
  };
}

function lockFile(home: string): string {
  return path.join(home, 'run', 'flink.lock');
}
