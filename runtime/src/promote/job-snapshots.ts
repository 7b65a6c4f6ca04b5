import { describeError } from '../display/describe-error.ts';
import { formatPlural } from '../display/format.ts';
import type { JobTone, JobView } from '../display/job-view.ts';
import { isTerminal, type JobState } from '../portable/job/job-state.ts';
import { workerErrorFrom } from '../portable/worker-error.ts';
import { failureOf } from './job-failed-error.ts';
import type { JobFollower } from './job-follower.ts';
import { annotate, stepsOf, type JobGraph, type StepProgress } from './job-graph.ts';
import { jobMetricRows } from './job-metric-rows.ts';

/** What of a job never changes. */
export interface JobFacts {
  readonly name: string;
  readonly id: string;
  /** In words. */
  readonly runner: string;
  readonly endpoint: string;
  readonly graph: JobGraph | undefined;
  readonly notes: readonly string[];
}

const TONES: Readonly<Record<JobState, JobTone>> = {
  UNSPECIFIED: 'waiting',
  STOPPED: 'waiting',
  STARTING: 'waiting',
  RUNNING: 'running',
  DRAINING: 'running',
  UPDATING: 'running',
  CANCELLING: 'stopped',
  DONE: 'done',
  DRAINED: 'done',
  UPDATED: 'done',
  FAILED: 'failed',
  CANCELLED: 'stopped',
};

/** What a view says while it has nothing to count; Flink tells of whole bundles alone. */
const NO_COUNTS = 'element counts come when the first bundles have ended';
/** Messages that a display shows. */
const LAST_MESSAGES = 20;
/** Throughput is that of the last so many milliseconds. */
const RECENT = 5_000;

/** Pictures of a job, one moment after another: what is known now, and how fast it changes. */
export class JobSnapshots {
  readonly #follower: JobFollower;
  readonly #facts: JobFacts;
  readonly #firstSeen: number;
  readonly #now: () => number;
  /** Element counts of the last seconds, oldest first. */
  #recent: { readonly at: number; readonly elements: ReadonlyMap<string, number> }[] = [];

  constructor(follower: JobFollower, facts: JobFacts, now: () => number = Date.now) {
    this.#follower = follower;
    this.#facts = facts;
    this.#now = now;
    this.#firstSeen = now();
  }

  take(): JobView {
    const { state, states, messages, failures, metrics, trouble } = this.#follower;
    const { graph, ...facts } = this.#facts;
    const isOver = isTerminal(state);
    const end = isOver ? (states.at(-1)?.at ?? this.#now()) : this.#now();
    const elapsedMs = isTerminal(states[0]?.state ?? state) ? undefined : Math.max(0, end - this.#firstSeen);
    const tone = TONES[state];
    const failure = state === 'FAILED' ? failureOf(messages, this.#facts) : undefined;
    const steps =
      graph === undefined
        ? []
        : stepsOf(graph, metrics, errorsOf([...failures, ...messages.map(({ text }) => text)]));
    const speeds = this.#speeds(steps, { isOver, elapsedMs });
    return {
      ...facts,
      state,
      tone,
      states,
      elapsedMs,
      graph:
        graph === undefined
          ? undefined
          : annotate(graph, steps, {
              metrics,
              rows: jobMetricRows(metrics ?? {}),
              state: tone === 'done' ? 'done' : isOver ? 'ended' : 'running',
            }),
      steps: steps.map((step) => ({ ...step, perSecond: speeds.get(step.name) })),
      counters: (metrics?.counters ?? []).map(({ transform, name, value, attempted }) => ({
        step: transform,
        name,
        value,
        ...(attempted !== undefined && attempted !== value && { attempted }),
      })),
      otherMetrics: jobMetricRows({ ...metrics, counters: [] }), // counters are numbers
      watermarkLagMs: undefined,
      messages: messages.slice(-LAST_MESSAGES).map(({ importance, text }) => ({ importance, text })),
      notes: [
        ...facts.notes,
        ...retriesNote(failures, isOver),
        ...(tone === 'running' && metrics?.elements.size === 0 ? [NO_COUNTS] : []),
        ...(trouble === undefined ? [] : [trouble]),
      ],
      error: failure === undefined ? undefined : describeError(failure)?.lines,
    };
  }

  /** Elements per second of each step: lately, or over all of a job that has ended. */
  #speeds(
    steps: readonly StepProgress[],
    { isOver, elapsedMs = 0 }: { readonly isOver: boolean; readonly elapsedMs: number | undefined },
  ): ReadonlyMap<string, number> {
    const at = this.#now();
    const elements = new Map(
      steps.flatMap((step) => (step.elements === undefined ? [] : [[step.name, step.elements]])),
    );
    this.#recent = [...this.#recent.filter((one) => at - one.at <= RECENT), { at, elements }];
    const [first] = this.#recent;
    const before = isOver || first === undefined ? new Map<string, number>() : first.elements;
    const ms = isOver ? elapsedMs : at - (first?.at ?? at);
    if (ms <= 0) return new Map();
    return new Map(
      [...elements].map(([name, count]) => [
        name,
        (Math.max(0, count - (before.get(name) ?? 0)) / ms) * 1000,
      ]),
    );
  }
}

/** What a runner tells of failures after which it tries again. */
function retriesNote(failures: readonly string[], isOver: boolean): readonly string[] {
  const last = failures.at(-1);
  if (last === undefined || isOver) return [];
  const why = workerErrorFrom(last)?.message ?? last.split('\n', 1)[0] ?? '';
  return [`the runner tries again after ${formatPlural(failures.length, 'failure')}, the last: ${why}`];
}

/** How many errors were told of each step. */
function errorsOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const errors = new Map<string, number>();
  // A runner tells the same error in several texts, with more or less around it, and each time that it tries again.
  const seen = new Set<string>();
  for (const text of texts) {
    const error = workerErrorFrom(text);
    if (error?.transform === undefined || seen.has(error.message)) continue;
    seen.add(error.message);
    errors.set(error.transform, (errors.get(error.transform) ?? 0) + 1);
  }
  return errors;
}
