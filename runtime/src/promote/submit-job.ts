import { captureModule } from '../capture/capture-module.ts';
import type { Fragment } from '../graph/fragment.ts';
import { notebookHost } from '../interactive/notebook-host.ts';
import type { AppliedPTransform } from '../model/applied-ptransform.ts';
import { requireCapabilities } from '../portable/capabilities/require-capabilities.ts';
import { environment } from '../portable/environments.ts';
import type { FlinkJob } from '../portable/job/flink-job.ts';
import { JobClient } from '../portable/job/job-client.ts';
import type { JobState } from '../portable/job/job-state.ts';
import type { PortablePipeline, ToPortableOptions } from '../portable/portable-pipeline.ts';
import { toPortable } from '../portable/to-proto/to-portable.ts';
import { flinkJobOf } from './flink-job-of.ts';
import type { MillraceModules, PromoteOptions } from './promote-options.ts';
import { resourceHints } from './resource-hints.ts';
import { runnerOptions } from './runner-options.ts';
import type { RunnerTarget } from './runner-target.ts';
import { wireName } from './wire-name.ts';
import { openPlace } from './worker-place.ts';

/** What becomes a job. */
export interface JobPlan extends Pick<ToPortableOptions, 'inputs' | 'collect'> {
  readonly name: string;
  readonly fragment: Fragment;
  readonly names: ReadonlyMap<AppliedPTransform, string>;
}

/** A job that its runner has accepted. */
export interface SubmittedJob {
  readonly client: JobClient;
  readonly id: string;
  readonly portable: PortablePipeline;
  /** How far it is now. */
  readonly state: JobState;
  /** The same job as Flink knows it. */
  readonly flink: FlinkJob | undefined;
  /** Ends what runs here for the job. */
  readonly close: () => Promise<void>;
}

/** What `submitJob` takes beside the plan. */
export interface SubmitOptions extends MillraceModules {
  readonly options: PromoteOptions;
  readonly target: RunnerTarget;
  readonly signal: AbortSignal;
}

/** Of each PCollection, for `job.sample()`. */
const SAMPLES = 5;

/**
 * Puts a fragment in portable form, and gives it to a runner with all files that it needs.
 *
 * The runner is asked whether it is there before anything is captured, and its capabilities are checked.
 *
 * @throws {PipelineError} what the user can mend.
 */
export async function submitJob(
  plan: JobPlan,
  { options, target, modules, signal }: SubmitOptions,
): Promise<SubmittedJob> {
  const { name, fragment, names, inputs, collect } = plan;
  requireCapabilities(fragment, { runner: target.runner, names });
  const { tls, token, parallelism, samples = SAMPLES, pipelineOptions } = options;
  const client = await JobClient.connect({ url: target.endpoint, tls, token }, { signal });
  const opened = await openPlace(options.environment, target);
  try {
    const portable = await toPortable({
      fragment,
      names,
      inputs,
      collect,
      environment: environment(opened.place),
      resourceHints: resourceHints(options.resourceHints ?? {}),
      capture: (exports, subjects) =>
        captureModule({
          exports,
          subjects,
          modules,
          directory: process.cwd(),
          sourceOf: (url) => notebookHost()?.sourceOf?.(url),
        }),
    });
    const id = await client.submit(
      {
        name: wireName(name),
        pipeline: portable.proto,
        artifacts: portable.artifacts,
        options: {
          ...runnerOptions(fragment, { name, runner: target.runner, parallelism }),
          millraceSamples: samples,
          millraceDirectory: process.cwd(), // relative paths begin there, also on workers
          ...pipelineOptions,
        },
      },
      { signal },
    );
    const info = (await client.list({ signal })).find((job) => job.id === id);
    return {
      client,
      id,
      portable,
      state: info?.state ?? 'UNSPECIFIED',
      flink: flinkJobOf(info?.options ?? {}, target.restEndpoint),
      close: async () => {
        client.close();
        await opened.close();
      },
    };
  } catch (error) {
    client.close();
    await opened.close();
    throw error;
  }
}
