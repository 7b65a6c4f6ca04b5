import path from 'node:path';
import type { FlinkPorts } from './flink-config.ts';
import type { LocalProcess } from './local-process.ts';
import { isLocalProcess, isPort, isRecord, stateFile, type StateFile } from './state-file.ts';

/** A cluster as its state file keeps it. */
export interface FlinkState {
  readonly ports: FlinkPorts;
  readonly slots: number;
  readonly managedMb: number;
  readonly jobManager: LocalProcess;
  readonly taskManagers: readonly TaskManager[];
  readonly jobServer: LocalProcess;
}

/** A TaskManager; `id` is how Flink names it. */
export interface TaskManager extends LocalProcess {
  readonly id: string;
}

/** The folder of this machine's cluster. */
export function flinkFolder(home: string): string {
  return path.join(home, 'run', 'flink');
}

/** The state file of this machine's cluster. */
export function flinkState(home: string): StateFile<FlinkState> {
  return stateFile(path.join(flinkFolder(home), 'state.json'), checked);
}

function checked(value: unknown): FlinkState | undefined {
  if (!isRecord(value) || !isPorts(value.ports)) return undefined;
  const { ports, slots, managedMb, jobManager, jobServer, taskManagers } = value;
  if (
    typeof slots !== 'number' ||
    typeof managedMb !== 'number' ||
    !isLocalProcess(jobManager) ||
    !isLocalProcess(jobServer)
  )
    return undefined;
  if (!Array.isArray(taskManagers) || !taskManagers.every(isTaskManager)) return undefined;
  return { ports, slots, managedMb, jobManager, jobServer, taskManagers };
}

function isPorts(value: unknown): value is FlinkPorts {
  return isRecord(value) && [value.rpc, value.rest, value.job, value.artifact].every(isPort);
}

function isTaskManager(value: unknown): value is TaskManager {
  return isRecord(value) && typeof value.id === 'string' && isLocalProcess(value);
}

/** All processes of a cluster. */
export function processesOf({ jobManager, taskManagers, jobServer }: FlinkState): LocalProcess[] {
  return [jobManager, ...taskManagers, jobServer];
}
