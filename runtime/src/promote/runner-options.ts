import type { Fragment } from '../graph/fragment.ts';
import { asksForFinalizer } from '../model/bundle-finalizer.ts';
import type { RunnerName } from '../portable/capabilities/runner-capabilities.ts';
import { wireName } from './wire-name.ts';

/** What is known of a job. */
export interface AboutJob {
  readonly name: string;
  readonly runner: RunnerName;
  /** What its user wants. */
  readonly parallelism?: number | undefined;
}

/** What a runner is told of a job unless its user says otherwise: pipeline options by name. */
export function runnerOptions(
  { transforms }: Fragment,
  { name, runner, parallelism }: AboutJob,
): Readonly<Record<string, unknown>> {
  const outputs = transforms.flatMap((transform) => [...transform.outputs.values()]);
  // Runners that know batches read no trigger in them: all of a window comes in one pane, when all is there.
  // In one, Flink's runner 2.62 commits no bundle.
  const isStreaming =
    outputs.some(({ isBounded, windowing }) => !isBounded || windowing.trigger.kind !== 'default') ||
    transforms.some(({ spec }) => spec !== undefined && 'context' in spec && asksForFinalizer(spec.context));
  const hasTestStream = transforms.some(({ spec }) => spec?.kind === 'testStream');
  const isPlayedByFlink = runner === 'flink' && hasTestStream;
  return {
    jobName: jobName(name, runner),
    // Of two that play a stream, one falls behind: until its watermark comes too, what is late is taken for being in time.
    parallelism: isPlayedByFlink ? 1 : parallelism,
    ...(isStreaming && { streaming: true }),
    // What a bundle has made when a checkpoint ends it would wait for the next bundle otherwise: for ever, after the last one.
    ...(runner === 'flink' && isStreaming && { finishBundleBeforeCheckpointing: true }),
    // Flink's bundles go on over events; but an element must be done before the watermark that follows it comes.
    ...(isPlayedByFlink && { maxBundleSize: 1 }),
  };
}

function jobName(name: string, runner: RunnerName): string {
  // Flink knows a job by this name alone, so it must be of one job.
  return runner === 'flink' ? `${wireName(name)}-${crypto.randomUUID().slice(0, 8)}` : wireName(name);
}
