import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { AsyncLocalStorage } from 'node:async_hooks';

import type { Coder } from '../../../coders/coder.ts';
import { preview } from '../../../display/preview.ts';
import { PipelineError } from '../../../errors.ts';
import type { DoFn } from '../../../model/do-fn.ts';
import type { PrimitiveSpec } from '../../../model/applied-ptransform.ts';
import {
  FinalizeBundleResponseSchema,
  ProcessBundleDescriptorSchema,
  ProcessBundleProgressResponseSchema,
  ProcessBundleResponseSchema,
  ProcessBundleSplitRequestSchema,
  ProcessBundleSplitResponseSchema,
  SampleDataResponseSchema,
  type ProcessBundleDescriptor,
} from '../../../proto/fn-api.ts';
import { coderFromProto, windowedCoderFromProto } from '../../coders/coders-from-proto.ts';
import type { BundleThreadData, FromBundleThread, ToBundleThread } from '../thread-messages.ts';
import { workerErrorText, type MapStack } from '../../worker-error.ts';
import { BundleProcessor } from './bundle-processor.ts';
import { ElementSampler } from './element-sampler.ts';
import { GroupedValues } from './grouped-values.ts';
import { ModuleCopies, type LoadModule } from './module-copies.ts';
import { RunningBundle } from './running-bundle.ts';
import { StateReader, type StateAccess, type StateKeyType } from './state-reader.ts';
import { exportNames } from './export-names.ts';
import { KeptFinalizers } from './kept-finalizers.ts';

/** Ids of bundles that ended are remembered, as data for them may still come. */
const MOST_ENDED = 10_000;

/** What a bundle thread is made of. */
export interface BundleThreadOptions {
  readonly data: Pick<BundleThreadData, 'artifactFolder' | 'pipelineOptions' | 'state'>;
  readonly post: (message: FromBundleThread) => void;
  readonly loadModule: LoadModule;
  /** Makes the stack of an error name cells and files of the user's. */
  readonly mapStack: MapStack;
}

type Of<K extends ToBundleThread['kind']> = Extract<ToBundleThread, { readonly kind: K }>;

/** Runs bundles as it is told by messages, as many at once as there are; each has DoFns of its own meanwhile. */
export class BundleThread {
  readonly #options: BundleThreadOptions;
  readonly #post: (message: FromBundleThread) => void;
  readonly #copies: ModuleCopies;
  readonly #state: StateReader;
  readonly #sampler = new ElementSampler();
  readonly #instruction = new AsyncLocalStorage<string>();
  readonly #descriptors = new Map<string, ProcessBundleDescriptor>();
  readonly #bundles = new Map<string, RunningBundle>();
  readonly #finalizers = new KeptFinalizers();
  readonly #idle = new Map<string, BundleProcessor[]>();
  readonly #closing = new Set<Promise<void>>();
  /** Oldest first. */
  readonly #ended = new Set<string>();

  constructor(options: BundleThreadOptions) {
    this.#options = options;
    this.#post = options.post;
    this.#copies = new ModuleCopies(options.loadModule);
    this.#state = new StateReader(options.data.state, options.post);
  }

  /** Id of the instruction whose code runs now, for what it logs. */
  get instructionId(): string | undefined {
    return this.#instruction.getStore();
  }

  /** Loads the captured module, and says that it is ready, or why it is not. */
  async start(): Promise<void> {
    try {
      await this.#copies.take([]);
      this.#post({ kind: 'ready' });
    } catch (error) {
      this.#post({ kind: 'broken', error: this.#textOf(error) });
    }
  }

  /** Does what a message says. Never throws: what fails is told in a message. */
  take(message: ToBundleThread): void {
    switch (message.kind) {
      case 'register':
        this.#register(message);
        break;
      case 'bundle':
        void this.#run(this.#bundleOf(message.instructionId), message.descriptorId);
        break;
      case 'data':
        this.#receive(message);
        break;
      case 'credit':
        this.#bundles.get(message.instructionId)?.credit(message.bytes);
        break;
      case 'abort':
        this.#bundles.get(message.instructionId)?.abort(new AbortedBundle(message.reason));
        break;
      case 'close':
        void this.#close();
        break;
      case 'finalize':
        void this.#finalize(message);
        break;
      case 'progress':
      case 'split':
      case 'sample':
        this.#answer(message);
    }
  }

  /** Gives up all bundles: an error came up that no call of the user's functions threw, and that could be of any of them. */
  fail(error: unknown): void {
    const failure = new StrayError(error);
    if (this.#bundles.size === 0) {
      this.#post({ kind: 'log', severity: 'error', message: this.#textOf(failure) });
    }
    this.#abortAll(failure);
  }

