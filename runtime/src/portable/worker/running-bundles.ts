import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  ProcessBundleResponseSchema,
  StateRequestSchema,
  StateResponseSchema,
  type ProcessBundleRequest,
  type ProcessBundleResponse,
} from '../../proto/fn-api.ts';
import type { BundleThreadHost } from './bundle-thread-host.ts';
import { deliver, incomingData, incomingTimers, type DataPlace } from './data-stream.ts';
import type { BundleThreads } from './bundle-threads.ts';
import type { KnownDescriptor } from './known-descriptor.ts';
import type { Streams } from './streams.ts';
import type { FromBundleThread } from './thread-messages.ts';

/** One bundle in a thread. */
interface RunningBundle {
  readonly descriptor: KnownDescriptor;
  readonly thread: BundleThreadHost;
  readonly startedAt: number;
  /** How many of its output messages gRPC has not taken yet. */
  unsent: number;
  isDone: boolean;
  readonly sent: (() => void)[];
  settle(outcome: Outcome): void;
}

type Outcome = { readonly response: ProcessBundleResponse } | { readonly error: string };

/** A bundle under way, for reports. */
export interface BundleReport {
  readonly instructionId: string;
  readonly descriptorId: string;
  readonly thread: string;
  readonly startedAt: number;
}

/**
 * The bundles under way: carries elements, state and results between the runner's streams and bundle threads.
 *
 * A bundle ends in one of four ways: its thread answers, its thread ends, one of its streams ends, or it is aborted
 * with all others. Its response waits until gRPC has taken all of its output.
 */
export class RunningBundles {
  readonly #threads: BundleThreads;
  readonly #streams: Streams;
  readonly #now: () => number;
  readonly #bundles = new Map<string, RunningBundle>();

  constructor(options: {
    readonly threads: BundleThreads;
    readonly streams: Streams;
    readonly now?: () => number;
  }) {
    this.#threads = options.threads;
    this.#streams = options.streams;
    this.#now = options.now ?? Date.now;
  }

  /** The thread that runs an instruction's bundle; undefined if it is not under way. */
  threadOf(instructionId: string): BundleThreadHost | undefined {
    return this.#bundles.get(instructionId)?.thread;
  }

