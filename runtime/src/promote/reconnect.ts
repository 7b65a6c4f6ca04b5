import { PipelineError } from '../errors.ts';
import { watchRun } from '../interactive/watch-run.ts';
import { requireRunner } from '../portable/capabilities/require-capabilities.ts';
import { pipelineGraph } from '../portable/from-proto/pipeline-graph.ts';
import { JobClient, type JobInfo } from '../portable/job/job-client.ts';
import { UnknownJobError } from '../portable/job/job-service-error.ts';
import { findPrism } from '../runners/prism.ts';
import { flinkJobOf } from './flink-job-of.ts';
import { Job } from './job.ts';
import { jobGraph } from './job-graph.ts';
import type { ConnectOptions, PromoteOptions } from './promote-options.ts';
import { runnerTarget } from './runner-target.ts';

/** Where jobs are looked for. */
export interface FindOptions extends ConnectOptions {
  /** 'portable' by default, which needs an endpoint; 'prism' and 'flink' find those of this machine by themselves. */
  readonly runner?: PromoteOptions['runner'] | undefined;
}

/**
 * Finds a job that runs, or ran, by its id: after a restart of the kernel, or from another notebook.
 *
 * @throws {PipelineError} if its service is not there, or does not know it.
 */
export async function job(id: string, options: FindOptions): Promise<Job> {
  return await connected(options, async (client, { runner, restEndpoint, signal }) => {
    const info = (await client.list({ signal })).find((one) => one.id === id);
    if (info === undefined) return await forgottenJob(id, { client, runner, restEndpoint });
    const pipeline = await client.pipeline(id, { signal });
    return new Job({
      client,
      id,
      name: info.name === '' ? id : info.name,
      runner,
      graph: pipeline === undefined ? undefined : jobGraph(pipelineGraph(pipeline), pipeline),
      flink: flinkJobOf(info.options, restEndpoint),
      state: info.state,
      close: () => {
        client.close();
        return Promise.resolve();
      },
    });
  });
}

/** A job that Beam's job server does not know, as it was started anew, and that its cluster still has. */
async function forgottenJob(
  id: string,
  {
    client,
    runner,
    restEndpoint,
  }: {
    readonly client: JobClient;
    readonly runner: PromoteOptions['runner'];
    readonly restEndpoint: string | undefined;
  },
): Promise<Job> {
  // The server makes the id of the job's name in Flink.
  const name = id.replace(/_[0-9a-f-]{36}$/, '');
  const flink = flinkJobOf({ job_name: name }, restEndpoint);
  const state = await flink?.state();
  if (state === undefined) throw new UnknownJobError(id, { endpoint: client.endpoint });
  const close = () => {
    client.close();
    return Promise.resolve();
  };
  return new Job({ client, id, name, runner, graph: undefined, state, flink, close });
}

/** The jobs that a job service knows; it forgets them when it restarts. */
export async function jobs(options: FindOptions): Promise<readonly JobInfo[]> {
  return await connected(options, async (client, { signal }) => {
    try {
      return await client.list({ signal });
    } finally {
      client.close();
    }
  });
}

async function connected<T>(
  options: FindOptions,
  work: (
    client: JobClient,
    found: {
      readonly runner: PromoteOptions['runner'];
      readonly restEndpoint?: string | undefined;
      readonly signal: AbortSignal;
    },
  ) => Promise<T>,
): Promise<T> {
  const runner = requireRunner(options.runner ?? 'portable');
  return await watchRun(options.signal, async ({ signal }) => {
    // Looking for jobs starts no runner.
    if (runner === 'prism' && options.endpoint === undefined && (await findPrism()) === undefined) {
      throw new PipelineError('Cannot find jobs of Prism as it must run on this machine: received none', {
        hint: 'It ends by itself an hour after its last job, and forgets its jobs then; an endpoint names another one',
      });
    }
    const { endpoint, restEndpoint } = await runnerTarget(runner, { ...options, signal });
    const { tls, token } = options;
    const client = await JobClient.connect({ url: endpoint, tls, token }, { signal });
    try {
      return await work(client, { runner, restEndpoint, signal });
    } catch (error) {
      client.close();
      throw error;
    }
  });
}
