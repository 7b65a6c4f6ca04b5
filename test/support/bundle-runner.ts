import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { MessageChannel } from 'node:worker_threads';

import type { Coder } from '../../runtime/src/coders/coder.ts';
import { GLOBAL_WINDOW_CODER } from '../../runtime/src/coders/global-window.ts';
import { InputBytes } from '../../runtime/src/coders/input-bytes.ts';
import { OutputBytes } from '../../runtime/src/coders/output-bytes.ts';
import { WindowedValueCoder } from '../../runtime/src/coders/windowed-value.ts';
import type { BoundedWindow } from '../../runtime/src/model/window.ts';
import { windowedValue, type WindowedValue } from '../../runtime/src/model/windowed-value.ts';
import { BundleThread } from '../../runtime/src/portable/worker/bundle/bundle-thread.ts';
import type { FromBundleThread, ToBundleThread } from '../../runtime/src/portable/worker/thread-messages.ts';
import {
  ProcessBundleDescriptorSchema,
  ProcessBundleResponseSchema,
  ProcessBundleSplitRequestSchema,
  ProcessBundleSplitResponseSchema,
  type ProcessBundleDescriptor,
  type ProcessBundleResponse,
  type ProcessBundleSplitResponse,
} from '../../runtime/src/proto/fn-api.ts';

/** Stands for the worker's main thread and its runner: says to a BundleThread what these would, and keeps what it says. */
export class BundleRunner {
  readonly said: FromBundleThread[] = [];
  /** Gives credit for output at once; set to false to see the thread wait. */
  givesCredit = true;
  readonly thread: BundleThread;
  readonly #state = new MessageChannel();
  #waiting: (() => void)[] = [];
  #token = 0;

