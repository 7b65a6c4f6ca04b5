import { status } from '@grpc/grpc-js';
import {
  JobMessage_MessageImportance as Importance,
  JobService,
  JobState_Enum,
  type JobMessage,
  type MetricResults,
} from '../../proto/job-api.ts';
import type { Pipeline } from '../../proto/runner-api.ts';
import type { EndpointOptions } from '../grpc/channel.ts';
import { isServiceError, ServiceClient, type CallOptions } from '../grpc/service-client.ts';
import type { StagedArtifact } from '../portable-pipeline.ts';
import {
  JobServiceError,
  UnknownJobError,
  UnreachableJobServiceError,
  UnsupportedByRunnerError,
} from './job-service-error.ts';
import { jobStateFromProto, type JobState } from './job-state.ts';
import { pipelineOptionsFrom, pipelineOptionsStruct } from './pipeline-options.ts';
import { retry } from './retry.ts';
import { stageArtifacts } from './stage-artifacts.ts';

/** A job to be submitted. */
export interface JobRequest {
  readonly name: string;
  readonly pipeline: Pipeline;
  readonly artifacts: readonly StagedArtifact[];
  /** By their plain names. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** What a job service says of one job. */
export interface JobInfo {
  readonly id: string;
  readonly name: string;
  readonly state: JobState;
  /** By their plain names, in snake_case. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A state of a job, and since when. */
export interface JobStateEvent {
  readonly state: JobState;
  /** Milliseconds since the epoch; undefined where the runner does not say. */
  readonly at: number | undefined;
}

/** What a runner tells of a job. */
export interface JobLogMessage {
  readonly importance: 'debug' | 'detailed' | 'basic' | 'warning' | 'error';
  readonly text: string;
  /** As the runner writes it; "" if it does not say. */
  readonly time: string;
}

/** Of calls that read or change a little, in milliseconds. */
const CALL_TIMEOUT = 30_000;
/** A pipeline of many megabytes is checked, and a cluster may be asked, before these answer. */
const SUBMIT_TIMEOUT = 300_000;
/** A service that does not answer within this is taken for dead, in milliseconds: a busy machine takes its time. */
const REACH_TIMEOUT = 15_000;
/** How long a service that answered before may be away, in milliseconds. */
const AWAY = 15_000;

/** A job service at one endpoint: Beam's Job API. All errors that a runner may give arrive as PipelineErrors. */
export class JobClient {
  readonly endpoint: string;
  readonly #options: EndpointOptions;
  readonly #client: ServiceClient<typeof JobService>;

  private constructor(options: EndpointOptions) {
    this.endpoint = options.url;
    this.#options = options;
    this.#client = new ServiceClient(JobService, options);
  }

  /**
   * Connects, and asks the service for something that each one answers at once.
   *
   * @throws {UnreachableJobServiceError} if there is no answer within 5 s.
   */
  static async connect(
    options: EndpointOptions,
    { signal, timeoutMs = REACH_TIMEOUT }: CallOptions = {},
  ): Promise<JobClient> {
    const client = new JobClient(options);
    try {
      const deadline = Date.now() + timeoutMs;
      await retry(
        async () => {
          const left = Math.max(1, deadline - Date.now());
          await client.#client.unary('describePipelineOptions', {}, { timeoutMs: left, signal });
        },
        { isTransient: isUnavailable, forMs: timeoutMs, signal },
      );
    } catch (error) {
      // It speaks gRPC, and that is all we asked.
      if (isServiceError(error) && error.code === status.UNIMPLEMENTED) return client;
      client.close();
      signal?.throwIfAborted();
      throw new UnreachableJobServiceError(options.url, { after: `${timeoutMs / 1000} s`, cause: error });
    }
    return client;
  }

