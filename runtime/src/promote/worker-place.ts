import { PipelineError } from '../errors.ts';
import type { WorkerPlace } from '../portable/environments.ts';
import { workerCommand } from '../portable/worker/worker-command.ts';
import { startWorkerPool } from '../portable/worker/worker-pool.ts';
import type { EnvironmentOptions } from './promote-options.ts';
import type { RunnerTarget } from './runner-target.ts';

/** Where user code will run, and what ends what we started for it. */
export interface OpenPlace {
  readonly place: WorkerPlace;
  /** Ends a loopback pool; nothing else was started by us. */
  close(): Promise<void>;
}

/**
 * Makes what the options say of the environment ready.
 *
 * The default is a worker process of the runner: it needs nothing but this installation, and the job outlives the
 * notebook. That needs the runner on this machine.
 *
 * @throws {PipelineError} for a runner elsewhere without an environment, and for loopback to one.
 */
export async function openPlace(
  options: EnvironmentOptions | undefined,
  { isLocal, endpoint }: RunnerTarget,
): Promise<OpenPlace> {
  const nothing = () => Promise.resolve();
  if (options === undefined && !isLocal) {
    throw new PipelineError(
      `Cannot promote as workers of a runner on another machine need an environment: received none for ${endpoint}`,
      {
        hint: "Give an image made from the Dockerfile of millrace export, { environment: { kind: 'docker', image } }, or a pool that runs beside the runner, { kind: 'external', endpoint }",
      },
    );
  }
  const environment = options ?? { kind: 'process' };
  switch (environment.kind) {
    case 'process':
      return {
        place: {
          kind: 'process',
          command: await workerCommand(),
        },
        close: nothing,
      };
    case 'external':
      return { place: { kind: 'external', endpoint: environment.endpoint }, close: nothing };
    case 'docker':
      return { place: { kind: 'docker', image: environment.image }, close: nothing };
    case 'loopback': {
      if (!isLocal) {
        throw new PipelineError(
          `Cannot run workers in this process as the runner must reach it: received a runner at ${endpoint}`,
          { hint: "Take { kind: 'docker', image } or { kind: 'external', endpoint } as the environment" },
        );
      }
      const pool = await startWorkerPool();
      return { place: { kind: 'external', endpoint: pool.url }, close: () => pool.close() };
    }
  }
}
