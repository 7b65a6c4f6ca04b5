import { create } from '@bufbuild/protobuf';

import type { Coder } from '../../../coders/coder.ts';
import { OutputBytes } from '../../../coders/output-bytes.ts';
import type { WindowedCoder } from '../../../coders/windowed-value.ts';
import { untilAborted } from '../../../engine/until-aborted.ts';
import type { CommitCallback } from '../../../executor/bundle-finalizers.ts';
import { Metrics } from '../../../executor/metrics.ts';
import { Pacer } from '../../../executor/pacer.ts';
import { StageExecutor } from '../../../executor/stage-executor.ts';
import type { PCollection } from '../../../model/pcollection.ts';
import type { Receiver, WindowedValue } from '../../../model/windowed-value.ts';
import {
  ProcessBundleResponseSchema,
  ProcessBundleSplitResponseSchema,
  type ProcessBundleDescriptor,
  type ProcessBundleResponse,
  type ProcessBundleSplitRequest,
  type ProcessBundleSplitResponse,
} from '../../../proto/fn-api.ts';
import type { MonitoringInfo } from '../../../proto/metrics.ts';
import { bundlePlan, type BundlePlan } from './bundle-plan.ts';
import { BundleMetrics } from './bundle-metrics.ts';
import { DataSink } from './data-sink.ts';
import { DataSource } from './data-source.ts';
import { KeyedSteps } from './keyed/keyed-steps.ts';
import { RunnerSideInputs } from './runner-side-inputs.ts';
import type { StateAccess, StateKeyType } from './state-reader.ts';
import { SplittableSteps } from './splittable/splittable-steps.ts';
import type { ElementSampler } from './element-sampler.ts';

/** A part of the input of a bundle. */
export interface InputPart {
  readonly transformId: string;
  /** Of timers: the name that the transform gives them. */
  readonly timerFamilyId?: string | undefined;
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
}

/** What a processor needs of the instruction whose bundle it runs. */
export interface BundleChannel {
  /** Sends a part of a sink's output; a promise asks to wait before more is made. */
  send(output: InputPart & { readonly bytes: Uint8Array<ArrayBuffer> }): Promise<void> | undefined;
  /** The next part of the input; a promise if it is not there yet. */
  receive(): InputPart | Promise<InputPart>;
  /** So many bytes of input were processed. */
  consumed(bytes: number): void;
}

/** What a processor is made of. */
export interface BundleProcessorOptions {
  readonly descriptor: ProcessBundleDescriptor;
  /** A copy of the captured module whose DoFns are this processor's alone. */
  readonly exports: Readonly<Record<string, unknown>>;
  readonly artifactFolder: string;
  /** Makes a coder of the descriptor. */
  readonly coderOf: (id: string) => Coder;
  /** @param transform Full name of the step whose output is encoded, for errors. */
  readonly windowedCoderOf: (id: string, transform?: string) => WindowedCoder;
  readonly sampler: ElementSampler;
  /** Opens what the runner holds under a state key, for the bundle under way. */
  readonly openState: (key: StateKeyType, what: string) => StateAccess;
  /** Processing time, milliseconds since the epoch. */
  readonly now?: () => number;
  /** How many sampled elements of each PCollection to report as metrics; none by default. */
  readonly reportedSamples?: number;
}

/**
 * A bundle descriptor that is ready to run, with DoFns of its own: runs one bundle at a time.
 *
 * One that failed, or was aborted, is of no more use: tear it down.
 */
export class BundleProcessor {
  readonly #options: BundleProcessorOptions;
  readonly #ending = new AbortController();
  readonly #plan: BundlePlan;
  readonly #userMetrics = new Metrics();
  readonly #pacer: Pacer;
  readonly #executor: StageExecutor;
  readonly #metrics: BundleMetrics;
  readonly #splittables = new SplittableSteps();
  readonly #sideInputs: RunnerSideInputs;
  readonly #keyed: KeyedSteps;
  /** What is to be called when the bundle under way is committed. */
  #commits: CommitCallback[] = [];
  readonly #sinks = new Map<PCollection<unknown>, DataSink[]>();
  /** By transform id: takes what comes from a data source. */
  #entrances: ReadonlyMap<string, Receiver> = new Map();
  #sources: ReadonlyMap<string, DataSource> = new Map();
  #channel: BundleChannel | undefined;

