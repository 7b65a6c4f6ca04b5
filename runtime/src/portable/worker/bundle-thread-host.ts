import { getHeapStatistics } from 'node:v8';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { BundleThreadData, FromBundleThread, StateAnswer, ToBundleThread } from './thread-messages.ts';

/** What a bundle thread tells that no single question asked for. */
export interface BundleThreadListener {
  message(message: FromBundleThread): void;
  /** A piece of what user code wrote to its standard output or error. */
  output(text: string, level: 'info' | 'warn'): void;
  /** The thread has ended, though nobody closed it. */
  crashed(reason: string): void;
}

/** What a bundle thread is started with. */
export interface BundleThreadOptions {
  /** The thread's script. */
  readonly script: URL;
  readonly name: string;
  readonly data: Omit<BundleThreadData, 'state'>;
  readonly listener: BundleThreadListener;
}

type Question = Extract<ToBundleThread, { readonly token: number }>;

/** A question without its token, which the host gives. */
export type BundleThreadQuestion = Question extends infer Q
  ? Q extends Question
    ? Omit<Q, 'token'>
    : never
  : never;

/**
 * One thread that runs bundles, as the main thread sees it.
 *
 * Messages that answer a question are matched to it here; all others go to the listener.
 */
export class BundleThreadHost {
  readonly name: string;
  readonly #worker: Worker;
  readonly #signal = new SharedArrayBuffer(4);
  readonly #statePort;
  readonly #questions = new Map<
    number,
    { resolve: (bytes: Uint8Array) => void; reject: (error: Error) => void }
  >();
  readonly #started: Promise<string | undefined>;
  readonly #exited: Promise<void>;
  readonly #descriptors = new Set<string>();
  #tokens = 0;
  #isClosing = false;
  #closed: () => void = () => undefined;

  constructor({ script, name, data, listener }: BundleThreadOptions) {
    this.name = name;
    const state = new MessageChannel();
    this.#statePort = state.port1;
    state.port1.unref();
    const workerData: BundleThreadData = { ...data, state: { signal: this.#signal, port: state.port2 } };
    this.#worker = new Worker(script, {
      name,
      workerData,
      transferList: [state.port2],
      stdout: true,
      stderr: true,
    });
    this.#worker.stdout.setEncoding('utf8').on('data', (text: string) => listener.output(text, 'info'));
    this.#worker.stderr.setEncoding('utf8').on('data', (text: string) => listener.output(text, 'warn'));
    let reason = 'process.exit() in the code of a step';
    this.#worker.on('error', (error: unknown) => (reason = describe(error)));
    this.#started = new Promise((resolve) => {
      this.#worker.on('message', (message: FromBundleThread) => {
        if (message.kind === 'ready') resolve(undefined);
        else if (message.kind === 'broken') resolve(message.error);
        else this.#take(message, listener);
      });
      this.#worker.once('exit', () =>
        resolve(`Cannot load the job's code as the thread must go on: received ${reason}`),
      );
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#closed();
        state.port1.close();
        for (const { reject } of this.#questions.values()) {
          reject(new RangeError(`Cannot answer as the bundle thread must go on: received ${reason}`));
        }
        this.#questions.clear();
        if (!this.#isClosing) listener.crashed(reason);
        resolve();
      });
    });
  }

  /** Settles when the captured module is loaded: with why it cannot be, or nothing. */
  get started(): Promise<string | undefined> {
    return this.#started;
  }

  /** Sends a message; the buffer of a 'data' message moves to the thread. */
  post(message: ToBundleThread): void {
    if (message.kind === 'data') this.#worker.postMessage(message, [message.bytes.buffer]);
    else this.#worker.postMessage(message);
  }

  /** Sends a descriptor, unless the thread has it. */
  register(id: string, descriptor: Uint8Array): void {
    if (this.#descriptors.has(id)) return;
    this.#descriptors.add(id);
    this.post({ kind: 'register', descriptor });
  }

  /** Asks, and resolves with the bytes of the answer's proto. @throws {RangeError} with the thread's reason, if it has none. */
  ask(question: BundleThreadQuestion): Promise<Uint8Array> {
    const token = (this.#tokens += 1);
    return new Promise((resolve, reject) => {
      this.#questions.set(token, { resolve, reject });
      this.post({ ...question, token }); // Omit loses which of them it was
    });
  }

  /** Answers a 'state' message: the thread may be waiting for it, with its event loop stopped. */
  answerState(answer: StateAnswer): void {
    this.#statePort.postMessage(answer);
    const signal = new Int32Array(this.#signal);
    Atomics.add(signal, 0, 1);
    Atomics.notify(signal, 0);
  }

  /** Lets the thread tear its DoFns down, but ends it after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    let timer: NodeJS.Timeout | undefined;
    const closed = new Promise<void>((resolve) => {
      this.#closed = resolve;
      timer = setTimeout(resolve, graceMs);
    });
    this.post({ kind: 'close' });
    await closed;
    clearTimeout(timer);
    await this.#worker.terminate();
    await this.#exited;
  }

  #take(message: FromBundleThread, listener: BundleThreadListener): void {
    if (message.kind === 'closed') this.#closed();
    else if (message.kind === 'answer' || message.kind === 'refused') {
      const question = this.#questions.get(message.token);
      this.#questions.delete(message.token);
      if (message.kind === 'answer') question?.resolve(message.response);
      else question?.reject(new RangeError(message.error));
    } else listener.message(message);
  }
}

function describe(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    const { heap_size_limit: limit } = getHeapStatistics();
    return `a full heap (about ${Math.round(limit / 2 ** 20)} MB): keep less in memory at once, or start Node with NODE_OPTIONS=--max-old-space-size=<MB>`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
