import type { Pipeline } from 'millrace';
import * as ib from 'millrace/interactive';
import type { CommandLine } from './command-line.ts';

/**
 * Runs a pipeline to its end, in this process or as a job on a runner.
 *
 * Ctrl+C ends a run in this process; a job goes on without us.
 *
 * @throws {PipelineError} what the pipeline's author can mend.
 */
export async function runOn(pipeline: Pipeline, commandLine: CommandLine): Promise<void> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort(new InterruptedRun('Interrupted'));
  process.once('SIGINT', stop);
  try {
    if (commandLine.runner === 'embedded') await pipeline.run({ signal: interrupt.signal });
    else await runAsJob(pipeline, commandLine, interrupt.signal);
  } finally {
    process.off('SIGINT', stop);
  }
}

/** Ctrl+C was pressed. */
export class InterruptedRun extends Error {
  override readonly name = 'InterruptedRun';
}

async function runAsJob(pipeline: Pipeline, commandLine: CommandLine, signal: AbortSignal): Promise<void> {
  const { runner, endpoint, jobName, parallelism, rehearse } = commandLine;
  if (runner === 'embedded') return;
  const job = await ib.promote(pipeline, {
    runner,
    endpoint,
    jobName,
    parallelism,
    environment: environmentOf(commandLine),
    rehearse,
    signal,
  });
  try {
    const { state } = await job.wait({ signal });
    if (state !== 'DONE') throw new InterruptedRun(`The job ended as ${state}`);
  } catch (error) {
    if (signal.aborted) console.log(`The job goes on: ${job.id} on ${job.endpoint}`);
    throw error;
  }
}

function environmentOf({ environment, image, workerPool }: CommandLine): ib.EnvironmentOptions | undefined {
  switch (environment) {
    case 'docker':
      return { kind: 'docker', image: image ?? '' };
    case 'external':
      return { kind: 'external', endpoint: workerPool ?? '' };
    case 'process':
    case 'loopback':
      return { kind: environment };
    case undefined:
      return undefined;
  }
}