  constructor(
    exports: Readonly<Record<string, unknown>> | ((copy: number) => Readonly<Record<string, unknown>>),
    options: {
      readonly artifactFolder?: string;
      readonly pipelineOptions?: Readonly<Record<string, unknown>>;
      /** Answers what the thread asks of the runner's state. */
      readonly answerState?: (request: Uint8Array) => Uint8Array;
    } = {},
  ) {
    const { artifactFolder = '/nowhere', pipelineOptions = {} } = options;
    this.thread = new BundleThread({
      data: {
        artifactFolder,
        pipelineOptions,
        state: { signal: new SharedArrayBuffer(4), port: this.#state.port1 },
      },
      post: (message) => {
        this.said.push(message);
        if (message.kind === 'state' && options.answerState !== undefined) {
          const { token, request } = message;
          this.#state.port2.postMessage({ token, response: options.answerState(request) });
        }
        for (const wake of this.#waiting.splice(0)) wake();
        if (message.kind === 'output' && this.givesCredit) {
          const { instructionId, bytes } = message;
          queueMicrotask(() => this.tell({ kind: 'credit', instructionId, bytes: bytes.length }));
        }
      },
      loadModule: (copy) => Promise.resolve(typeof exports === 'function' ? exports(copy) : exports),
      mapStack: (stack) => stack,
    });
  }

  tell(message: ToBundleThread): void {
    this.thread.take(message);
  }

  register(descriptor: ProcessBundleDescriptor): void {
    this.tell({ kind: 'register', descriptor: toBinary(ProcessBundleDescriptorSchema, descriptor) });
  }

  begin(instructionId: string, descriptorId = 'stage'): void {
    this.tell({ kind: 'bundle', instructionId, descriptorId });
  }

  data(
    instructionId: string,
    bytes: Uint8Array<ArrayBuffer>,
    {
      transformId = 'source',
      timerFamilyId,
      isLast = true,
    }: { readonly transformId?: string; readonly timerFamilyId?: string; readonly isLast?: boolean } = {},
  ): void {
    this.tell({ kind: 'data', instructionId, transformId, timerFamilyId, bytes, isLast });
  }

  /** Runs one bundle of these values, and gives the values of its sinks. */
  async run(
    instructionId: string,
    io: {
      readonly input: readonly unknown[];
      readonly coder: Coder;
      readonly sinks: Readonly<Record<string, Coder>>;
      readonly descriptorId?: string;
    },
  ): Promise<Record<string, unknown[]>> {
    this.begin(instructionId, io.descriptorId);
    this.data(instructionId, encodeAll(io.input, io.coder));
    await this.response(instructionId);
    return Object.fromEntries(
      Object.entries(io.sinks).map(([sink, coder]) => [
        sink,
        this.output(instructionId, sink, coder).map(({ value }) => value),
      ]),
    );
  }

  /** Waits until the thread has said something, and gives the first of it. */
  async next(isIt: (message: FromBundleThread) => boolean): Promise<FromBundleThread> {
    for (;;) {
      const found = this.said.find(isIt);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Waits for the end of a bundle. @throws {RangeError} with what the thread says, if it failed. */
  async response(instructionId: string): Promise<ProcessBundleResponse> {
    const ended = await this.next(
      (message) =>
        (message.kind === 'done' || message.kind === 'failed') && message.instructionId === instructionId,
    );
    if (ended.kind === 'failed') throw new RangeError(ended.error);
    if (ended.kind !== 'done') throw new TypeError(`unexpected ${ended.kind}`);
    return fromBinary(ProcessBundleResponseSchema, ended.response);
  }

  /** What a sink got, whose stream must have ended. */
  output(
    instructionId: string,
    transformId: string,
    coder: Coder,
    windows?: Coder<BoundedWindow>,
  ): WindowedValue<unknown>[] {
    const parts = this.said.flatMap((message) =>
      message.kind === 'output' &&
      message.instructionId === instructionId &&
      message.transformId === transformId
        ? [message]
        : [],
    );
    if (parts.filter(({ isLast }) => isLast).length !== 1 || parts.at(-1)?.isLast !== true) {
      throw new RangeError(`the output of ${transformId} must end once, with its last part`);
    }
    return decodeAll(Buffer.concat(parts.map(({ bytes }) => bytes)), coder, windows);
  }

  /** Asks for a split, and gives the answer. */
  async split(
    instructionId: string,
    desired: {
      readonly fraction: number;
      readonly elements: number;
      readonly allowed?: readonly number[];
      readonly transformId?: string;
    },
  ): Promise<ProcessBundleSplitResponse> {
    const request = create(ProcessBundleSplitRequestSchema, {
      instructionId,
      desiredSplits: {
        [desired.transformId ?? 'source']: {
          fractionOfRemainder: desired.fraction,
          estimatedInputElements: BigInt(desired.elements),
          allowedSplitPoints: (desired.allowed ?? []).map(BigInt),
        },
      },
    });
    const bytes = await this.ask({
      kind: 'split',
      instructionId,
      request: toBinary(ProcessBundleSplitRequestSchema, request),
    });
    return fromBinary(ProcessBundleSplitResponseSchema, bytes);
  }

  /** Asks, and gives the bytes of the answer. */
  async ask(
    question:
      | { readonly kind: 'progress' | 'finalize'; readonly instructionId: string }
      | { readonly kind: 'split'; readonly instructionId: string; readonly request: Uint8Array }
      | { readonly kind: 'sample'; readonly pcollectionIds: readonly string[] },
  ): Promise<Uint8Array> {
    const token = (this.#token += 1);
    this.tell({ ...question, token });
    const answer = await this.next(
      (message) => (message.kind === 'answer' || message.kind === 'refused') && message.token === token,
    );
    if (answer.kind !== 'answer') throw new RangeError('the question was refused');
    return answer.response;
  }

  /** Ends the thread as the worker does. */
  async close(): Promise<void> {
    this.tell({ kind: 'close' });
    await this.next(({ kind }) => kind === 'closed');
    this.#state.port1.close();
  }
}

/** Elements in the global window, as they travel. */
export function encodeAll(values: readonly unknown[], coder: Coder): Uint8Array<ArrayBuffer> {
  const windowed = new WindowedValueCoder(coder, GLOBAL_WINDOW_CODER);
  const out = new OutputBytes();
  for (const value of values) windowed.encode(windowedValue(value), out);
  return new Uint8Array(out.take());
}

/** Elements with all that belongs to them, as they travel. */
export function encodeWindowedValues(
  elements: readonly WindowedValue<unknown>[],
  coder: Coder,
  windows: Coder<BoundedWindow>,
): Uint8Array<ArrayBuffer> {
  const windowed = new WindowedValueCoder(coder, windows);
  const out = new OutputBytes();
  for (const element of elements) windowed.encode(element, out);
  return new Uint8Array(out.take());
}

/** Elements as they travelled. */
export function decodeAll(
  bytes: Uint8Array,
  coder: Coder,
  windows = GLOBAL_WINDOW_CODER as Coder<BoundedWindow>,
): WindowedValue<unknown>[] {
  const windowed = new WindowedValueCoder(coder, windows);
  const input = new InputBytes(bytes);
  const values: WindowedValue<unknown>[] = [];
  while (input.left > 0) values.push(windowed.decode(input));
  return values;
}
