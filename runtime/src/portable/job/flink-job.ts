import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import { GetJobMetricsResponseSchema, type MetricResults } from '../../proto/job-api.ts';
import type { JobState } from './job-state.ts';

/** What Flink calls the states of a job, in Beam's words. */
const STATES: Readonly<Record<string, JobState>> = {
  INITIALIZING: 'STARTING',
  CREATED: 'STARTING',
  RUNNING: 'RUNNING',
  RESTARTING: 'RUNNING',
  RECONCILING: 'RUNNING',
  FAILING: 'RUNNING',
  SUSPENDED: 'STOPPED',
  FINISHED: 'DONE',
  FAILED: 'FAILED',
  CANCELLING: 'CANCELLING',
  CANCELED: 'CANCELLED',
};

const TIMEOUT = 5_000;
/** Where Beam's runner keeps its metrics in Flink. */
const ACCUMULATOR = '__metricscontainers';

/**
 * A job as Flink itself knows it, by its REST API.
 *
 * Beam's job server 2.62 gives metrics only of a job that has ended, forgets its jobs when it restarts, tells no failure
 * before the last attempt, and its cancel ends the watching of a job and not the job on the cluster. Flink does all of
 * that. What the cluster does not answer is unknown: undefined, not an error.
 */
export class FlinkJob {
  readonly #url: string;
  readonly #name: string;
  #found: string | undefined;

  /**
   * @param url Of the REST API: "http://localhost:8081".
   * @param name The job's name in Flink, which Beam takes from the option job_name. The latest job of that name counts.
   */
  constructor(url: string, name: string) {
    this.#url = (/^https?:/.test(url) ? url : `http://${url}`).replace(/\/+$/, '');
    this.#name = name;
  }

  /** How far it is. */
  async state(): Promise<JobState | undefined> {
    const job = await this.#get('');
    return isRecord(job) && typeof job.state === 'string' ? STATES[job.state] : undefined;
  }

  /** Metrics of the bundles that ended, some seconds old. */
  async metrics(): Promise<MetricResults | undefined> {
    const answer = await this.#get('/accumulators');
    const accumulators = isRecord(answer) ? recordsIn(answer['user-task-accumulators']) : [];
    const found = accumulators.find(({ name }) => name === ACCUMULATOR)?.value;
    if (typeof found !== 'string') return undefined;
    try {
      // protobuf's own JSON form, which fromJson checks.
      const json = JSON.parse(found) as JsonValue;
      return fromJson(GetJobMetricsResponseSchema, json, { ignoreUnknownFields: true }).metrics;
    } catch {
      return undefined; // another version of Beam's runner writes something else
    }
  }

  /** Texts of the failures so far, oldest first: also of attempts after which Flink tried again. */
  async failures(): Promise<readonly string[]> {
    const answer = await this.#get('/exceptions');
    const history = isRecord(answer) && isRecord(answer.exceptionHistory) ? answer.exceptionHistory : {};
    return recordsIn(history.entries)
      .flatMap((entry) => [entry, ...recordsIn(entry.concurrentExceptions)])
      .flatMap(({ stacktrace }) => (typeof stacktrace === 'string' ? [stacktrace] : []))
      .reverse();
  }

  /** Ends it on the cluster. Gives whether Flink has taken that. */
  async cancel(): Promise<boolean> {
    const id = await this.#id();
    if (id === undefined) return false;
    const answer = await this.#fetch(`/jobs/${id}?mode=cancel`, 'PATCH');
    return answer?.ok === true;
  }

  async #get(path: string): Promise<unknown> {
    const id = await this.#id();
    return id === undefined ? undefined : await this.#json(`/jobs/${id}${path}`);
  }

  async #id(): Promise<string | undefined> {
    if (this.#found !== undefined) return this.#found;
    const overview = await this.#json('/jobs/overview');
    const jobs = isRecord(overview) ? recordsIn(overview.jobs) : [];
    const [latest] = jobs
      .filter(({ name }) => name === this.#name)
      .sort((a, b) => Number(b['start-time']) - Number(a['start-time']));
    this.#found = typeof latest?.jid === 'string' ? latest.jid : undefined;
    return this.#found;
  }

  async #json(path: string): Promise<unknown> {
    const answer = await this.#fetch(path, 'GET');
    try {
      return answer?.ok === true ? await answer.json() : undefined;
    } catch {
      return undefined; // cut off: as if it had not answered
    }
  }

  async #fetch(path: string, method: 'GET' | 'PATCH'): Promise<Response | undefined> {
    try {
      return await fetch(`${this.#url}${path}`, { method, signal: AbortSignal.timeout(TIMEOUT) });
    } catch {
      return undefined; // the cluster is away
    }
  }
}

type Fields = Readonly<Record<string, unknown>>;

function recordsIn(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
