import { PipelineAssertionError } from '../errors.ts';
import type { RunProgress } from '../engine/run.ts';
import { leadToUser } from '../display/stack-frames.ts';
import { progressBundle, type ProgressView } from '../display/progress.ts';
import { environment } from './environment.ts';
import { notebookHost, type NotebookHost } from './notebook-host.ts';

/** A bar appears only for work that takes longer than this, in milliseconds. */
const SHOW_AFTER = 300;
/** Time between two pictures of the bar, in milliseconds. */
const REDRAW = 150;

/** What a watched piece of work is given. */
export interface Watched {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RunProgress) => void;
}

/**
 * Runs `work` under the eyes of the notebook: the interrupt of its cell aborts the signal, and long work shows a
 * progress bar that is updated in place. In a script there is neither, and the user's own signal counts.
 *
 * @param options.isShownNext A view follows, which tells all that the bar would: a bar that is done goes away.
 */
export async function watchRun<R>(
  userSignal: AbortSignal | undefined,
  work: (watched: Watched) => Promise<R>,
  { isShownNext = false }: { readonly isShownNext?: boolean } = {},
): Promise<R> {
  const host = notebookHost();
  const signals = [userSignal, host?.signal].filter((signal) => signal !== undefined);
  const bar = host === undefined ? undefined : new ProgressBar(host);
  const signal = AbortSignal.any(signals);
  // Work that was terminated never settles: the bar ends with the signal.
  const interrupt = () => bar?.end('interrupted');
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const result = await work({ signal, onProgress: (progress) => bar?.update(progress) });
    if (isShownNext) bar?.remove();
    else bar?.end('done');
    return result;
  } catch (error) {
    bar?.end('failed');
    if (error instanceof PipelineAssertionError) leadToUser(error);
    throw error;
  } finally {
    signal.removeEventListener('abort', interrupt);
    warnOfNotices();
  }
}

/** Tells the user once what went wrong without changing an answer. */
export function warnOfNotices(): void {
  for (const notice of environment.takeNotices()) console.warn(`Millrace cache: ${notice}`);
}

/** One display that is drawn again and again. */
class ProgressBar {
  readonly #host: NotebookHost;
  readonly #id = `millrace-progress-${crypto.randomUUID()}`;
  #drawnAt: number | undefined;
  #last: RunProgress | undefined;
  #isOver = false;

  constructor(host: NotebookHost) {
    this.#host = host;
  }

  update(progress: RunProgress): void {
    if (this.#isOver) return;
    this.#last = progress;
    if (progress.elapsedMs < SHOW_AFTER) return;
    if (this.#drawnAt !== undefined && progress.elapsedMs - this.#drawnAt < REDRAW) return;
    this.#draw(progress, 'running');
  }

  /** The first end counts: interrupted work fails as well. */
  end(state: Exclude<ProgressView['state'], 'running'>): void {
    if (!this.#isOver && this.#drawnAt !== undefined && this.#last !== undefined)
      this.#draw(this.#last, state);
    this.#isOver = true;
  }

  /** A display cannot be taken back: it becomes empty, and takes no room. */
  remove(): void {
    if (!this.#isOver && this.#drawnAt !== undefined) {
      const empty = { data: { 'text/html': '', 'text/plain': '' } };
      this.#host.display(empty, { displayId: this.#id, update: true });
    }
    this.#isOver = true;
  }

  #draw(progress: RunProgress, state: ProgressView['state']): void {
    const { elements, elapsedMs } = progress;
    const bundle = progressBundle({ ...progress, elementsPerSecond: (elements / elapsedMs) * 1000, state });
    this.#host.display(bundle, { displayId: this.#id, update: this.#drawnAt !== undefined });
    this.#drawnAt = elapsedMs;
  }
}
