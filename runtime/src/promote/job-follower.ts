import type { JobClient, JobLogMessage, JobStateEvent } from '../portable/job/job-client.ts';
import type { FlinkJob } from '../portable/job/flink-job.ts';
import { readJobMetrics, type JobMetrics } from '../portable/job/job-metrics.ts';
import { UnknownJobError, UnreachableJobServiceError } from '../portable/job/job-service-error.ts';
import { isTerminal, type JobState } from '../portable/job/job-state.ts';
import { waitFor } from '../portable/job/retry.ts';

/** How often a runner is asked for metrics while a job runs, in milliseconds; longer for a long job. */
const METRICS_EVERY = { first: 1_000, later: 5_000, laterAfter: 120_000 };
/** Messages kept; a runner that tells more than this has told the same for long. */
const MOST_MESSAGES = 1_000;
/** How long messages may still come after the end of a job, in milliseconds. */
const LAST_WORDS = 3_000;
/** How long the job service may be away before who waits is told, in milliseconds. */
const AWAY = 60_000;
const RECONNECT_EVERY = 1_000;
/** A runner tells at once what it has told before; how long we listen to it, in milliseconds. */
const PEEK = 500;

/** How every job begins: it does not go back on this way. */
const BEGINNING: readonly JobState[] = ['STOPPED', 'STARTING', 'RUNNING'];

/** A state that a job was in, and since when. */
export interface StateChange {
  readonly state: JobState;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What the follower takes. */
export interface FollowOptions {
  readonly client: JobClient;
  readonly id: string;
  /** The same job as Flink knows it: more, and sooner, than its job service. */
  readonly flink?: FlinkJob | undefined;
}

/**
 * Follows one job: its states, its messages and its metrics, until it has ended.
 *
 * Streams that break are opened again; a job service that is away for a minute, or that has forgotten the job, ends the
 * following with an error, and the job goes on.
 */
export class JobFollower {
  readonly #options: FollowOptions;
  readonly #listeners = new Set<() => void>();
  readonly #abort = new AbortController();
  readonly states: StateChange[] = [];
  messages: JobLogMessage[] = [];
  metrics: JobMetrics | undefined;
  /** Texts of failures after which the runner may have tried again. */
  failures: readonly string[] = [];
  /** Why nothing new comes, for now or for ever. */
  trouble: string | undefined;
  #following: Promise<JobState> | undefined;

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  get state(): JobState {
    return this.states.at(-1)?.state ?? 'UNSPECIFIED';
  }

  /** Calls `listener` whenever something is new. Returns what ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Follows from now on; gives the state in which the job ended. The same promise for all. */
  follow(): Promise<JobState> {
    if (this.#following === undefined) {
      this.#following = this.#follow();
      // Who waits for the end is told; a display shows the trouble.
      this.#following.catch(() => undefined);
    }
    return this.#following;
  }

  /** Follows no longer, and closes the connection. */
  close(): void {
    this.#abort.abort();
    this.#options.client.close();
  }

  /** Reads the metrics now. */
  async refreshMetrics(): Promise<JobMetrics | undefined> {
    const { client, id, flink } = this.#options;
    const told = await client.metrics(id, { signal: this.#abort.signal }).catch((error: unknown) => {
      if (flink === undefined) throw error;
      return undefined;
    });
    const isEmpty = told === undefined || told.attempted.length + told.committed.length === 0;
    const results = isEmpty ? ((await flink?.metrics()) ?? told) : told;
    if (results !== undefined) this.metrics = readJobMetrics(results);
    this.#changed();
    return this.metrics;
  }

  /** Reads what went wrong so far, where Flink tells it before the job has failed. */
  async refreshFailures(): Promise<void> {
    const failures = await this.#options.flink?.failures();
    if (failures === undefined || failures.length <= this.failures.length) return;
    this.failures = failures;
    this.#changed();
  }

  /** Asks once for the state and for what was told, unless both are followed already. */
  async peek(): Promise<void> {
    if (this.#following !== undefined) return;
    this.observe(await this.#askState());
    await this.refreshMetrics().catch(() => undefined); // they come while it runs, or not at all
    // Not AbortSignal.timeout with AbortSignal.any: Node 20 may collect the former as garbage before its time.
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), PEEK);
    await this.#readMessages(AbortSignal.any([this.#abort.signal, late.signal])).catch(() => undefined);
    clearTimeout(timer);
  }