  /** Prepares a job, hands over its files, and starts it. Gives its id. */
  async submit(request: JobRequest, { signal }: Pick<CallOptions, 'signal'> = {}): Promise<string> {
    const { name, pipeline, artifacts, options } = request;
    const prepared = await this.#call(`submit "${name}"`, undefined, () =>
      this.#client.unary(
        'prepare',
        { jobName: name, pipeline, pipelineOptions: pipelineOptionsStruct(options) },
        { timeoutMs: SUBMIT_TIMEOUT, signal },
      ),
    );
    const { preparationId, stagingSessionToken: token, artifactStagingEndpoint } = prepared;
    const url = artifactStagingEndpoint?.url ?? '';
    if (url !== '') {
      await this.#call(`stage the files of "${name}"`, undefined, () =>
        stageArtifacts({ ...this.#options, url }, { artifacts, token, signal }),
      );
    }
    const { jobId } = await this.#call(`run "${name}"`, undefined, () =>
      this.#client.unary(
        'run',
        { preparationId, retrievalToken: token },
        { timeoutMs: SUBMIT_TIMEOUT, signal },
      ),
    );
    return jobId;
  }

  /** The jobs that the service knows. */
  async list({ signal }: Pick<CallOptions, 'signal'> = {}): Promise<readonly JobInfo[]> {
    const { jobInfo } = await this.#idempotent('list the jobs', undefined, signal, (timeoutMs) =>
      this.#client.unary('getJobs', {}, { timeoutMs, signal }),
    );
    return jobInfo.map(({ jobId, jobName, state, pipelineOptions }) => ({
      id: jobId,
      name: jobName,
      state: jobStateFromProto(state),
      options: pipelineOptionsFrom(pipelineOptions),
    }));
  }

  /** How far a job is now. @throws {UnknownJobError} if the service has no such job. */
  async state(id: string, { signal }: Pick<CallOptions, 'signal'> = {}): Promise<JobStateEvent> {
    const { state, timestamp } = await this.#idempotent(
      'ask for the state of the job',
      id,
      signal,
      (timeoutMs) => this.#client.unary('getState', { jobId: id }, { timeoutMs, signal }),
    );
    return { state: jobStateFromProto(state), at: millisOf(timestamp) };
  }

  /** The pipeline of a job, as the runner has it. */
  async pipeline(id: string, { signal }: Pick<CallOptions, 'signal'> = {}): Promise<Pipeline | undefined> {
    const { pipeline } = await this.#idempotent('ask for the pipeline of the job', id, signal, (timeoutMs) =>
      this.#client.unary('getPipeline', { jobId: id }, { timeoutMs, signal }),
    );
    return pipeline;
  }

  /** All metrics of a job; some runners have them only when it has ended. */
  async metrics(
    id: string,
    { signal }: Pick<CallOptions, 'signal'> = {},
  ): Promise<MetricResults | undefined> {
    const { metrics } = await this.#idempotent('ask for the metrics of the job', id, signal, (timeoutMs) =>
      this.#client.unary('getJobMetrics', { jobId: id }, { timeoutMs, signal }),
    );
    return metrics;
  }

  /** Asks the runner to end a job at once. Cancelling one that has ended changes nothing. */
  async cancel(id: string, { signal }: Pick<CallOptions, 'signal'> = {}): Promise<JobState> {
    const { state } = await this.#idempotent('cancel the job', id, signal, (timeoutMs) =>
      this.#client.unary('cancel', { jobId: id }, { timeoutMs, signal }),
    );
    // What Prism 2.77 answers for an id that it does not know.
    if (state === JobState_Enum.UNSPECIFIED) throw new UnknownJobError(id, { endpoint: this.endpoint });
    return jobStateFromProto(state);
  }

  /**
   * Asks the runner to read no more, and to end a job when all that was read is done.
   *
   * @throws {UnsupportedByRunnerError} Prism 2.77 and Beam's Flink job server 2.62 have no drain.
   */
  async drain(id: string, { signal }: Pick<CallOptions, 'signal'> = {}): Promise<JobState> {
    try {
      const { state } = await this.#client.unary('drain', { jobId: id }, { timeoutMs: CALL_TIMEOUT, signal });
      return jobStateFromProto(state);
    } catch (error) {
      if (isServiceError(error) && error.code === status.UNIMPLEMENTED) {
        throw new UnsupportedByRunnerError(`drain the job "${id}"`, {
          cause: error,
          hint: 'Cancel it with job.cancel(); a batch job ends by itself when its input is read',
        });
      }
      throw this.#described('drain the job', id, error);
    }
  }

  /** The states of a job, from now to its end; ends with a terminal one, or when the runner ends the stream. */
  async *states(id: string, signal: AbortSignal): AsyncGenerator<JobStateEvent, void, void> {
    try {
      for await (const { state, timestamp } of this.#client.serverStream(
        'getStateStream',
        { jobId: id },
        { signal },
      )) {
        yield { state: jobStateFromProto(state), at: millisOf(timestamp) };
      }
    } catch (error) {
      signal.throwIfAborted();
      throw this.#described('watch the job', id, error);
    }
  }

  /** What the runner tells of a job, from its beginning as far as the runner keeps it, to its end. */
  async *messages(id: string, signal: AbortSignal): AsyncGenerator<JobLogMessage, void, void> {
    try {
      for await (const { response } of this.#client.serverStream(
        'getMessageStream',
        { jobId: id },
        { signal },
      )) {
        if (response.case === 'messageResponse') yield logMessage(response.value);
      }
    } catch (error) {
      signal.throwIfAborted();
      throw this.#described('read the messages of the job', id, error);
    }
  }

  /** Ends the connection; jobs go on. */
  close(): void {
    this.#client.close();
  }

  /** A call that may be made again when its answer was lost. */
  async #idempotent<T>(
    what: string,
    id: string | undefined,
    signal: AbortSignal | undefined,
    call: (timeoutMs: number) => Promise<T>,
  ): Promise<T> {
    return await this.#call(what, id, () =>
      retry(() => call(CALL_TIMEOUT), { isTransient: isUnavailable, forMs: AWAY, signal }),
    );
  }

  async #call<T>(what: string, id: string | undefined, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw this.#described(what, id, error);
    }
  }

  /** The same error in words; what is no answer of the runner stays as it is. */
  #described(what: string, id: string | undefined, error: unknown): unknown {
    if (!isServiceError(error)) return error;
    if (isUnavailable(error)) {
      return new UnreachableJobServiceError(this.endpoint, { after: `${AWAY / 1000} s`, cause: error });
    }
    if (id === undefined) return new JobServiceError(what, { cause: error });
    if (isUnknownJob(error)) return new UnknownJobError(id, { endpoint: this.endpoint, cause: error });
    return new JobServiceError(`${what} "${id}"`, { cause: error });
  }
}

