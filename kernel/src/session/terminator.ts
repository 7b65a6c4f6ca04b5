import { Session } from 'node:inspector';

interface Attached {
  readonly sessionId: string;
  readonly workerInfo: { readonly title: string };
}

/**
 * Ends whatever JavaScript a worker thread is running, and leaves the thread and its state alive.
 *
 * It is the DevTools protocol's `Runtime.terminateExecution`, sent from the main thread through the inspector's
 * `NodeWorker` domain. The worker must run under `--no-force-async-hooks-checks`: without it Node aborts the process
 * when the code that is ended runs in a timer.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/v8/Runtime/#method-terminateExecution
 */
export class Terminator {
  readonly #inspector = new Session();
  readonly #name: string;
  #attached: string | undefined;
  #nextId = 1;
  #answered: (() => void) | undefined;

  /** @param name The name that the worker is going to be started with; no other thread has it. */
  constructor(name: string) {
    this.#name = name;
    this.#inspector.connect();
    this.#inspector.on('NodeWorker.attachedToWorker', ({ params }) => this.#onAttached(params));
    this.#inspector.on('NodeWorker.receivedMessageFromWorker', () => this.#answered?.());
    this.#inspector.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  }

  /**
   * Ends what runs now. The calls that were running never return, and their `finally` blocks do not run.
   *
   * Resolves when V8 says that it is done, or after `timeoutMs`: a worker that blocks in native code does not answer.
   */
  async terminate(timeoutMs: number): Promise<void> {
    const attached = this.#attached;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#answered = () => {
        clearTimeout(timer);
        resolve();
      };
      if (attached === undefined) return;
      const message = JSON.stringify({ id: this.#nextId++, method: 'Runtime.terminateExecution' });
      this.#inspector.post('NodeWorker.sendMessageToWorker', { sessionId: attached, message });
    });
  }

  close(): void {
    this.#attached = undefined;
    this.#inspector.disconnect();
  }

  #onAttached({ sessionId, workerInfo }: Attached): void {
    // Other threads of this process announce themselves as well; their `workerId` is not Node's thread id.
    if (workerInfo.title.endsWith(this.#name)) this.#attached = sessionId;
    else this.#inspector.post('NodeWorker.detach', { sessionId });
  }
}
