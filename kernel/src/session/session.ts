import { CellLanguage } from '../cells/cell-language.ts';
import type { PreparedCell, RefusedCell } from '../cells/cell-service.ts';
import type { Completion } from '../cells/completion.ts';
import type { Inspection } from '../cells/inspection.ts';
import type { Completeness } from '../cells/is-complete.ts';
import { INTERRUPTED } from './interrupted.ts';
import type { SessionLanguage } from './session-language.ts';
import type { Outcome, OutputSink } from './session-output.ts';
import { SessionThread } from './session-thread.ts';

/** What a session needs. */
export interface SessionOptions {
  /**
   * The notebook's folder. It becomes the working directory of this process, as threads cannot have their own: one
   * process serves one notebook.
   */
  readonly directory: string;
  /** Takes what is shown while no cell runs: by timers that earlier cells left. */
  readonly onBackgroundOutput?: OutputSink;
  /**
   * The worker was lost with its state; a new one is there already. `isTold`: a cell was running, whose outcome says so.
   */
  readonly onDeath?: (why: string, context: { readonly isTold: boolean }) => void;
  /** Most memory that the cells' heap may take, in MB; unless told otherwise, three quarters of the machine's. */
  readonly heapLimitMb?: number;
  /** TypeScript unless told otherwise. */
  readonly language?: (options: { readonly directory: string }) => SessionLanguage;
}

/** How a cell is run. */
export interface ExecuteOptions {
  readonly executionCount: number;
  /** Shows no result. */
  readonly silent?: boolean;
  readonly onOutput: OutputSink;
}

/**
 * A notebook's running state: it takes cells and gives outputs.
 *
 * The cells run in a worker thread of this process, and are checked in another; this thread runs no code of the user,
 * so that it can answer at any time.
 *
 * What the cells print with `console` and `process.stdout` is output; what a child process that was started with
 * `stdio: 'inherit'` prints goes to the terminal of this process: give it pipes to see it in the notebook.
 */
export class Session {
  readonly #options: SessionOptions;
  #language: SessionLanguage;
  #thread: SessionThread;
  /** Ends when the cells that were given so far have ended. */
  #queue: Promise<unknown> = Promise.resolve();
  /** Ends the cell that is being checked. */
  #stopChecking: (() => void) | undefined;
  #isClosed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    process.chdir(options.directory);
    this.#thread = this.#startThread();
    this.#language = this.#startLanguage();
  }

  /** Checks and runs a cell; cells run one at a time, in the order given. All its outputs come before this resolves. */
  execute(code: string, options: ExecuteOptions): Promise<Outcome> {
    const outcome = this.#queue.then(() => this.#execute(code, options));
    this.#queue = outcome.catch(() => undefined);
    return outcome;
  }

  /** Ends the running cell as "Interrupted", within a few hundredths of a second; the state is kept. */
  interrupt(): void {
    this.#stopChecking?.();
    this.#thread.interrupt();
  }

  complete(code: string, cursor: number): Promise<Completion> {
    return this.#language.complete(code, cursor);
  }

  inspect(code: string, cursor: number, detail: 0 | 1): Promise<Inspection | undefined> {
    return this.#language.inspect(code, cursor, detail);
  }

  isComplete(code: string): Promise<Completeness> {
    return this.#language.isComplete(code);
  }

  /** Ends the threads; a running cell ends as lost. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopChecking?.();
    await Promise.all([this.#thread.close(), this.#language.close()]);
  }

  async #execute(code: string, options: ExecuteOptions): Promise<Outcome> {
    if (this.#isClosed) return closed();
    const { executionCount, silent = false, onOutput } = options;
    const cell = await this.#check({ id: executionCount, code });
    if (cell === 'stopped') return this.#wasClosed() ? closed() : INTERRUPTED;
    if (cell.kind === 'refused') {
      const evalue = cell.errors[0]?.message ?? cell.text;
      return { status: 'error', ename: 'TypeScriptError', evalue, traceback: cell.text.split('\n') };
    }
    if (this.#thread.isDead) this.#thread = this.#startThread();
    const language = this.#language;
    const { outcome, defined } = await this.#thread.run(
      {
        executionCount,
        silent,
        code: cell.code,
        sourceMap: cell.sourceMap,
        source: code,
        names: cell.names,
      },
      onOutput,
    );
    if (language === this.#language) language.commit(executionCount, defined);
    return outcome;
  }

  async #check(cell: {
    readonly id: number;
    readonly code: string;
  }): Promise<PreparedCell | RefusedCell | 'stopped'> {
    const stopped = new Promise<'stopped'>((resolve) => (this.#stopChecking = () => resolve('stopped')));
    try {
      for (;;) {
        const language = this.#language;
        const checked = await Promise.race([language.prepare(cell).catch(languageFailed), stopped]);
        // When the worker was lost meanwhile, the names that it was checked against are gone: once more.
        if (language === this.#language || checked === 'stopped') return checked;
      }
    } finally {
      this.#stopChecking = undefined;
    }
  }

  #wasClosed(): boolean {
    return this.#isClosed;
  }

  #startLanguage(): SessionLanguage {
    const { directory, language } = this.#options;
    return language?.({ directory }) ?? new CellLanguage({ directory });
  }

  #startThread(): SessionThread {
    const { directory, heapLimitMb, onBackgroundOutput } = this.#options;
    return new SessionThread({
      directory,
      heapLimitMb,
      onBackgroundOutput: (output) => onBackgroundOutput?.(output),
      onDeath: (why, context) => this.#onDeath(why, context),
    });
  }

  #onDeath(why: string, context: { readonly isTold: boolean }): void {
    // One that could not start is tried again when a cell wants it, not for ever; it had no names.
    if (this.#thread.hasStarted) {
      this.#thread = this.#startThread();
      // The new worker has none of the names that the old language knows.
      void this.#language.close();
      this.#language = this.#startLanguage();
    }
    this.#options.onDeath?.(why, context);
  }
}

/** The compiler itself failed: a bug, which is shown as the cell's error. */
function languageFailed(error: unknown): RefusedCell {
  const text = error instanceof Error ? error.message : String(error);
  return { kind: 'refused', errors: [], text };
}

function closed(): Outcome {
  const evalue = 'The session was closed';
  return { status: 'error', ename: 'SessionClosed', evalue, traceback: [evalue] };
}