  /** @throws {PipelineError} for a descriptor that this worker does not run. */
  constructor(options: BundleProcessorOptions) {
    const { descriptor, exports, artifactFolder, now = Date.now } = options;
    this.#options = options;
    const { signal } = this.#ending;
    this.#plan = bundlePlan(descriptor, {
      exports,
      artifactFolder,
      signal,
      splittables: this.#splittables,
      encode: (id, element) => this.#encode(id, element),
      now,
    });
    this.#pacer = new Pacer(signal);
    this.#metrics = new BundleMetrics(this.#plan, { ...options, metrics: this.#userMetrics });
    this.#makeSinks();
    this.#sideInputs = new RunnerSideInputs(this.#plan, options);
    this.#keyed = new KeyedSteps(this.#plan, {
      ...options,
      now,
      fireTimer: (transform, timer) => this.#executor.fireTimer(transform, timer),
    });
    const { stage, names, entry, steps } = this.#plan;
    this.#executor = new StageExecutor(stage, {
      names,
      metrics: this.#userMetrics,
      pacer: this.#pacer,
      onFailure: (error) => this.#ending.abort(error),
      onCommit: (callback) => void this.#commits.push(callback),
      userStateOf: (transform) => this.#keyed.stateOf(transform),
      sideInputOf: (transform, name) => this.#sideInputs.of(transform, name),
      sinkOf: (pcollection) => this.#receiverOf(pcollection),
      shuffleOf: () => () => undefined, // a stage of a worker has none
      sampleOf: (pcollection) => this.#metrics.sampleOf(pcollection),
      operatorOf: (transform, operatorOptions) => {
        if (transform !== entry) return steps.get(transform)?.operator?.(operatorOptions);
        this.#entrances = operatorOptions.outputs;
        return { receive: () => undefined };
      },
    });
  }

  /** Calls setup of all DoFns. */
  setup(): Promise<void> {
    return this.#executor.setup();
  }

  /**
   * Runs one bundle to its end.
   *
   * @throws {PipelineError} when the user's code fails. @throws the reason given to `abort`.
   */
  async run(channel: BundleChannel): Promise<ProcessBundleResponse> {
    this.#channel = channel;
    this.#metrics.begin(this.#executor.measures());
    this.#splittables.begin();
    this.#commits = [];
    this.#sideInputs.begin();
    this.#keyed.begin(channel);
    const windowed = this.#options.windowedCoderOf;
    this.#sources = new Map(
      this.#plan.sources.map(({ transformId, coderId }) => [
        transformId,
        new DataSource({
          transformId,
          coder: windowed(coderId),
          receive: this.#entrances.get(transformId) ?? (() => undefined),
          pacer: this.#pacer,
        }),
      ]),
    );
    try {
      this.#ending.signal.throwIfAborted();
      await untilAborted(this.#process(channel), this.#ending.signal);
    } catch (error) {
      this.#ending.abort(error);
      throw error;
    } finally {
      this.#channel = undefined;
    }
    return create(ProcessBundleResponseSchema, {
      monitoringInfos: this.monitoringInfos(true),
      residualRoots: this.#splittables.take(),
      requiresFinalization: this.#commits.length > 0,
    });
  }

  /** What is to be called when the bundle that has ended is committed. */
  takeCommits(): readonly CommitCallback[] {
    return this.#commits.splice(0);
  }

  /** Ends the bundle under way: `run` rejects with the reason. */
  abort(reason: unknown): void {
    this.#ending.abort(reason);
  }

  /** Calls teardown of all DoFns; throws the first error, after the last call. */
  teardown(): Promise<void> {
    this.#ending.abort(new Error('The bundle processor was closed'));
    return this.#executor.teardown();
  }

  /** What was measured of the bundle so far. */
  monitoringInfos(isFinal = false): MonitoringInfo[] {
    return this.#metrics.infos(this.#executor.measures(), { sources: [...this.#sources.values()], isFinal });
  }

  /**
   * Gives the runner back what it asks for of what is not begun: elements, and of the element under way what is not claimed.
   *
   * What is begun of a step that need not end is over soon, and its rest comes with the bundle's response.
   */
  split({ desiredSplits }: ProcessBundleSplitRequest): ProcessBundleSplitResponse {
    this.#splittables.hurry();
    const splits = Object.entries(desiredSplits).flatMap(([transformId, desired]) => {
      const split = this.#sources.get(transformId)?.split(
        {
          fractionOfRemainder: desired.fractionOfRemainder,
          estimatedElements: Number(desired.estimatedInputElements),
          allowedSplitPoints: desired.allowedSplitPoints.map(Number),
        },
        this.#splittables.elementUnderWay,
      );
      return split === undefined ? [] : [{ transformId, ...split }];
    });
    return create(ProcessBundleSplitResponseSchema, {
      channelSplits: splits.map(({ transformId, lastPrimary, firstResidual }) => ({
        transformId,
        lastPrimaryElement: BigInt(lastPrimary),
        firstResidualElement: BigInt(firstResidual),
      })),
      primaryRoots: splits.flatMap(({ element }) => element?.primary ?? []),
      residualRoots: splits.flatMap(({ element }) => element?.residual ?? []),
    });
  }

  async #process(channel: BundleChannel): Promise<void> {
    await this.#executor.startBundle();
    let open = this.#sources.size + this.#keyed.timerStreams;
    while (open > 0) {
      const received = channel.receive();
      const part = received instanceof Promise ? await received : received;
      const { transformId, bytes, isLast } = part;
      this.#ending.signal.throwIfAborted();
      const source = this.#sources.get(transformId);
      const isOfTimers = part.timerFamilyId !== undefined;
      if (isOfTimers) await this.#keyed.process(part);
      else await source?.process(bytes, isLast);
      channel.consumed(bytes.length);
      if ((isOfTimers || source !== undefined) && isLast) open -= 1;
    }
    await this.#executor.finishBundle();
    await this.#keyed.finish(channel);
    for (const sink of [...this.#sinks.values()].flat()) {
      const { transformId } = sink;
      const wait = channel.send({ transformId, bytes: sink.take(), isLast: true });
      if (wait !== undefined) await wait;
    }
  }

  /** Encodes an element by the coder by which those of its PCollection come in: what goes back to the runner is as it came. */
  #encode(pcollectionId: string, element: WindowedValue<unknown>): Uint8Array<ArrayBuffer> {
    const { sources, pcollectionIds } = this.#plan;
    const source = sources.find(({ pcollection }) => pcollectionIds.get(pcollection.id) === pcollectionId);
    if (source === undefined) {
      throw new RangeError(
        `Cannot hand an element back as its PCollection must come from the runner: received ${pcollectionId}`,
      );
    }
    const bytes = new OutputBytes();
    this.#options.windowedCoderOf(source.coderId).encode(element, bytes);
    return new Uint8Array(bytes.take());
  }

  #makeSinks(): void {
    const { sinks, names } = this.#plan;
    for (const { transformId, pcollection, coderId } of sinks) {
      const name = names.get(pcollection.producer) ?? pcollection.producer.label;
      const sink = new DataSink({
        name,
        coder: this.#options.windowedCoderOf(coderId, name),
        send: (bytes) => this.#channel?.send({ transformId, bytes, isLast: false }),
        transformId,
      });
      this.#sinks.set(pcollection, [...(this.#sinks.get(pcollection) ?? []), sink]);
    }
  }

  #receiverOf(pcollection: PCollection<unknown>): Receiver | undefined {
    const [only, ...others] = (this.#sinks.get(pcollection) ?? []).map(({ receive }) => receive);
    if (only === undefined || others.length === 0) return only;
    return (value, timestamp, windows, pane) => {
      const waits = [only, ...others].flatMap((receive) => receive(value, timestamp, windows, pane) ?? []);
      return waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined);
    };
  }
}