  /** Those under way, longest first. */
  report(): BundleReport[] {
    return [...this.#bundles]
      .map(([instructionId, { descriptor, thread, startedAt }]) => ({
        instructionId,
        descriptorId: descriptor.id,
        thread: thread.name,
        startedAt,
      }))
      .sort((a, b) => a.startedAt - b.startedAt);
  }

  /** Runs a bundle to its end. @throws {RangeError} with the text for the runner, if it fails. */
  async run(
    instructionId: string,
    { descriptor, request }: { readonly descriptor: KnownDescriptor; readonly request: ProcessBundleRequest },
  ): Promise<{ readonly response: ProcessBundleResponse; readonly thread: BundleThreadHost }> {
    const thread = this.#threads.acquire();
    try {
      const outcome = await new Promise<Outcome>((settle) => {
        const startedAt = this.#now();
        const bundle = { descriptor, thread, startedAt, unsent: 0, isDone: false, sent: [], settle };
        this.#bundles.set(instructionId, bundle);
        thread.register(descriptor.id, descriptor.bytes);
        thread.post({ kind: 'bundle', instructionId, descriptorId: descriptor.id });
        this.#receive(instructionId, bundle, request);
        void thread.started.then((error) => {
          if (error !== undefined) settle({ error });
        });
      });
      if ('error' in outcome) throw new BundleFailedError(outcome.error);
      return { response: outcome.response, thread };
    } finally {
      this.#bundles.delete(instructionId);
      this.#streams.unregister(instructionId);
      this.#threads.release(thread);
    }
  }

  /** Gives all bundles up. */
  abortAll(reason: string): void {
    for (const instructionId of [...this.#bundles.keys()]) this.#abort(instructionId, reason);
  }

  /** The thread has gone, and its bundles with it. */
  threadCrashed(thread: BundleThreadHost, reason: string): void {
    for (const bundle of this.#bundles.values()) {
      if (bundle.thread === thread) {
        bundle.settle({ error: `Cannot finish the bundle as its thread must go on: received ${reason}` });
      }
    }
  }

  /** Takes a thread's message that is about a bundle; false if it is about none. */
  take(thread: BundleThreadHost, message: FromBundleThread): boolean {
    switch (message.kind) {
      case 'output':
        this.#send(message);
        return true;
      case 'consumed':
        this.#streams.consumed(message.instructionId, message.bytes);
        return true;
      case 'done':
        this.#finish(message.instructionId, message.response);
        return true;
      case 'failed':
        this.#bundles.get(message.instructionId)?.settle({ error: message.error });
        return true;
      case 'state':
        void this.#askState(thread, message);
        return true;
      case 'answer':
      case 'broken':
      case 'closed':
      case 'log':
      case 'ready':
      case 'refused':
        return false;
    }
  }

  #receive(
    instructionId: string,
    { descriptor, thread }: RunningBundle,
    request: ProcessBundleRequest,
  ): void {
    const receiver = {
      data: (place: DataPlace, bytes: Uint8Array<ArrayBuffer>, isLast: boolean) =>
        thread.post({ kind: 'data', instructionId, ...place, bytes, isLast }),
      failed: (reason: string) => this.#abort(instructionId, reason),
    };
    const { sources, sinks, timerUrl } = descriptor;
    const timers = timerUrl === undefined ? [] : [timerUrl];
    this.#streams.register(instructionId, [...sources.values(), ...timers], receiver);
    this.#streams.open([...sinks.values(), ...timers]);
    for (const data of request.elements?.data ?? []) deliver(receiver, incomingData(data));
    for (const data of request.elements?.timers ?? []) deliver(receiver, incomingTimers(data));
  }

  #send(output: Extract<FromBundleThread, { kind: 'output' }>): void {
    const { instructionId, transformId, timerFamilyId, bytes, isLast } = output;
    const bundle = this.#bundles.get(instructionId);
    const url =
      timerFamilyId === undefined ? bundle?.descriptor.sinks.get(transformId) : bundle?.descriptor.timerUrl;
    if (bundle === undefined || url === undefined) return; // it was given up meanwhile
    bundle.unsent += 1;
    void this.#streams
      .send(url, { instructionId, transformId, timerFamilyId, bytes, isLast })
      .then((isSent) => {
        bundle.unsent -= 1;
        if (!isSent) this.#abort(instructionId, 'The runner closed the data stream');
        else if (!bundle.isDone)
          bundle.thread.post({ kind: 'credit', instructionId, bytes: bytes.byteLength });
        if (bundle.unsent === 0) for (const resolve of bundle.sent.splice(0)) resolve();
      });
  }

  #finish(instructionId: string, response: Uint8Array): void {
    const bundle = this.#bundles.get(instructionId);
    if (bundle === undefined) return;
    bundle.isDone = true;
    const settle = () => bundle.settle({ response: fromBinary(ProcessBundleResponseSchema, response) });
    if (bundle.unsent === 0) settle();
    else bundle.sent.push(settle);
  }

  async #askState(
    thread: BundleThreadHost,
    { token, request }: Extract<FromBundleThread, { kind: 'state' }>,
  ): Promise<void> {
    const message = fromBinary(StateRequestSchema, request);
    const url = this.#bundles.get(message.instructionId)?.descriptor.stateUrl;
    const response =
      url === undefined
        ? { error: 'The bundle has ended, or its descriptor names no state service' }
        : await this.#streams.askState(url, message);
    thread.answerState({
      token,
      response: toBinary(StateResponseSchema, {
        $typeName: StateResponseSchema.typeName,
        id: message.id,
        response: { case: undefined },
        ...response,
      }),
    });
  }

  #abort(instructionId: string, reason: string): void {
    const bundle = this.#bundles.get(instructionId);
    if (bundle === undefined) return;
    this.#streams.abortState(instructionId, reason);
    bundle.thread.post({ kind: 'abort', instructionId, reason });
    bundle.settle({ error: reason });
  }
}

/** A bundle failed; the message is what the runner is told. */
export class BundleFailedError extends Error {
  override readonly name = 'BundleFailedError';
}
