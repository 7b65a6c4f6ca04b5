import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  FinalizeBundleResponseSchema,
  HarnessMonitoringInfosResponseSchema,
  InstructionResponseSchema,
  MonitoringInfosMetadataResponseSchema,
  ProcessBundleProgressResponseSchema,
  ProcessBundleSplitRequestSchema,
  ProcessBundleSplitResponseSchema,
  RegisterResponseSchema,
  SampleDataResponse_ElementListSchema,
  SampleDataResponseSchema,
  type BeamFnControl,
  type FinalizeBundleResponse,
  type InstructionRequest,
  type InstructionResponse,
  type ProcessBundleDescriptor,
  type ProcessBundleRequest,
  type ProcessBundleSplitRequest,
  type ProcessBundleSplitResponse,
  type SampleDataRequest,
  type SampleDataResponse,
} from '../../proto/fn-api.ts';
import type { MonitoringInfo } from '../../proto/metrics.ts';
import { StandardRunnerProtocols_EnumUrn } from '../../proto/urns.ts';
import type { ServiceClient } from '../grpc/service-client.ts';
import type { BundleThreadHost } from './bundle-thread-host.ts';
import type { BundleThreads } from './bundle-threads.ts';
import { knownDescriptor, type KnownDescriptor } from './known-descriptor.ts';
import type { Logger } from './log-sender.ts';
import { MessageStream } from './message-stream.ts';
import type { RunningBundles } from './running-bundles.ts';
import { processMonitoringInfos, ShortIds } from './short-ids.ts';

type Answer = InstructionResponse['response'];

/** Ended bundles that the runner may still ask about. */
const REMEMBERED = 10_000;
/** How long the runner may take to send a descriptor, in milliseconds. */
const DESCRIPTOR_TIMEOUT_MS = 60_000;

/** What a harness works with. */
export interface SdkHarnessOptions {
  readonly control: ServiceClient<typeof BeamFnControl>;
  readonly bundles: RunningBundles;
  readonly threads: BundleThreads;
  readonly logger: Logger;
  readonly runnerCapabilities: readonly string[];
  /** Why no bundle can be run, if that is known before the first: the runner is told with each. */
  readonly broken?: string | undefined;
  readonly now?: () => number;
}

/**
 * Does what a runner says on the control stream: an instruction at a time comes in, all are answered as they end.
 *
 * @see https://s.apache.org/beam-fn-api and beam_fn_api.proto
 */
export class SdkHarness {
  readonly #options: SdkHarnessOptions;
  readonly #now: () => number;
  readonly #shortIds = new ShortIds();
  readonly #sendsShortIds: boolean;
  readonly #descriptors = new Map<string, Promise<KnownDescriptor>>();
  /** Bundles that have begun, and whose thread is not chosen yet. */
  readonly #beginning = new Set<string>();
  /** Bundles that have ended, and the thread that ran each. */
  readonly #ended = new Map<string, BundleThreadHost | undefined>();

