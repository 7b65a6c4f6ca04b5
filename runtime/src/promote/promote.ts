import type { NativePackage } from '../capture/captured-module.ts';
import { PipelineError } from '../errors.ts';
import { fragment } from '../graph/fragment.ts';
import { leaves } from '../graph/leaves.ts';
import { fullNames } from '../graph/names.ts';
import { watchRun } from '../interactive/watch-run.ts';
import type { PCollection } from '../model/pcollection.ts';
import { Pipeline } from '../model/pipeline.ts';
import { requireRunner } from '../portable/capabilities/require-capabilities.ts';
import { pipelineGraph } from '../portable/from-proto/pipeline-graph.ts';
import { Job } from './job.ts';
import { jobGraph } from './job-graph.ts';
import type { MillraceModules, PromoteOptions } from './promote-options.ts';
import { rehearse } from './rehearse.ts';
import { requireOptions } from './require-options.ts';
import { runnerTarget } from './runner-target.ts';
import { submitJob } from './submit-job.ts';

/** What can become a job. */
export type PromoteTarget = PCollection<unknown> | readonly PCollection<unknown>[] | Pipeline;

/**
 * Runs PCollections, or a whole pipeline, unchanged, on a portable runner.
 *
 * What they need, and nothing else, is put in Beam's portable form with its functions and files, and given to the runner.
 * The promise is kept when the runner has accepted the job; the job is shown live where the Job is.
 *
 * @throws {PipelineError} what the user can mend: no such runner, no runner there, a function that cannot be shipped, a
 *   rehearsal whose results differ.
 * @throws {InterruptedError} when the cell was interrupted before the runner had the job.
 */
export async function promote(
  target: PromoteTarget,
  { modules, ...options }: PromoteOptions & MillraceModules,
): Promise<Job> {
  const runner = requireRunner(options.runner);
  requireOptions(options);
  const targets = targetsOf(target);
  const whole = fragment(targets);
  const names = fullNames(whole.transforms);
  return await watchRun(options.signal, async ({ signal }) => {
    const place = await runnerTarget(runner, { ...options, signal });
    const name = options.jobName ?? targets[0]?.pipeline.name ?? 'millrace';
    const submission = { options, target: place, modules, signal };
    const { rehearse: isRehearsed = false } = options;
    let notes: readonly string[] = [];
    if (isRehearsed !== false) {
      const n = isRehearsed === true ? undefined : isRehearsed.n;
      notes = await rehearse({ name, fragment: whole, names }, { ...submission, n });
    }
    const { portable, ...submitted } = await submitJob({ name, fragment: whole, names }, submission);
    return new Job({
      ...submitted,
      name,
      runner,
      graph: jobGraph(pipelineGraph(portable.proto), portable.proto),
      notes: [...notes, ...nativePackagesNote(portable.nativePackages)],
    });
  });
}

/** Says which packages the workers must have beside the job's own code. */
function nativePackagesNote(packages: readonly NativePackage[]): readonly string[] {
  if (packages.length === 0) return [];
  const names = packages.map(({ name, version }) => `${name}@${version}`).join(' ');
  return [
    `Workers need these packages with native code, found here or installed in their image: npm install ${names}`,
  ];
}

function targetsOf(target: PromoteTarget): readonly PCollection<unknown>[] {
  const targets = target instanceof Pipeline ? leaves(target) : [target].flat();
  if (targets.length === 0) {
    throw new PipelineError(
      'Cannot promote as there must be something to compute: received an empty pipeline',
      {
        hint: 'Apply a transform, and promote what it gives',
      },
    );
  }
  return targets;
}
