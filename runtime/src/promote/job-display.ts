import { jobBundle } from '../display/job-bundle.ts';
import { jobDetails, jobLine, jobStateLine } from '../display/job-text.ts';
import type { JobView } from '../display/job-view.ts';
import type { NotebookHost } from '../interactive/notebook-host.ts';
import { isTerminal } from '../portable/job/job-state.ts';
import type { JobFollower } from './job-follower.ts';

/** Time between two pictures of a job, in milliseconds. */
const REDRAW = 1_000;

/** The view of one job in a notebook: wherever it was shown, it is drawn anew when something has changed. */
export class JobDisplay {
  readonly #follower: JobFollower;
  readonly #snapshot: () => JobView;
  readonly #id = `millrace-job-${crypto.randomUUID()}`;
  #host: NotebookHost | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isDrawing = false;
  #isStale = false;

  constructor(follower: JobFollower, snapshot: () => JobView) {
    this.#follower = follower;
    this.#snapshot = snapshot;
  }

  /** Shows it once more; what was shown before follows as well. */
  async show(host: NotebookHost): Promise<void> {
    const isFirst = this.#host === undefined;
    this.#host = host;
    host.display(await jobBundle(this.#snapshot()), { displayId: this.#id });
    if (isFirst) this.#follower.onChange(() => this.#changed());
  }

  /** Shows it, unless it stands somewhere already. */
  async showOnce(host: NotebookHost): Promise<void> {
    if (this.#host === undefined) await this.show(host);
  }

  /** At most one picture a second; the last one at once. */
  #changed(): void {
    this.#isStale = true;
    if (isTerminal(this.#follower.state)) void this.#draw();
    else this.#timer ??= setTimeout(() => void this.#draw(), REDRAW).unref();
  }

  async #draw(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    try {
      while (this.#isStale) {
        this.#isStale = false;
        this.#host?.display(await jobBundle(this.#snapshot()), { displayId: this.#id, update: true });
      }
    } finally {
      this.#isDrawing = false;
    }
  }
}

/** Prints a line at each change of state, and all that is known at the end: what a script sees. */
export function printStates(follower: JobFollower, snapshot: () => JobView): () => void {
  let printed = '';
  const print = () => {
    if (follower.state === printed || follower.state === 'UNSPECIFIED') return;
    console.error((printed === '' ? jobLine : jobStateLine)(snapshot()));
    printed = follower.state;
  };
  print();
  const stop = follower.onChange(print);
  return () => {
    stop();
    const lines = jobDetails(snapshot());
    if (lines.length > 0) console.error(lines.join('\n'));
  };
}