  #abortAll(reason: PipelineError): void {
    for (const bundle of this.#bundles.values()) bundle.abort(reason);
  }

  #register({ descriptor: bytes }: Of<'register'>): void {
    const descriptor = fromBinary(ProcessBundleDescriptorSchema, bytes);
    this.#descriptors.set(descriptor.id, descriptor);
  }

  /** The bundle of an instruction; its data may come before it is begun. */
  #bundleOf(instructionId: string): RunningBundle {
    const bundle = this.#bundles.get(instructionId) ?? new RunningBundle(instructionId, this.#post);
    this.#bundles.set(instructionId, bundle);
    return bundle;
  }

  #receive({ instructionId, transformId, timerFamilyId, bytes, isLast }: Of<'data'>): void {
    if (this.#ended.has(instructionId)) {
      if (bytes.length > 0) this.#post({ kind: 'consumed', instructionId, bytes: bytes.length });
    } else {
      this.#bundleOf(instructionId).add({ transformId, timerFamilyId, bytes, isLast });
    }
  }

  async #run(bundle: RunningBundle, descriptorId: string): Promise<void> {
    const { instructionId } = bundle;
    const ended = await this.#instruction.run(instructionId, () => this.#outcome(bundle, descriptorId));
    this.#bundles.delete(instructionId);
    this.#remember(instructionId);
    bundle.dropInput();
    this.#post(ended);
  }

  async #outcome(bundle: RunningBundle, descriptorId: string): Promise<FromBundleThread> {
    const { instructionId } = bundle;
    try {
      const processor = await this.#processorOf(descriptorId);
      bundle.processor = processor;
      if (bundle.aborted !== undefined) processor.abort(bundle.aborted.reason);
      const response = await processor.run(bundle);
      this.#finalizers.keep(instructionId, processor.takeCommits());
      this.#idle.set(descriptorId, [...(this.#idle.get(descriptorId) ?? []), processor]);
      return { kind: 'done', instructionId, response: toBinary(ProcessBundleResponseSchema, response) };
    } catch (error) {
      // What failed is reported, not what teardown throws after it.
      if (bundle.processor !== undefined) this.#tearDown(bundle.processor, () => undefined);
      return { kind: 'failed', instructionId, error: this.#textOf(error) };
    }
  }

  async #processorOf(descriptorId: string): Promise<BundleProcessor> {
    const idle = this.#idle.get(descriptorId)?.pop();
    if (idle !== undefined) return idle;
    const descriptor = this.#descriptors.get(descriptorId);
    if (descriptor === undefined) {
      throw new RangeError(
        `Cannot run a bundle as its descriptor must be registered: received "${descriptorId}"`,
      );
    }
    const shared = await this.#copies.take([]);
    const names = exportNames(descriptor).filter((name) => hasLife(shared[name]));
    const exports = names.length === 0 ? shared : await this.#copies.take(names);
    const { artifactFolder, pipelineOptions } = this.#options.data;
    const coders = new Map<string, Coder>();
    const context = { open: this.#openGroup() };
    const processor = new BundleProcessor({
      descriptor,
      exports,
      artifactFolder,
      sampler: this.#sampler,
      coderOf: (id) => {
        const coder = coders.get(id) ?? coderFromProto(id, descriptor.coders, context);
        coders.set(id, coder);
        return coder;
      },
      windowedCoderOf: (id, transform) =>
        windowedCoderFromProto(id, descriptor.coders, { ...context, transform }),
      openState: (key, what) => this.#openState(key, what),
      reportedSamples: Math.min(10, Number(pipelineOptions.millrace_samples ?? 0)),
    });
    try {
      await processor.setup();
    } catch (error) {
      this.#tearDown(processor, () => undefined);
      throw error;
    }
    return processor;
  }

  /** Opens the values of a group that stayed with the runner; they belong to the bundle that decodes them. */
  #openGroup() {
    return ({ first, token, coder }: { first: readonly unknown[]; token: Uint8Array; coder: Coder }) => {
      const key = { case: 'runner', value: { key: token } } as const;
      return new GroupedValues({ first, coder, pages: this.#openState(key, 'the values of a group') });
    };
  }

  #openState(key: StateKeyType, what: string): StateAccess {
    const instructionId = this.instructionId ?? '';
    return {
      write: (request) => this.#state.write({ instructionId, key, what, request }),
      readSync: (after) => this.#state.readSync({ instructionId, key, what, after }),
      read: (after) => this.#state.read({ instructionId, key, what, after }),
    };
  }

  /** The runner has committed a bundle. */
  async #finalize({ token, instructionId }: Of<'finalize'>): Promise<void> {
    try {
      await this.#instruction.run(instructionId, () => this.#finalizers.finalize(instructionId));
      const schema = FinalizeBundleResponseSchema;
      this.#post({ kind: 'answer', token, response: toBinary(schema, create(schema)) });
    } catch (error) {
      const text = this.#textOf(error);
      // The bundle is done: runners tell nobody of this.
      this.#post({ kind: 'log', severity: 'error', message: text });
      this.#post({ kind: 'refused', token, error: text });
    }
  }

  #answer(message: Of<'progress' | 'split' | 'sample'>): void {
    const { token } = message;
    try {
      this.#post({ kind: 'answer', token, response: this.#responseTo(message) });
    } catch (error) {
      this.#post({ kind: 'refused', token, error: this.#textOf(error) });
    }
  }

  #responseTo(message: Of<'progress' | 'split' | 'sample'>): Uint8Array {
    switch (message.kind) {
      case 'progress': {
        // Of a bundle that has ended, or is not ready yet, there is nothing to tell.
        const processor = this.#bundles.get(message.instructionId)?.processor;
        const monitoringInfos = processor?.monitoringInfos() ?? [];
        const schema = ProcessBundleProgressResponseSchema;
        return toBinary(schema, create(schema, { monitoringInfos }));
      }
      case 'split': {
        const processor = this.#bundles.get(message.instructionId)?.processor;
        const request = fromBinary(ProcessBundleSplitRequestSchema, message.request);
        const schema = ProcessBundleSplitResponseSchema;
        return toBinary(schema, processor?.split(request) ?? create(schema));
      }
      case 'sample': {
        const samples = [...this.#sampler.kept(message.pcollectionIds)].map(([id, kept]) => {
          const elements = kept.map(({ bytes, takenAt }) => ({
            element: bytes,
            sampleTimestamp: timestampFromMs(takenAt),
          }));
          return [id, { elements }] as const;
        });
        const response = create(SampleDataResponseSchema, { elementSamples: Object.fromEntries(samples) });
        return toBinary(SampleDataResponseSchema, response);
      }
    }
  }

  async #close(): Promise<void> {
    this.#abortAll(new AbortedBundle('The worker ends'));
    for (const processor of [...this.#idle.values()].flat()) {
      this.#tearDown(processor, (error) =>
        this.#post({ kind: 'log', severity: 'error', message: this.#textOf(error) }),
      );
    }
    this.#idle.clear();
    while (this.#closing.size > 0) await Promise.all(this.#closing);
    this.#post({ kind: 'closed' });
  }

  #tearDown(processor: BundleProcessor, onError: (error: unknown) => void): void {
    const torn = processor.teardown().catch(onError);
    this.#closing.add(torn);
    void torn.finally(() => this.#closing.delete(torn));
  }

  #remember(instructionId: string): void {
    this.#ended.add(instructionId);
    const [oldest] = this.#ended;
    if (this.#ended.size > MOST_ENDED && oldest !== undefined) this.#ended.delete(oldest);
  }

  #textOf(error: unknown): string {
    return error instanceof AbortedBundle ? error.message : workerErrorText(error, this.#options.mapStack);
  }
}

