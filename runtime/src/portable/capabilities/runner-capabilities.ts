import type { Capability } from './capability.ts';

/** Whom a job can be given to: a runner that we know, or any other that has Beam's Job API. */
export type RunnerName = 'prism' | 'flink' | 'portable';

/** What is known of a runner. */
export interface RunnerCapabilities {
  /** With the version for which it holds. */
  readonly title: string;
  /** What it has not, and how that shows. All other rows of the matrix it has, as far as is known. */
  readonly lacks: Readonly<Partial<Record<Capability, string>>>;
}

/**
 * What runners lack, as their own code says it.
 *
 * - Prism: `internal/jobservices/management.go` (Prepare), `internal/coders.go` (windows), no Drain in its job service.
 * - Flink: `FlinkBatchPortablePipelineTranslator`, `FlinkStreamingPortablePipelineTranslator`; no Drain in its job service.
 */
export const RUNNERS: Readonly<Record<RunnerName, RunnerCapabilities>> = {
  prism: {
    title: 'Prism 2.77',
    lacks: {
      customMergingWindows: 'it merges session windows alone',
      drain: 'its job service has no drain',
      checkpoint: 'it keeps everything in memory',
    },
  },
  flink: {
    title: "Flink 1.19 with Beam's portable runner 2.62",
    lacks: {
      customMergingWindows: 'its job service refuses merging window functions that are not its own',
      drain: 'its job service has no drain; a savepoint of Flink itself stops a streaming job',
    },
  },
  /** Its job service says itself what it lacks. */
  portable: { title: 'the portable runner', lacks: {} },
};