  /** Takes a state, from the stream or from an answer of the service. */
  observe(event: JobStateEvent): void {
    if (event.state === this.state || isTerminal(this.state)) return;
    // A stream of states begins with what is past.
    const place = BEGINNING.indexOf(event.state);
    if (place >= 0 && place < BEGINNING.indexOf(this.state)) return;
    this.states.push({ state: event.state, at: event.at ?? Date.now() });
    this.#changed();
  }

  async #follow(): Promise<JobState> {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.#abort.signal]);
    const messages = this.#followMessages(signal);
    const metrics = this.#followMetrics(signal);
    try {
      await this.#followStates(signal);
      await Promise.race([messages, waitFor(LAST_WORDS, signal)]);
      await this.refreshMetrics().catch(() => undefined); // what is known of it is kept
      return this.state;
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      over.abort();
      await Promise.allSettled([messages, metrics]);
      this.#changed();
    }
  }

  async #followStates(signal: AbortSignal): Promise<void> {
    const { client, id } = this.#options;
    // Whoever hears of the end first ends the listening.
    const ended = new AbortController();
    const stop = this.onChange(() => {
      if (isTerminal(this.state)) ended.abort();
    });
    signal.addEventListener('abort', stop, { once: true });
    const listening = AbortSignal.any([signal, ended.signal]);
    let awaySince: number | undefined;
    while (!isTerminal(this.state)) {
      try {
        for await (const event of client.states(id, listening)) {
          awaySince = undefined;
          this.trouble = undefined;
          this.observe(event);
        }
      } catch (error) {
        signal.throwIfAborted();
        if (ended.signal.aborted) return;
        if (error instanceof UnknownJobError) {
          await this.#stateElsewhere(error);
        } else if (error instanceof UnreachableJobServiceError) {
          awaySince ??= Date.now();
          if (Date.now() - awaySince > AWAY) throw error;
          this.trouble = `${client.endpoint} does not answer; the job may go on`;
        } else {
          throw error;
        }
        this.#changed();
      }
      // Also after a stream that ended too early.
      if (!isTerminal(this.state)) await waitFor(RECONNECT_EVERY, signal);
    }
  }

  async #askState(): Promise<JobStateEvent> {
    const { client, id, flink } = this.#options;
    try {
      return await client.state(id, { signal: this.#abort.signal });
    } catch (error) {
      const state = error instanceof UnknownJobError ? await flink?.state() : undefined;
      if (state === undefined) throw error;
      return { state, at: undefined };
    }
  }

  /** The job service was started anew: the cluster itself still knows. */
  async #stateElsewhere(error: UnknownJobError): Promise<void> {
    const state = await this.#options.flink?.state();
    if (state === undefined) throw error;
    this.trouble = `${this.#options.client.endpoint} has forgotten the job; its state is from Flink itself`;
    this.observe({ state, at: undefined });
  }

  async #followMessages(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#readMessages(signal);
        if (isTerminal(this.state)) return;
      } catch {
        // The states' stream has the same trouble, and tells of it.
      }
      await waitFor(RECONNECT_EVERY, signal).catch(() => undefined);
    }
  }

  /** Reads messages until the runner ends the stream. */
  async #readMessages(signal: AbortSignal): Promise<void> {
    const { client, id } = this.#options;
    let told = 0;
    for await (const message of client.messages(id, signal)) {
      // A stream that is opened again begins anew.
      if (++told > this.messages.length) this.#addMessage(message);
    }
  }

  #addMessage(message: JobLogMessage): void {
    if (this.messages.length < MOST_MESSAGES) this.messages.push(message);
    this.#changed();
  }

  async #followMetrics(signal: AbortSignal): Promise<void> {
    const began = Date.now();
    while (!signal.aborted) {
      const isLong = Date.now() - began > METRICS_EVERY.laterAfter;
      try {
        await waitFor(isLong ? METRICS_EVERY.later : METRICS_EVERY.first, signal);
        await this.refreshMetrics();
        await this.refreshFailures();
        // Flink's job server may keep a stream of states open and not tell the last one.
        if (!isTerminal(this.state)) this.observe(await this.#askState());
      } catch {
        // As with messages.
      }
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