/** True for an error that says that nothing was reached, so that another try may do. */
export function isUnavailable(error: unknown): boolean {
  return isServiceError(error) && error.code === status.UNAVAILABLE;
}

/** NOT_FOUND of Beam's Java job services; Prism 2.77 says UNKNOWN with a text, and to cancel nothing at all. */
function isUnknownJob(error: unknown): boolean {
  if (!isServiceError(error)) return false;
  if (error.code === status.NOT_FOUND) return true;
  return error.code === status.UNKNOWN && /not found|unknown jobID/i.test(error.details);
}

const IMPORTANCE: Readonly<Partial<Record<Importance, JobLogMessage['importance']>>> = {
  [Importance.JOB_MESSAGE_DEBUG]: 'debug',
  [Importance.JOB_MESSAGE_DETAILED]: 'detailed',
  [Importance.JOB_MESSAGE_WARNING]: 'warning',
  [Importance.JOB_MESSAGE_ERROR]: 'error',
};

function logMessage({ importance, messageText, time }: JobMessage): JobLogMessage {
  return { importance: IMPORTANCE[importance] ?? 'basic', text: messageText, time };
}

/** Whole milliseconds of a proto's time. The zero time, which Prism gives for none, counts as none. */
function millisOf(
  time: { readonly seconds: bigint; readonly nanos: number } | undefined,
): number | undefined {
  if (time === undefined || time.seconds <= 0n) return undefined;
  return Number(time.seconds) * 1000 + Math.floor(time.nanos / 1e6);
}
