import { BundleThreadHost, type BundleThreadOptions } from './bundle-thread-host.ts';
import type { FromBundleThread } from './thread-messages.ts';

/** What bundle threads tell, and which of them. */
export interface BundleThreadsListener {
  message(thread: BundleThreadHost, message: FromBundleThread): void;
  output(thread: BundleThreadHost, text: string, level: 'info' | 'warn'): void;
  /** A thread has ended by itself; another stands in its place. */
  crashed(thread: BundleThreadHost, reason: string): void;
}

/** How bundle threads are started. */
export interface BundleThreadsOptions extends Pick<BundleThreadOptions, 'script' | 'data'> {
  readonly count: number;
  readonly listener: BundleThreadsListener;
}

/**
 * The threads that run bundles.
 *
 * A bundle goes to the thread with the fewest bundles under way. The first thread starts at once, the others with the
 * first bundle that finds all threads busy: a small job pays for one.
 */
export class BundleThreads {
  readonly #options: BundleThreadsOptions;
  readonly #running = new Map<BundleThreadHost, number>();
  #started = 0;

  constructor(options: BundleThreadsOptions) {
    this.#options = options;
    this.#start();
  }

  /** All threads there are. */
  get all(): readonly BundleThreadHost[] {
    return [...this.#running.keys()];
  }

  /** Settles when the first thread has loaded the captured module: with why it cannot, or nothing. */
  get started(): Promise<string | undefined> {
    return this.all[0]?.started ?? Promise.resolve(undefined);
  }

  /** Bundles under way in a thread. */
  load(thread: BundleThreadHost): number {
    return this.#running.get(thread) ?? 0;
  }

  /** Chooses a thread for one more bundle; `release` it when the bundle has ended. */
  acquire(): BundleThreadHost {
    let [least] = this.#running.keys();
    for (const [thread, load] of this.#running) {
      if (least === undefined || load < this.load(least)) least = thread;
    }
    if (least === undefined || (this.load(least) > 0 && this.#running.size < this.#options.count)) {
      least = this.#start();
    }
    this.#running.set(least, this.load(least) + 1);
    return least;
  }

  release(thread: BundleThreadHost): void {
    if (this.#running.has(thread)) this.#running.set(thread, this.load(thread) - 1);
  }

  /** Tears all DoFns down; a thread that takes longer than `graceMs` is ended. */
  async close(graceMs: number): Promise<void> {
    await Promise.all(this.all.map((thread) => thread.close(graceMs)));
    this.#running.clear();
  }

  #start(): BundleThreadHost {
    const { script, data, listener } = this.#options;
    const thread: BundleThreadHost = new BundleThreadHost({
      script,
      data,
      name: `bundles-${(this.#started += 1)}`,
      listener: {
        message: (message) => listener.message(thread, message),
        output: (text, level) => listener.output(thread, text, level),
        crashed: (reason) => {
          this.#running.delete(thread);
          listener.crashed(thread, reason);
        },
      },
    });
    this.#running.set(thread, 0);
    return thread;
  }
}
