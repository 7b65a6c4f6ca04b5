import { randomUUID } from 'node:crypto';
import { totalmem } from 'node:os';
import { Worker } from 'node:worker_threads';
import { INTERRUPTED, threadLost } from './interrupted.ts';
import { OutputPump } from './output-pump.ts';
import { createRingMemory } from './output-ring.ts';
import type { Outcome, OutputSink } from './session-output.ts';
import { Terminator } from './terminator.ts';
import type { FromThread, RunRequest, ThreadData, ToThread } from './thread-messages.ts';

/** How long an idle worker may take to answer before it counts as busy, in milliseconds. */
const ANSWER_MS = 8;
/** The same once it has heard, and cleans up. */
const CLEAN_UP_MS = 40;
/** The same while it loads packages, which a termination would leave broken. */
const LOADING_MS = 500;
/** How long one termination may take. */
const TERMINATE_MS = 50;
/** How long it is tried before the worker is given up. */
const GIVE_UP_MS = 2000;

const FLAGS = [
  '--no-force-async-hooks-checks', // see Terminator
  '--experimental-vm-modules', // local modules: modules/
  '--disable-warning=ExperimentalWarning',
];

/** How a run ended, and the names that it assigned. */
export interface RunEnd {
  readonly outcome: Outcome;
  readonly defined: readonly string[];
}

/** What SessionThread needs. */
export interface SessionThreadOptions {
  readonly directory: string;
  /** Takes what is shown while no cell runs. */
  readonly onBackgroundOutput: OutputSink;
  /** The worker is gone, with all its state. `isTold`: the outcome of the cell that ran says so. */
  readonly onDeath: (why: string, context: { readonly isTold: boolean }) => void;
  /** Size of the worker's heap, in MB. */
  readonly heapLimitMb: number | undefined;
}

/** The main thread's handle of one worker thread that runs cells. */
export class SessionThread {
  readonly #options: SessionThreadOptions;
  readonly #worker: Worker;
  readonly #terminator: Terminator;
  readonly #pump: OutputPump;
  readonly #loading = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  /** Resolves when the worker can run cells, and when it never will. */
  readonly #started: Promise<void>;
  #setStarted: () => void = () => undefined;
  #running: { readonly run: number; readonly end: (end: RunEnd) => void } | undefined;
  #runs = 0;
  #tokens = 0;
  #onToken: ((token: number, what: 'interrupting' | 'interrupted') => void) | undefined;
  #interrupting: Promise<void> | undefined;
  /** Why the worker is gone. */
  #dead: string | undefined;
  #hasStarted = false;

