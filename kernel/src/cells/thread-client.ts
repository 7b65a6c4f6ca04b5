import type { Worker } from 'node:worker_threads';
import type { ThreadMethods, ThreadReply, ThreadRequest } from './thread-messages.ts';

/** The thread with the compiler is gone, or never answers. */
export class LanguageLostError extends Error {
  constructor(why: string) {
    super(`Cannot check the cell as the language thread must be alive: ${why}`);
    this.name = 'LanguageLostError';
  }
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Longer than any honest check of a cell: a thread that is silent for so long is given up. */
const PATIENCE_MS = 60_000;

/** Questions and answers over one worker thread; keeps the process alive only while something is asked. */
export class ThreadClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #patience: NodeJS.Timeout | undefined;
  #lost: string | undefined;
  #nextId = 1;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.unref();
    worker.on('message', (reply: ThreadReply) => this.#onReply(reply));
    worker.on('error', (error: Error) => this.#lose(error.message));
    worker.on('exit', (code) => this.#lose(`it ended with code ${code}`));
  }

  /** True once the thread is gone; it does not come back. */
  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** @throws {LanguageLostError} if the thread is lost before it answers. */
  ask<M extends keyof ThreadMethods>(
    method: M,
    argument: Parameters<ThreadMethods[M]>[0],
  ): Promise<ReturnType<ThreadMethods[M]>> {
    if (this.#lost !== undefined) return Promise.reject(new LanguageLostError(this.#lost));
    const request: ThreadRequest<M> = { id: this.#nextId++, method, argument };
    return new Promise((resolve, reject) => {
      // The thread answers a method with that method's result.
      this.#waiting.set(request.id, { resolve: resolve as (value: unknown) => void, reject });
      if (this.#waiting.size === 1) this.#worker.ref();
      this.#waitPatiently();
      this.#worker.postMessage(request);
    });
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    this.#lose('it was closed');
    await this.#worker.terminate();
  }

  #onReply(reply: ThreadReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    this.#waitPatiently();
    if (this.#waiting.size === 0) this.#worker.unref();
    if (waiting === undefined) return;
    if ('error' in reply) waiting.reject(new LanguageFault(reply.error));
    else waiting.resolve(reply.value);
  }

  #waitPatiently(): void {
    clearTimeout(this.#patience);
    if (this.#waiting.size === 0) return;
    this.#patience = setTimeout(() => {
      this.#lose(`it gave no answer for ${PATIENCE_MS / 1000} s`);
      // Its end needs no one to wait for it: all that was asked has been refused.
      void this.#worker.terminate();
    }, PATIENCE_MS);
  }

  #lose(why: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = why;
    clearTimeout(this.#patience);
    const error = new LanguageLostError(why);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** The compiler threw: a bug, of ours or of TypeScript's. The thread lives on. */
class LanguageFault extends Error {
  constructor(stack: string) {
    super(`Cannot check the cell as the compiler must not throw: received ${stack}`);
    this.name = 'LanguageFault';
  }
}
