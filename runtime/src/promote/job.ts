import { jobBundle } from '../display/job-bundle.ts';
import { InterruptedError, PipelineError } from '../errors.ts';
import { notebookHost } from '../interactive/notebook-host.ts';
import { fullNames } from '../graph/names.ts';
import { PCollection } from '../model/pcollection.ts';
import { requireCapability } from '../portable/capabilities/require-capabilities.ts';
import { RUNNERS, type RunnerName } from '../portable/capabilities/runner-capabilities.ts';
import type { JobClient, JobLogMessage } from '../portable/job/job-client.ts';
import type { FlinkJob } from '../portable/job/flink-job.ts';
import { isTerminal, type JobState } from '../portable/job/job-state.ts';
import { JobDisplay, printStates } from './job-display.ts';
import { failureOf } from './job-failed-error.ts';
import { JobFollower } from './job-follower.ts';
import type { JobGraph } from './job-graph.ts';
import { metricsView, type JobMetricsView, type JobResult } from './job-result.ts';
import { samplesOf } from './job-samples.ts';
import { JobSnapshots } from './job-snapshots.ts';

/** What a Job is made of. */
export interface JobOptions {
  readonly client: JobClient;
  readonly id: string;
  readonly name: string;
  readonly runner: RunnerName;
  readonly graph: JobGraph | undefined;
  /** What its reader should know: what a rehearsal compared. */
  readonly notes?: readonly string[] | undefined;
  /** How far it is, as last heard of. */
  readonly state: JobState;
  /** The same job as Flink knows it. */
  readonly flink?: FlinkJob | undefined;
  /** Ends what runs here for the job: called once it has ended. */
  readonly close: () => Promise<void>;
}

/** What `wait` takes. */
export interface WaitOptions {
  /** Ends the waiting, and not the job; an interrupt of the cell does so by itself. */
  readonly signal?: AbortSignal;
  /** Gives up waiting after so many milliseconds, and not the job. */
  readonly timeoutMs?: number;
}

/**
 * A pipeline that runs on a portable runner.
 *
 * As the last expression of a cell it shows itself, live, until it has ended. The job does not need the notebook: it
 * goes on when the kernel ends, and `ib.job(id, { runner, endpoint })` finds it again.
 */
export class Job {
  readonly id: string;
  readonly name: string;
  readonly runner: RunnerName;
  readonly endpoint: string;
  readonly #client: JobClient;
  readonly #flink: FlinkJob | undefined;
  readonly #follower: JobFollower;
  readonly #snapshots: JobSnapshots;
  readonly #display: JobDisplay;
  readonly #close: () => Promise<void>;

