import type { RunProgress } from './run.ts';
import type { ReadProgress } from './inputs/bundle-source.ts';

/** How often progress is reported, in milliseconds. */
const REPORT_EVERY_MS = 100;

/** Tells how far a run is, whenever the event loop has its turn. */
export class ProgressReporter {
  readonly #onProgress: ((progress: RunProgress) => void) | undefined;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout | undefined;
  #current: (() => Omit<RunProgress, 'elapsedMs'>) | undefined;

  constructor(onProgress: ((progress: RunProgress) => void) | undefined) {
    this.#onProgress = onProgress;
    if (onProgress !== undefined) {
      this.#timer = setInterval(() => this.#report(), REPORT_EVERY_MS);
      this.#timer.unref();
    }
  }

  /** A stage begins; `elements` and `read` are asked whenever there is something to report. */
  stage(
    name: string,
    { elements, read }: { readonly elements: () => number; readonly read: ReadProgress },
  ): void {
    this.#current = () => ({
      stage: name,
      elements: elements(),
      ...(read.bytes === undefined ? {} : { bytes: read.bytes }),
      ...(read.totalBytes === undefined ? {} : { totalBytes: read.totalBytes }),
    });
  }

  /** The stage has ended: reports where it came to. */
  stageEnded(): void {
    this.#report();
    this.#current = undefined;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #report(): void {
    if (this.#current === undefined) return;
    this.#onProgress?.({ ...this.#current(), elapsedMs: performance.now() - this.#startedAt });
  }
}
