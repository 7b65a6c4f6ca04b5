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

/** Flink's own REST API: it knows a job while Beam's job server does not tell, or has forgotten it. */
export class FlinkRest {
  readonly #url: string;

  /** @param url "http://localhost:8081". */
  constructor(url: string) {
    this.#url = url.replace(/\/$/, '');
  }

  /** The state of the job that Beam calls `id`; undefined if Flink has none of that name, or does not answer. */
  async stateOf(id: string): Promise<JobState | undefined> {
    return STATES[(await this.#job(id))?.state ?? ''];
  }

  async #job(id: string): Promise<FlinkJob | undefined> {
    const overview = await this.#get('/jobs/overview');
    const jobs = isRecord(overview) && Array.isArray(overview.jobs) ? overview.jobs.filter(isFlinkJob) : [];
    // Beam's job server puts the invocation's id into the name; the latest attempt counts.
    return jobs.filter(({ name }) => name === id).sort((a, b) => b['start-time'] - a['start-time'])[0];
  }

  async #get(path: string): Promise<unknown> {
    try {
      const answer = await fetch(`${this.#url}${path}`, { signal: AbortSignal.timeout(TIMEOUT) });
      return answer.ok ? await answer.json() : undefined;
    } catch {
      return undefined; // the cluster is away: nothing is known
    }
  }
}

interface FlinkJob {
  readonly jid: string;
  readonly name: string;
  readonly state: string;
  readonly 'start-time': number;
}

function isFlinkJob(value: unknown): value is FlinkJob {
  return (
    isRecord(value) &&
    typeof value.jid === 'string' &&
    typeof value.name === 'string' &&
    typeof value.state === 'string' &&
    typeof value['start-time'] === 'number'
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
