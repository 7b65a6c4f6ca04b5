import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PipelineError } from '../errors.ts';
import type { PCollection } from '../model/pcollection.ts';
import { readCollected } from '../portable/read-collected.ts';
import { failureOf } from './job-failed-error.ts';
import { JobFollower } from './job-follower.ts';
import { submitJob, type JobPlan, type SubmitOptions } from './submit-job.ts';

/**
 * Runs a fragment on a runner, and brings elements of PCollections back, each exactly once.
 *
 * They come through files in a temporary folder of this machine, so the runner's workers must be on it.
 *
 * @returns the elements of each, in no order.
 * @throws {PipelineError} why the job failed, or was not accepted.
 */
export async function collectOnRunner(
  pcollections: readonly PCollection<unknown>[],
  { plan, submission }: { readonly plan: Omit<JobPlan, 'collect'>; readonly submission: SubmitOptions },
): Promise<readonly (readonly unknown[])[]> {
  const { signal, target } = submission;
  if (!target.isLocal) {
    throw new PipelineError(
      `Cannot bring elements back as the workers must reach a folder of this machine: received a runner at ${target.endpoint}`,
      { hint: 'Rehearse on a runner of this machine, and promote to the other one without' },
    );
  }
  const root = await mkdtemp(path.join(tmpdir(), 'millrace-collect-'));
  const folders = new Map(
    pcollections.map((pcollection, index) => [pcollection, path.join(root, String(index))]),
  );
  try {
    for (const folder of folders.values()) await mkdir(folder);
    await runToEnd({ ...plan, collect: folders }, submission);
    const answers: unknown[][] = [];
    for (const pcollection of pcollections) {
      const values: unknown[] = [];
      for await (const { value } of readCollected(folders.get(pcollection) ?? root)) {
        values.push(value);
        if (values.length % 10_000 === 0) signal.throwIfAborted();
      }
      answers.push(values);
    }
    return answers;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Submits, waits for the end, and cancels the job if that is given up. */
async function runToEnd(plan: JobPlan, submission: SubmitOptions): Promise<void> {
  const { signal } = submission;
  const { client, id, close } = await submitJob(plan, submission);
  const follower = new JobFollower({ client, id });
  const abort = () => void client.cancel(id).catch(() => undefined); // its end ends the waiting
  signal.addEventListener('abort', abort, { once: true });
  try {
    const state = await follower.follow();
    signal.throwIfAborted();
    if (state === 'FAILED') throw failureOf(follower.messages, { name: plan.name, id });
    if (state !== 'DONE') {
      throw new PipelineError(`Cannot go on as the job "${plan.name}" must be done: received ${state}`, {
        hint: 'Somebody else has cancelled it; run the cell again',
      });
    }
  } finally {
    signal.removeEventListener('abort', abort);
    follower.close();
    await close();
  }
}