  constructor(options: SdkHarnessOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#sendsShortIds = options.runnerCapabilities.includes(
      StandardRunnerProtocols_EnumUrn.MONITORING_INFO_SHORT_IDS,
    );
  }

  /**
   * Obeys until the runner ends the control stream, or `signal` is aborted; bundles under way are given up then.
   * Resolves with the error that the stream ended with, if any.
   */
  async run(signal: AbortSignal): Promise<Error | undefined> {
    const stream = new MessageStream<InstructionResponse, InstructionRequest>(
      this.#options.control.bidiStream('control'),
    );
    const stop = () => stream.cancel();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    for await (const request of stream.messages()) void this.#reply(stream, request);
    this.#options.bundles.abortAll('The runner closed the control stream');
    stream.end();
    signal.removeEventListener('abort', stop);
    return await stream.ended;
  }

  async #reply(
    stream: MessageStream<InstructionResponse, InstructionRequest>,
    request: InstructionRequest,
  ): Promise<void> {
    await stream.write(await this.#answer(request));
  }

  /** Never rejects: what fails is the response's error. */
  async #answer({ instructionId, request }: InstructionRequest): Promise<InstructionResponse> {
    try {
      const response = await this.#obey(instructionId, request);
      return create(InstructionResponseSchema, { instructionId, response });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return create(InstructionResponseSchema, { instructionId, error: text });
    }
  }

  async #obey(instructionId: string, request: InstructionRequest['request']): Promise<Answer> {
    switch (request.case) {
      case 'processBundle':
        return { case: 'processBundle', value: await this.#processBundle(instructionId, request.value) };
      case 'processBundleProgress':
        return {
          case: 'processBundleProgress',
          value: await this.#progress(request.value.instructionId),
        };
      case 'processBundleSplit':
        return { case: 'processBundleSplit', value: await this.#split(request.value) };
      case 'finalizeBundle':
        return { case: 'finalizeBundle', value: await this.#finalize(request.value.instructionId) };
      case 'monitoringInfos':
        return {
          case: 'monitoringInfos',
          value: create(MonitoringInfosMetadataResponseSchema, {
            monitoringInfo: this.#shortIds.meaning(request.value.monitoringInfoId),
          }),
        };
      case 'harnessMonitoringInfos':
        return {
          case: 'harnessMonitoringInfos',
          value: create(HarnessMonitoringInfosResponseSchema, {
            monitoringData: this.#shortIds.shorten(processMonitoringInfos(this.#now())),
          }),
        };
      case 'sampleData':
        return { case: 'sampleData', value: await this.#sample(request.value) };
      case 'register':
        for (const descriptor of request.value.processBundleDescriptor) this.#keep(descriptor);
        return { case: 'register', value: create(RegisterResponseSchema) };
      case undefined:
        throw new TypeError(
          'Cannot obey an instruction as it must be one of beam_fn_api.proto: received one that this version of Millrace does not know',
        );
    }
  }

  async #processBundle(instructionId: string, request: ProcessBundleRequest) {
    const { broken, bundles, logger } = this.#options;
    this.#beginning.add(instructionId);
    let ranIn: BundleThreadHost | undefined;
    try {
      if (broken !== undefined) throw new TypeError(broken);
      const descriptor = await this.#descriptor(request.processBundleDescriptorId);
      const { response, thread } = await bundles.run(instructionId, { descriptor, request });
      if (response.requiresFinalization) ranIn = thread;
      return { ...response, ...this.#monitoring(response.monitoringInfos) };
    } catch (error) {
      logger.log('error', error instanceof Error ? error.message : String(error), { instructionId });
      throw error;
    } finally {
      this.#beginning.delete(instructionId);
      this.#remember(instructionId, ranIn);
    }
  }

  /** A bundle that has not begun, or has ended, has no progress to report: that is no error. */
  async #progress(instructionId: string) {
    const thread = this.#threadOf(instructionId);
    if (thread === undefined) return create(ProcessBundleProgressResponseSchema);
    const bytes = await thread.ask({ kind: 'progress', instructionId });
    const response = fromBinary(ProcessBundleProgressResponseSchema, bytes);
    return { ...response, ...this.#monitoring(response.monitoringInfos) };
  }

  /** A bundle that has not begun, or has ended, cannot be split: the response says so by being empty. */
  async #split(request: ProcessBundleSplitRequest): Promise<ProcessBundleSplitResponse> {
    const { instructionId } = request;
    const thread = this.#threadOf(instructionId);
    if (thread === undefined) return create(ProcessBundleSplitResponseSchema);
    const bytes = toBinary(ProcessBundleSplitRequestSchema, request);
    return fromBinary(
      ProcessBundleSplitResponseSchema,
      await thread.ask({ kind: 'split', instructionId, request: bytes }),
    );
  }

  async #finalize(instructionId: string): Promise<FinalizeBundleResponse> {
    const thread = this.#ended.get(instructionId);
    this.#remember(instructionId, undefined);
    await thread?.ask({ kind: 'finalize', instructionId });
    return create(FinalizeBundleResponseSchema);
  }

  async #sample({ pcollectionIds }: SampleDataRequest): Promise<SampleDataResponse> {
    const answers = await Promise.all(
      this.#options.threads.all.map((thread) => thread.ask({ kind: 'sample', pcollectionIds })),
    );
    const all = create(SampleDataResponseSchema);
    for (const answer of answers) {
      const { elementSamples } = fromBinary(SampleDataResponseSchema, answer);
      for (const [id, { elements }] of Object.entries(elementSamples)) {
        const list = (all.elementSamples[id] ??= create(SampleDataResponse_ElementListSchema));
        list.elements.push(...elements);
      }
    }
    return all;
  }

  /** @throws {RangeError} for a bundle of which we have never heard. */
  #threadOf(instructionId: string): BundleThreadHost | undefined {
    const thread = this.#options.bundles.threadOf(instructionId);
    if (thread !== undefined) return thread;
    if (this.#beginning.has(instructionId) || this.#ended.has(instructionId)) return undefined;
    throw new RangeError(
      `Cannot ask about a bundle as it must have been begun here: received the instruction id "${instructionId}"`,
    );
  }

  #remember(instructionId: string, thread: BundleThreadHost | undefined): void {
    this.#ended.set(instructionId, thread);
    if (this.#ended.size <= REMEMBERED) return;
    for (const oldest of this.#ended.keys()) {
      this.#ended.delete(oldest);
      break;
    }
  }

  /** Some runners read whole monitoring infos alone, others say that they take short ones. */
  #monitoring(infos: MonitoringInfo[]) {
    return this.#sendsShortIds
      ? { monitoringInfos: [], monitoringData: this.#shortIds.shorten(infos) }
      : { monitoringInfos: infos, monitoringData: {} };
  }

  #keep(descriptor: ProcessBundleDescriptor): void {
    const known = Promise.resolve(descriptor).then(knownDescriptor);
    known.catch(() => this.#descriptors.delete(descriptor.id)); // who asks for it gets the error
    this.#descriptors.set(descriptor.id, known);
  }

  /** Descriptors are asked for once: their ids are never used again. */
  #descriptor(id: string): Promise<KnownDescriptor> {
    const known = this.#descriptors.get(id);
    if (known !== undefined) return known;
    const asked = this.#options.control
      .unary(
        'getProcessBundleDescriptor',
        { processBundleDescriptorId: id },
        { timeoutMs: DESCRIPTOR_TIMEOUT_MS },
      )
      .then(knownDescriptor);
    asked.catch(() => this.#descriptors.delete(id));
    this.#descriptors.set(id, asked);
    return asked;
  }
}
