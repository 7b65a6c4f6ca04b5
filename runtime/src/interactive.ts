/**
 * The interactive runner: looking at PCollections while a pipeline is being written, and promoting it to a job.
 *
 * `import * as ib from 'millrace/interactive'`; the names are Interactive Beam's, in camelCase.
 *
 * @module
 */
import type { JobInfo } from './portable/job/job-client.ts';
import type { Job } from './promote/job.ts';
import type { PromoteOptions } from './promote/promote-options.ts';
import type { PromoteTarget } from './promote/promote.ts';
import type { FindOptions } from './promote/reconnect.ts';

export * from './interactive/index.ts';
export type { JobInfo, JobLogMessage } from './portable/job/job-client.ts';
export type { JobState } from './portable/job/job-state.ts';
export type { Job, WaitOptions } from './promote/job.ts';
export type { JobMetricsView, JobResult } from './promote/job-result.ts';
export type { EnvironmentOptions, PromoteOptions, ResourceHints } from './promote/promote-options.ts';
export type { PromoteTarget } from './promote/promote.ts';
export type { FindOptions } from './promote/reconnect.ts';

/**
 * Runs PCollections, or a whole pipeline, unchanged, as a job on a portable runner.
 *
 * What they need, and nothing else, is given to the runner, with its functions and files. The Job is there when the
 * runner has accepted it; as the last expression of a cell it shows itself, live.
 *
 * @throws {PipelineError} what the user can mend: a runner that is not there or lacks something, a function that cannot
 *   be shipped, a rehearsal whose results differ.
 */
export async function promote(target: PromoteTarget, options: PromoteOptions): Promise<Job> {
  // What it needs is loaded with the first job: looking at a PCollection needs none of it.
  const [{ promote: submit }, millrace, interactive, testing] = await Promise.all([
    import('./promote/promote.ts'),
    import('./index.ts'),
    import('./interactive.ts'),
    import('./testing.ts'),
  ]);
  const modules = { millrace, 'millrace/interactive': interactive, 'millrace/testing': testing };
  return await submit(target, { ...options, modules });
}

/** Finds a job that runs, or ran, by its id: after a restart of the kernel, or from another notebook. */
export async function job(id: string, options: FindOptions): Promise<Job> {
  return await (await import('./promote/reconnect.ts')).job(id, options);
}

/** The jobs that a job service knows. */
export async function jobs(options: FindOptions): Promise<readonly JobInfo[]> {
  return await (await import('./promote/reconnect.ts')).jobs(options);
}
