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

/** Windows that merge in a way of the user's: the worker would be asked to merge them, and no runner here asks it. */
const NO_MERGE =
  'no runner that Millrace knows has workers merge windows; it has its own session windows alone';

/**
 * What runners lack, as was seen and as their own code says it.
 *
 * What they have and do in another way than Beam's model is refused nowhere. Seen on the pipelines of the conformance list:
 *
 * - Prism 2.77: merges sessions that only touch, and not with a session that it has emitted; gives a merged session's pane
 *   as an early one; goes on after a trigger has finished; emits accumulated panes once more, as on-time and as late ones,
 *   when the input ends; has no last, empty pane (`fireAlways`); marks no pane as the last where lateness is allowed.
 * - Flink with Beam 2.62: in batches each window has one pane without pane info, whatever its trigger (a job that has
 *   triggers is a stream therefore, see promote/runner-options); where the watermark passes the end of a window and its
 *   lateness in one step, an empty pane may follow; calls the first pane of a session that was emitted before and has
 *   grown since on time, not late.
 *
 * - Prism: `internal/jobservices/management.go` (Prepare), `internal/coders.go` (windows), no Drain in its job service.
 * - Flink: `FlinkBatchPortablePipelineTranslator`, `FlinkStreamingPortablePipelineTranslator`; no Drain in its job service.
 */
export const RUNNERS: Readonly<Record<RunnerName, RunnerCapabilities>> = {
  prism: {
    title: 'Prism 2.77',
    lacks: {
      customMergingWindows: NO_MERGE,
      bundleFinalization: 'it never tells a worker that a bundle is committed',
      drain: 'its job service has no drain',
      checkpoint: 'it keeps everything in memory',
    },
  },
  flink: {
    title: "Flink 1.19 with Beam's portable runner 2.62",
    lacks: {
      customMergingWindows: NO_MERGE,
      testStreamProcessingTime: 'processing time of a test stream cannot be advanced there',
      drain: 'its job service has no drain; a savepoint of Flink itself stops a streaming job',
    },
  },
  /** Its job service says itself what it lacks. */
  portable: { title: 'the portable runner', lacks: { customMergingWindows: NO_MERGE } },
};
