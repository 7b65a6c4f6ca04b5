import { escapeHtml } from '../display/escape.ts';
import type { MimeBundle } from '../display/mime-bundle.ts';
import { progressBundle, type ProgressView } from '../display/progress.ts';
import type { AsyncComputationResult, ComputationState } from './async-computation-result.ts';
import type { NotebookHost } from './notebook-host.ts';

/** Time between two pictures, in milliseconds. */
const REDRAW = 150;

const STATES: Readonly<Record<ComputationState, ProgressView['state']>> = {
  RUNNING: 'running',
  CANCELLING: 'running',
  DONE: 'done',
  FAILED: 'failed',
  CANCELLED: 'interrupted',
};

/** The line of one computation in a notebook: wherever it was shown, it is drawn anew until the work has ended. */
export class ComputationDisplay {
  readonly #computation: AsyncComputationResult<unknown>;
  readonly #id = `millrace-computation-${crypto.randomUUID()}`;
  #isFollowing = false;
  #drawnAt = 0;

  constructor(computation: AsyncComputationResult<unknown>) {
    this.#computation = computation;
  }

  /** Shows it once more; what was shown before follows as well. */
  show(host: NotebookHost): void {
    host.display(this.bundle(), { displayId: this.#id });
    if (this.#isFollowing || this.#hasEnded) return;
    this.#isFollowing = true;
    this.#computation.onProgress(({ elapsedMs }) => {
      if (!this.#hasEnded && elapsedMs - this.#drawnAt < REDRAW) return;
      this.#drawnAt = elapsedMs;
      host.display(this.bundle(), { displayId: this.#id, update: true });
    });
  }

  /** What it looks like now. */
  bundle(): MimeBundle {
    const { title, state, error, progress } = this.#computation;
    const { stage, elements, bytes, totalBytes, elapsedMs } = progress;
    const { data } = progressBundle({
      stage: stage === undefined ? title : `${title} · ${stage}`,
      elements,
      elementsPerSecond: (elements / elapsedMs) * 1000,
      bytes,
      totalBytes,
      elapsedMs,
      state: STATES[state],
    });
    return { data: state === 'FAILED' ? withError(data, String(error)) : data };
  }

  get #hasEnded(): boolean {
    const { state } = this.#computation;
    return state !== 'RUNNING' && state !== 'CANCELLING';
  }
}

function withError(data: MimeBundle['data'], error: string): MimeBundle['data'] {
  return {
    'text/html': `${String(data['text/html'])}<pre style="white-space:pre-wrap">${escapeHtml(error)}</pre>`,
    'text/plain': `${String(data['text/plain'])}\n${error}`,
  };
}
