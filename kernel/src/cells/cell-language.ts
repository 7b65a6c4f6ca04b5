import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { CommittedCell, PreparedCell, RefusedCell } from './cell-service.ts';
import type { Completion } from './completion.ts';
import type { Inspection } from './inspection.ts';
import type { Completeness } from './is-complete.ts';
import { LanguageLostError, ThreadClient } from './thread-client.ts';
import type { ThreadData, ThreadMethods } from './thread-messages.ts';

/** What CellLanguage needs to know. */
export interface CellLanguageOptions {
  /** The notebook's folder, absolute: imports resolve from there. */
  readonly directory: string;
  /** Starts the language thread; for tests, which run from the sources. */
  readonly startThread?: (data: ThreadData) => Worker;
}

/** How long after construction the thread starts by itself: `kernel_info` is answered first. */
const START_AFTER_MS = 50;

/**
 * Checks, rewrites, completes and explains the cells of one notebook, in a thread of its own.
 *
 * A thread that is lost is replaced by a new one that knows the same cells; what was being asked is asked once more.
 */
export class CellLanguage {
  readonly #options: CellLanguageOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #prepared = new Map<number, Pick<CommittedCell, 'code' | 'names' | 'declarations'>>();
  #committed: readonly CommittedCell[] = [];
  #thread: ThreadClient | undefined;
  #serial = 0;
  #isClosed = false;

  constructor(options: CellLanguageOptions) {
    this.#options = options;
    this.#timer = setTimeout(() => this.#started(), START_AFTER_MS).unref();
  }

  /**
   * Checks a cell against those that ran before, and makes JavaScript of it.
   *
   * @throws {LanguageLostError} if the compiler was lost twice over this cell, or after `close`.
   */
  async prepare(cell: { readonly id: number; readonly code: string }): Promise<PreparedCell | RefusedCell> {
    this.#prepared.clear();
    const { result, declarations } = await this.#ask('prepare', cell);
    if (result.kind === 'ready') {
      this.#prepared.set(cell.id, { code: cell.code, names: result.names, declarations });
    }
    return result;
  }

  /**
   * The cell ran: its names that now exist are visible to later cells; its types are in any case.
   *
   * @param defined Those of `names` that were assigned before the cell ended or threw.
   */
  commit(id: number, defined: readonly string[]): void {
    const prepared = this.#prepared.get(id);
    if (prepared === undefined || this.#isClosed) return;
    this.#prepared.delete(id);
    const cell = { ...prepared, serial: ++this.#serial, id, defined };
    const thread = this.#started();
    this.#committed = [...this.#committed, cell];
    thread.ask('commit', cell).then(
      (kept) => {
        const alive = new Set(kept);
        this.#committed = this.#committed.filter(({ serial }) => serial > cell.serial || alive.has(serial));
      },
      // The next thread is told of all that was committed.
      () => undefined,
    );
  }

  /** What can stand at `cursor`, in UTF-16 units, best first. */
  complete(code: string, cursor: number): Promise<Completion> {
    return this.#ask('complete', { code, cursor });
  }

  /** What is known of what stands at `cursor`; undefined for nothing. */
  inspect(code: string, cursor: number, detail: 0 | 1): Promise<Inspection | undefined> {
    return this.#ask('inspect', { code, cursor, detail });
  }

  /** Whether `code` could be run as it is, or needs more lines. */
  isComplete(code: string): Promise<Completeness> {
    return this.#ask('isComplete', code);
  }

  /** Ends the thread; what is being asked is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#thread?.close();
  }

  async #ask<M extends keyof ThreadMethods>(
    method: M,
    argument: Parameters<ThreadMethods[M]>[0],
  ): Promise<ReturnType<ThreadMethods[M]>> {
    try {
      return await this.#started().ask(method, argument);
    } catch (error) {
      if (!(error instanceof LanguageLostError) || this.#isClosed) throw error;
      return this.#started().ask(method, argument);
    }
  }

  #started(): ThreadClient {
    if (this.#isClosed) throw new LanguageLostError('it was closed');
    if (this.#thread === undefined || this.#thread.isLost) {
      const start = this.#options.startThread ?? startThread;
      const data = { places: placesOf(this.#options.directory), committed: this.#committed };
      this.#thread = new ThreadClient(start(data));
    }
    return this.#thread;
  }
}

function startThread(workerData: ThreadData): Worker {
  return new Worker(new URL('./language-thread.js', import.meta.url), {
    workerData,
    name: 'millrace language',
  });
}

function placesOf(directory: string): ThreadData['places'] {
  const declarations = fileURLToPath(new URL('./display-api.d.ts', import.meta.url));
  const source = fileURLToPath(new URL('./display-api.ts', import.meta.url));
  return {
    directory,
    kernelFile: fileURLToPath(import.meta.url),
    displayApi: existsSync(declarations) ? declarations : source,
  };
}