/** A bundle ends because the runner, or the end of the worker, gave it up. */
class AbortedBundle extends PipelineError {
  constructor(reason: string) {
    super(reason, { hint: 'The runner tries it again if it still needs it' });
  }
}

/** User code failed where nobody waits for it. */
class StrayError extends PipelineError {
  constructor(cause: unknown) {
    super(
      `Cannot finish a bundle as user code may fail only where it is waited for: received ${preview(cause, 200)}`,
      {
        hint: 'Await every promise in the function that makes it, and catch what a timer or a listener throws',
        cause,
      },
    );
    // Its own stack leads to us alone.
    if (cause instanceof Error && cause.stack !== undefined) this.stack = cause.stack;
  }
}

/** True for the spec of a DoFn that may keep something from call to call, so that only one stage may use it. */
function hasLife(value: unknown): boolean {
  const spec = value as PrimitiveSpec | undefined; // what the capture exports, or a CombineFn or source
  if (spec?.kind !== 'parDo') return false;
  const doFn: DoFn<never, unknown, never> = spec.doFn;
  const isPlain = Object.getPrototypeOf(doFn) === Object.prototype;
  const keys = ['setup', 'startBundle', 'finishBundle', 'teardown'] as const;
  return !isPlain || keys.some((key) => doFn[key] !== undefined);
}