  constructor(options: SessionThreadOptions) {
    this.#options = options;
    this.#started = new Promise((resolve) => (this.#setStarted = resolve));
    const ring = createRingMemory();
    this.#pump = new OutputPump(ring, options.onBackgroundOutput);
    const workerData: ThreadData = { directory: options.directory, ring, loading: this.#loading };
    const name = `millrace session ${randomUUID()}`;
    this.#terminator = new Terminator(name);
    this.#worker = new Worker(new URL('./thread/main.js', import.meta.url), {
      name,
      workerData,
      execArgv: FLAGS,
      // What Node itself writes to these is not the cell's; cells write to the ring.
      stdin: false,
      resourceLimits: { maxOldGenerationSizeMb: options.heapLimitMb ?? defaultHeapLimitMb() },
    });
    this.#worker.on('message', (message: FromThread) => this.#onMessage(message));
    this.#worker.on('error', (error) => this.#onDeath(causeOfDeath(error)));
    this.#worker.on('exit', () => this.#onDeath('The thread that runs the cells has ended'));
  }

  /** Whether the worker is gone. */
  get isDead(): boolean {
    return this.#dead !== undefined;
  }

  /** Whether the worker was ever able to run cells. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** Runs a cell; one at a time. What it shows goes to `sink`, all of it before this resolves. */
  async run(request: Omit<RunRequest, 'kind' | 'run'>, sink: OutputSink): Promise<RunEnd> {
    await this.#interrupting;
    if (this.#dead !== undefined) return { outcome: threadLost(this.#dead), defined: [] };
    this.#pump.redirect(sink);
    const run = ++this.#runs;
    return await new Promise((end) => {
      this.#running = { run, end };
      this.#post({ kind: 'run', run, ...request });
    });
  }

  /** Ends the running cell, or whatever an earlier one left running; nothing if the worker is idle. */
  interrupt(): void {
    this.#interrupting ??= this.#interrupt().finally(() => (this.#interrupting = undefined));
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    this.#onDeath('The session was closed', { isAnnounced: false });
    await this.#worker.terminate();
  }

  /**
   * First asks: an idle worker answers at once, and a cell that waits for something ends by that. One that is busy is
   * terminated, and then asked again, so that a termination never hits what runs later.
   */
  async #interrupt(): Promise<void> {
    await this.#started;
    if (await this.#ask(ANSWER_MS)) return;
    const loading = new Int32Array(this.#loading);
    if (Atomics.load(loading, 0) !== 0 && (await this.#ask(LOADING_MS))) return;
    const giveUpAt = performance.now() + GIVE_UP_MS;
    while (performance.now() < giveUpAt) {
      await this.#terminator.terminate(TERMINATE_MS);
      if (await this.#ask(TERMINATE_MS)) return;
    }
    this.#onDeath(
      'The cell could not be interrupted, so the thread that ran it was ended: all variables are lost',
    );
    // A thread that blocks in native code ends when that returns.
    void this.#worker.terminate();
  }

  /** True if the worker answers in time. */
  async #ask(timeoutMs: number): Promise<boolean> {
    if (this.#dead !== undefined) return true;
    const token = ++this.#tokens;
    return await new Promise((resolve) => {
      let timer = setTimeout(() => resolve(false), timeoutMs);
      this.#onToken = (answered, what) => {
        if (answered < token) return;
        clearTimeout(timer);
        if (what === 'interrupted') resolve(true);
        else timer = setTimeout(() => resolve(false), CLEAN_UP_MS);
      };
      this.#post({ kind: 'interrupt', token });
    });
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #onMessage(message: FromThread): void {
    switch (message.kind) {
      case 'wake':
        this.#pump.wake();
        return;
      case 'ready':
        this.#hasStarted = true;
        this.#setStarted();
        return;
      case 'done':
        if (this.#running?.run === message.run) this.#end(message);
        return;
      case 'interrupting':
        this.#onToken?.(message.token, message.kind);
        return;
      case 'interrupted':
        if (this.#running !== undefined) this.#end({ outcome: INTERRUPTED, defined: message.defined });
        this.#onToken?.(message.token, message.kind);
        return;
    }
  }

  #end(end: RunEnd): void {
    this.#pump.redirect(this.#options.onBackgroundOutput);
    const running = this.#running;
    this.#running = undefined;
    running?.end(end);
  }

  #onDeath(why: string, { isAnnounced = true } = {}): void {
    if (this.#dead !== undefined) return;
    this.#dead = why;
    const isTold = this.#running !== undefined;
    this.#terminator.close();
    this.#end({ outcome: threadLost(why), defined: [] });
    this.#pump.close();
    this.#setStarted();
    this.#onToken?.(Infinity, 'interrupted');
    if (isAnnounced) this.#options.onDeath(why, { isTold });
  }
}

function causeOfDeath(error: Error): string {
  if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return 'The cells need more memory than they may have, so the thread that ran them was ended: all variables are lost';
  }
  return `The thread that runs the cells has ended: ${error.message}`;
}

/** Three quarters of what this machine, or this container, has. */
function defaultHeapLimitMb(): number {
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.floor((bytes * 0.75) / 2 ** 20);
}