  /** Use `promote` or `job`. */
  constructor({ client, id, name, runner, graph, notes = [], state, flink, close }: JobOptions) {
    this.id = id;
    this.name = name;
    this.runner = runner;
    this.endpoint = client.endpoint;
    this.#client = client;
    this.#flink = flink;
    this.#close = close;
    this.#follower = new JobFollower({ client, id, flink });
    this.#follower.observe({ state, at: undefined });
    this.#snapshots = new JobSnapshots(this.#follower, {
      name,
      id,
      runner: RUNNERS[runner].title,
      endpoint: client.endpoint,
      graph,
      notes,
    });
    this.#display = new JobDisplay(this.#follower, () => this.#snapshots.take());
  }

  /** How far it is, as last heard of; Beam's word: "RUNNING". */
  get state(): JobState {
    return this.#follower.state;
  }

  /**
   * Waits until the job has ended.
   *
   * An interrupt of the cell ends the waiting: the job goes on.
   *
   * @returns also for a job that was cancelled; see its `state`.
   * @throws {PipelineError} what made the job fail: of the user's function with its element, where there is one.
   * @throws {InterruptedError} when the waiting was ended.
   */
  async wait({ signal, timeoutMs }: WaitOptions = {}): Promise<JobResult> {
    const host = notebookHost();
    const late = new AbortController();
    const giveUp = [signal, host?.signal, late.signal].filter((one) => one !== undefined);
    if (giveUp.some(({ aborted }) => aborted)) throw this.#goesOn();
    const stopPrinting =
      host === undefined ? printStates(this.#follower, () => this.#snapshots.take()) : undefined;
    if (host !== undefined) await this.#display.showOnce(host);
    // Not AbortSignal.timeout with AbortSignal.any: Node 20 may collect the former as garbage before its time.
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => late.abort(), timeoutMs);
    try {
      const state = await this.#untilAborted(this.#ended(), giveUp);
      if (state === 'FAILED') throw failureOf(this.#follower.messages, this);
      const metrics = metricsView(this.#follower.metrics);
      return { state, counters: metrics.counters, metrics };
    } finally {
      clearTimeout(timer);
      stopPrinting?.();
    }
  }

  /** Ends the job at once; what it wrote stays. Cancelling one that has ended changes nothing. */
  async cancel(): Promise<JobState> {
    if (isTerminal(this.state)) return this.state;
    const isCancelledThere = (await this.#flink?.cancel()) === true;
    try {
      const state = await this.#client.cancel(this.id);
      // A job server may look at its cluster a little later.
      this.#follower.observe({ state: state === 'RUNNING' ? 'CANCELLING' : state, at: undefined });
    } catch (error) {
      if (!isCancelledThere) throw error;
      this.#follower.observe({ state: 'CANCELLING', at: undefined });
    }
    return this.state;
  }

  /**
   * Lets the job read no more, and end when all that it read is done.
   *
   * @throws {PipelineError} where the runner has no drain.
   */
  async drain(): Promise<JobState> {
    requireCapability(this.runner, 'drain', `drain ${this.name}`);
    this.#follower.observe({ state: await this.#client.drain(this.id), at: undefined });
    return this.state;
  }

  /** Counters, element counts and times, as the runner has them now; some have them only at the end. */
  async metrics(): Promise<JobMetricsView> {
    if (isTerminal(this.state) && this.#follower.metrics !== undefined)
      return metricsView(this.#follower.metrics);
    return metricsView(await this.#follower.refreshMetrics());
  }

  /** What the runner told so far, oldest first. */
  async logs(): Promise<readonly JobLogMessage[]> {
    await this.#follower.peek();
    return this.#follower.messages;
  }

  /**
   * A few elements of a PCollection, as the job had them: its last `samples` of each worker.
   *
   * @param pcollection One of the job's, or its name in the graph: "Count/GroupByKey".
   */
  async sample(pcollection: PCollection<unknown> | string): Promise<readonly unknown[]> {
    const metrics = isTerminal(this.state) ? this.#follower.metrics : undefined;
    return samplesOf(nameOf(pcollection), metrics ?? (await this.#follower.refreshMetrics()));
  }

  /** What a notebook shows: in ours, a view that follows the job. */
  async [Symbol.for('Jupyter.display')](): Promise<Readonly<Record<string, unknown>>> {
    const host = notebookHost();
    await this.#follower.peek();
    if (host === undefined) return (await jobBundle(this.#snapshots.take())).data;
    await this.#display.show(host);
    void this.#ended().catch(() => undefined); // the display tells
    return {};
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  toString(): string {
    return `Job "${this.name}" (${this.id}) on ${RUNNERS[this.runner].title} at ${this.endpoint}: ${this.state}`;
  }

  /** Follows the job to its end, then ends what runs here for it. */
  async #ended(): Promise<JobState> {
    const state = await this.#follower.follow();
    await this.#close();
    return state;
  }

  async #untilAborted<T>(work: Promise<T>, signals: readonly AbortSignal[]): Promise<T> {
    work.catch(() => undefined); // who gave up is told that
    const settled = new AbortController();
    try {
      return await Promise.race([
        work,
        new Promise<never>((_, reject) => {
          const giveUp = () => {
            const error = this.#goesOn();
            // The notebook says of itself that the cell was interrupted, and nothing of the job.
            if (notebookHost()?.signal.aborted === true) console.warn(error.message);
            reject(error);
          };
          for (const one of signals) one.addEventListener('abort', giveUp, { signal: settled.signal });
        }),
      ]);
    } finally {
      settled.abort();
    }
  }

  #goesOn(): InterruptedError {
    return new InterruptedError(
      `Waiting ended, and the job goes on: ${this.id} at ${this.endpoint}; end it with job.cancel()`,
    );
  }
}

/** A PCollection's id in the portable pipeline. */
function nameOf(pcollection: PCollection<unknown> | string): string {
  if (typeof pcollection === 'string') return pcollection;
  if (!(pcollection instanceof PCollection)) {
    throw new PipelineError(
      'Cannot give a sample as it takes a PCollection or the name of one: received neither',
      {
        hint: 'Give the variable of a PCollection that the job computes',
      },
    );
  }
  const { producer, tag } = pcollection;
  return `${fullNames([producer]).get(producer) ?? producer.label}.${tag}`;
}
