import { hostname } from 'node:os';
import { PipelineError } from '../errors.ts';
import type { RunnerName } from '../portable/capabilities/runner-capabilities.ts';
import { flinkStatus } from '../runners/flink.ts';
import { startPrism } from '../runners/prism.ts';
import type { ConnectOptions } from './promote-options.ts';

/** The runner that a job goes to. */
export interface RunnerTarget {
  readonly runner: RunnerName;
  readonly endpoint: string;
  readonly restEndpoint: string | undefined;
  /** Its processes run on this machine, as far as its address tells. */
  readonly isLocal: boolean;
}

/**
 * Finds where the job service is; for Prism, starts one on this machine where none is named.
 *
 * @throws {PipelineError} if there is none.
 */
export async function runnerTarget(
  runner: RunnerName,
  { endpoint, restEndpoint, signal }: ConnectOptions,
): Promise<RunnerTarget> {
  if (endpoint !== undefined) {
    const isLocal = isLocalEndpoint(endpoint);
    const local = runner === 'flink' && isLocal ? await flinkStatus() : undefined;
    const known = local?.runner.endpoint === endpoint ? local.runner.restEndpoint : undefined;
    return { runner, endpoint, restEndpoint: restEndpoint ?? known, isLocal };
  }
  switch (runner) {
    case 'prism': {
      const prism = await startPrism({ signal });
      return { runner, endpoint: prism.endpoint, restEndpoint, isLocal: true };
    }
    case 'flink': {
      const status = await flinkStatus();
      if (status === undefined) {
        throw new PipelineError(
          'Cannot reach Flink as a cluster must run on this machine, or an endpoint be given: received neither',
          { hint: 'Start one with npx millrace flink up, or give the endpoint of its job server' },
        );
      }
      const { runner: flink } = status;
      return {
        runner,
        endpoint: flink.endpoint,
        restEndpoint: restEndpoint ?? flink.restEndpoint,
        isLocal: true,
      };
    }
    case 'portable':
      throw new PipelineError(
        'Cannot reach the runner as its endpoint must be given: received none with the runner "portable"',
        { hint: "Give the address of its job service: { runner: 'portable', endpoint: 'localhost:8099' }" },
      );
  }
}

/** True for an address of this machine. */
export function isLocalEndpoint(endpoint: string): boolean {
  const host = endpoint.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return ['localhost', '::1', hostname()].includes(host) || /^127\.\d+\.\d+\.\d+$/.test(host);
}
