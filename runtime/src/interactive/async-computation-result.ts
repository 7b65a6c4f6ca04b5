import { formatPlural } from '../display/format.ts';
import type { RunProgress } from '../engine/run.ts';
import { InterruptedError } from '../errors.ts';
import { ComputationDisplay } from './computation-display.ts';
import { notebookHost } from './notebook-host.ts';

/** How far a computation is; Beam's words. */
export type ComputationState = 'RUNNING' | 'CANCELLING' | 'DONE' | 'FAILED' | 'CANCELLED';

/** What a computation did so far. */
export interface ComputationProgress {
  /** The steps that run now, or ran last; undefined before any has run, and where all came from the cache. */
  readonly stage: string | undefined;
  /** Elements that these steps have read so far. */
  readonly elements: number;
  /** How much of their input that is, by bytes, 0 to 100; undefined where the source does not say its size: files do. */
  readonly percent: number | undefined;
  /** Bytes read by these steps so far, and of their whole input; undefined where the source does not say so. */
  readonly bytes: number | undefined;
  readonly totalBytes: number | undefined;
  /** Since the computation began, in milliseconds. */
  readonly elapsedMs: number;
}

/** What an AsyncComputationResult is made of. */
export interface ComputationOptions<R> {
  /** What is computed, as its user calls it. */
  readonly title: string;
  readonly work: (watched: {
    readonly signal: AbortSignal;
    readonly onProgress: (progress: RunProgress) => void;
  }) => Promise<R>;
  /** Any of them cancels it. */
  readonly signals: readonly AbortSignal[];
}

type Listener = (progress: ComputationProgress) => void;

/**
 * Work that goes on while the notebook does something else; the name is Interactive Beam's.
 *
 * As the last expression of a cell it shows itself, live, until it has ended.
 */
export class AsyncComputationResult<R> {
  readonly #title: string;
  readonly #abort = new AbortController();
  /** Aborted when all has ended: nobody is listened to any more. */
  readonly #over = new AbortController();
  readonly #result: Promise<R>;
  readonly #ended: Promise<void>;
  readonly #listeners = new Set<Listener>();
  readonly #startedAt = performance.now();
  readonly #display: ComputationDisplay;
  #state: ComputationState = 'RUNNING';
  #last: RunProgress | undefined;
  #endedAt: number | undefined;
  #error: unknown;
  /** True once somebody will learn of an error. */
  #isWatched = false;

  /** Use `compute`. */
  constructor({ title, work, signals }: ComputationOptions<R>) {
    this.#title = title;
    this.#display = new ComputationDisplay(this);
    for (const signal of signals) {
      const cancel = () => this.#stop(signal.reason);
      if (signal.aborted) cancel();
      else signal.addEventListener('abort', cancel, { once: true, signal: this.#over.signal });
    }
    this.#result = work({
      signal: this.#abort.signal,
      onProgress: (progress) => {
        this.#last = progress;
        this.#tell();
      },
    });
    this.#ended = this.#result.then(
      () => this.#end('DONE'),
      (error: unknown) => {
        this.#error = error;
        this.#end(this.#abort.signal.aborted ? 'CANCELLED' : 'FAILED');
      },
    );
  }

  /** What is computed: the names of the PCollections. */
  get title(): string {
    return this.#title;
  }

  get state(): ComputationState {
    return this.#state;
  }

  get progress(): ComputationProgress {
    const { stage, elements = 0, bytes, totalBytes } = this.#last ?? {};
    const isSized = bytes !== undefined && totalBytes !== undefined && totalBytes > 0;
    return {
      stage,
      elements,
      percent: isSized ? Math.min(100, Math.max(0, (bytes / totalBytes) * 100)) : undefined,
      bytes,
      totalBytes,
      elapsedMs: (this.#endedAt ?? performance.now()) - this.#startedAt,
    };
  }

  /**
   * The elements, an array for each PCollection in the order in which they were given; they are in memory as long as this
   * is. What can be cached is in the cache as well, for `show` and `collect`.
   *
   * Rejects with the PipelineError that made it fail, or an InterruptedError once it was cancelled. Nobody need ask for
   * it: an error is then shown by the display, or written to the console if there is none.
   */
  get result(): Promise<R> {
    this.#isWatched = true;
    return this.#result;
  }

  /** What made it fail; undefined unless its state is FAILED or CANCELLED. */
  get error(): unknown {
    return this.#error;
  }

  /**
   * Calls `listener` a few times a second while elements are read, at the end of each stage, and once when all has ended;
   * at once if it has. Returns a function that ends that. A listener that throws is called no more.
   */
  onProgress(listener: (progress: ComputationProgress) => void): () => void {
    this.#listeners.add(listener);
    if (this.#endedAt !== undefined) this.#tell();
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Stops the work; resolves, with the state that it came to, when it has stopped. From then on no element is
   * processed; an async function that was called before may still be waiting for something, and what it gives is dropped.
   * What was committed to the cache stays. Cancelling what has ended changes nothing.
   */
  async cancel(): Promise<ComputationState> {
    this.#stop(new InterruptedError('The computation was cancelled'));
    await this.#ended;
    return this.#state;
  }

  /** What a notebook shows: in ours, a line that follows the work. */
  [Symbol.for('Jupyter.display')](): Readonly<Record<string, unknown>> {
    const host = notebookHost();
    if (host === undefined) return this.#display.bundle().data;
    this.#isWatched = true;
    this.#display.show(host);
    return {};
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  toString(): string {
    const { stage, elements, percent } = this.progress;
    const read = stage === undefined ? '' : `, ${formatPlural(elements, 'element')} read by "${stage}"`;
    const share = percent === undefined ? '' : `, ${Math.floor(percent)} %`;
    return `Computation of ${this.#title}: ${this.#state}${read}${share}`;
  }

  #stop(reason: unknown): void {
    if (this.#endedAt !== undefined || this.#abort.signal.aborted) return;
    this.#state = 'CANCELLING';
    this.#abort.abort(reason);
  }

  #end(state: ComputationState): void {
    this.#state = state;
    this.#endedAt = performance.now();
    this.#tell();
    if (state === 'FAILED' && !this.#isWatched) console.error(`${this.toString()}\n${String(this.#error)}`);
    this.#listeners.clear();
    this.#over.abort();
  }

  #tell(): void {
    const { progress } = this;
    for (const listener of this.#listeners) {
      try {
        listener(progress);
      } catch (error) {
        this.#listeners.delete(listener);
        console.error(`A listener to the progress of ${this.#title} threw: ${String(error)}`);
      }
    }
  }
}
