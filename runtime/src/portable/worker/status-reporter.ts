import { create } from '@bufbuild/protobuf';
import {
  BeamFnWorkerStatus,
  WorkerStatusResponseSchema,
  type WorkerStatusRequest,
  type WorkerStatusResponse,
} from '../../proto/fn-api.ts';
import { ServiceClient } from '../grpc/service-client.ts';
import type { BundleThreads } from './bundle-threads.ts';
import { MessageStream } from './message-stream.ts';
import type { RunningBundles } from './running-bundles.ts';
import type { Streams } from './streams.ts';

/** The bundles that a status names, longest first. */
const MAX_BUNDLES = 10;

/** What a status tells of. */
export interface StatusSubjects {
  readonly workerId: string;
  readonly threads: BundleThreads;
  readonly bundles: RunningBundles;
  readonly streams: Streams;
}

/**
 * Answers the runner when it asks how the worker is.
 *
 * @see https://s.apache.org/beam-fn-api-harness-status
 */
export class StatusReporter {
  readonly #client: ServiceClient<typeof BeamFnWorkerStatus>;
  readonly #stream: MessageStream<WorkerStatusResponse, WorkerStatusRequest>;

  constructor(endpoint: string, subjects: StatusSubjects) {
    this.#client = new ServiceClient(BeamFnWorkerStatus, {
      url: endpoint,
      metadata: { worker_id: subjects.workerId },
    });
    this.#stream = new MessageStream(this.#client.bidiStream('workerStatus'));
    void this.#answer(subjects);
  }

  close(): void {
    this.#stream.cancel();
    this.#client.close();
  }

  async #answer(subjects: StatusSubjects): Promise<void> {
    for await (const { id } of this.#stream.messages()) {
      const statusInfo = statusText(subjects, Date.now());
      await this.#stream.write(create(WorkerStatusResponseSchema, { id, statusInfo }));
    }
  }
}

/**
 * A worker's status, as text for people.
 *
 * @param now Milliseconds since the epoch.
 */
export function statusText({ workerId, threads, bundles, streams }: StatusSubjects, now: number): string {
  const { rss, heapUsed, external } = process.memoryUsage();
  const running = bundles.report();
  return [
    `========== MILLRACE WORKER ${workerId} ==========`,
    `process ${process.pid}, Node ${process.version}, up ${Math.round(process.uptime())} s`,
    `memory: ${megabytes(rss)} resident, ${megabytes(heapUsed)} heap, ${megabytes(external)} buffers`,
    `input held for bundles: ${megabytes(streams.heldBytes)}`,
    '========== BUNDLE THREADS ==========',
    ...threads.all.map((thread) => `${thread.name}: ${threads.load(thread)} bundles`),
    '========== ACTIVE PROCESSING BUNDLES ==========',
    ...(running.length === 0 ? ['No active processing bundles.'] : []),
    ...running
      .slice(0, MAX_BUNDLES)
      .map(
        ({ instructionId, descriptorId, thread, startedAt }) =>
          `instruction ${instructionId}, descriptor ${descriptorId}, ${thread}, for ${((now - startedAt) / 1000).toFixed(2)} s`,
      ),
    ...(running.length > MAX_BUNDLES ? [`and ${running.length - MAX_BUNDLES} more`] : []),
  ].join('\n');
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}
