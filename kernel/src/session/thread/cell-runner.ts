import { join } from 'node:path';
import { types } from 'node:util';
import vm from 'node:vm';
import type { FromThread, RunRequest } from '../thread-messages.ts';
import type { Outcome, SessionOutput } from '../session-output.ts';
import { showValue } from './mime-bundle.ts';
import { InterruptedError, type Notebook } from './notebook-host.ts';
import type { StackTraces } from './stack-traces.ts';

const IDENTITY = Symbol.for('millrace.identity');

type Load = (specifier: unknown, names?: readonly string[]) => Promise<unknown>;
type Wait = (value: unknown) => unknown;
type CellFunction = (
  cells: object,
  wait: Wait,
  load: Load,
) => Promise<{ readonly value: unknown } | undefined>;

/** What CellRunner needs. */
export interface CellRunnerOptions {
  readonly directory: string;
  /** The names of all cells. */
  readonly cells: Readonly<Record<string, unknown>>;
  readonly load: Load;
  readonly notebook: Notebook;
  readonly stacks: StackTraces;
  readonly report: (error: unknown) => Promise<Outcome>;
  readonly send: (output: SessionOutput) => void;
  readonly post: (message: FromThread) => void;
}

/** One run of one cell. */
interface Run {
  readonly request: RunRequest;
  /** What the names that the cell declares had before it. */
  readonly before: ReadonlyMap<string, unknown>;
  /** Displays that the cell waits for. */
  readonly shown: Promise<void>[];
  /** Ends what the cell awaits. */
  reject: ((error: Error) => void) | undefined;
  isOver: boolean;
}

/** Runs cells in this thread, one at a time. Any call of it may be terminated at any point; the next one mends that. */
export class CellRunner {
  readonly #options: CellRunnerOptions;
  #current: Run | undefined;

  constructor(options: CellRunnerOptions) {
    this.#options = options;
  }

  /** Runs a cell, and posts how it ended unless it was interrupted. */
  async run(request: RunRequest): Promise<void> {
    const { cells, notebook } = this.#options;
    const names = request.names.filter((name) => Object.hasOwn(cells, name));
    const run: Run = {
      request,
      before: new Map(names.map((name) => [name, cells[name]])),
      shown: [],
      reject: undefined,
      isOver: false,
    };
    this.#current = run;
    notebook.begin(request.executionCount);
    let outcome: Outcome;
    try {
      await this.#evaluate(run);
      outcome = { status: 'ok' };
    } catch (error) {
      if (run.isOver) return;
      outcome = await this.#options.report(error);
    }
    this.#end(run, outcome);
  }

  /** Ends the running cell as interrupted, if one runs. */
  interrupt(token: number): void {
    const { notebook, post } = this.#options;
    const run = this.#current;
    const answer = () =>
      post({ kind: 'interrupted', token, defined: run === undefined ? [] : this.#defined(run) });
    if (run === undefined) {
      answer();
      return;
    }
    post({ kind: 'interrupting', token });
    run.isOver = true;
    const error = new InterruptedError();
    // What waits for the cell's signal, and the cell's own `finally` blocks, run before the answer.
    setImmediate(() => {
      this.#current = undefined;
      answer();
    });
    run.reject?.(error);
    notebook.abort(error);
  }

  /** Ends the running cell, if one runs, with an error that was not thrown in it. */
  async fail(error: Error): Promise<void> {
    const run = this.#current;
    if (run === undefined) return;
    const outcome = await this.#options.report(error);
    this.#end(run, outcome);
    run.reject?.(error);
  }

  /** The running cell waits for `shown` before it ends. */
  waitFor(shown: Promise<void>): void {
    // The cell reports it when it ends; without a cell it is unhandled, and reported as such.
    if (this.#current === undefined) return;
    this.#current.shown.push(shown);
    shown.catch(() => undefined);
  }

  async #evaluate(run: Run): Promise<void> {
    const { directory, cells, stacks, load, send } = this.#options;
    const { code, source, sourceMap, executionCount, silent } = run.request;
    const filename = join(directory, `.millrace-cell-${run.request.run}.mjs`);
    stacks.add(filename, { name: `cell ${executionCount}`, source, sourceMap });
    // CellLanguage's contract: the script's value is the cell's function.
    const cell = vm.runInThisContext(code, {
      filename,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }) as CellFunction;
    const returned = await cell(cells, this.#waiter(run), load);
    const value = types.isPromise(returned?.value) ? await returned.value : returned?.value;
    if (value !== undefined && !silent) {
      const shown = await showValue(value);
      // An empty bundle: the value has shown itself otherwise.
      if (!run.isOver && Object.keys(shown.data).length > 0) send({ kind: 'result', ...shown });
    }
    await Promise.all(run.shown);
  }

  /** What `await` at the cell's top level waits for: the value, or an interrupt. */
  #waiter(run: Run): Wait {
    const wait: Wait = (value) => {
      // A cell that catches its interruption gets no further than its next `await`.
      if (run.isOver) return new Promise(() => undefined);
      if (!isThenable(value)) return value;
      return new Promise((resolve, reject) => {
        run.reject = reject;
        // The very functions, so that V8 can follow them for asynchronous stacks.
        Promise.resolve(value).then(resolve, reject);
      });
    };
    return Object.assign(wait, { [IDENTITY]: 'millrace await' });
  }

  #end(run: Run, outcome: Outcome): void {
    if (this.#current !== run || run.isOver) return;
    run.isOver = true;
    this.#current = undefined;
    const defined = this.#defined(run);
    this.#options.post({ kind: 'done', run: run.request.run, outcome, defined });
  }

  /** A name that has another value than before was assigned; one that has the same may as well keep its type. */
  #defined({ request, before }: Run): string[] {
    const { cells } = this.#options;
    return request.names.filter(
      (name) => Object.hasOwn(cells, name) && !(before.has(name) && Object.is(before.get(name), cells[name])),
    );
  }
}

function isThenable(value: unknown): boolean {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    'then' in value &&
    typeof value.then === 'function'
  );
}
