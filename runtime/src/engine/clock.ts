import type { Timestamp } from '../model/timestamp.ts';

/** Processing time: the one place where the engine asks how late it is, and waits. */
export interface Clock {
  /** Milliseconds since the epoch. It never goes back. */
  now(): Timestamp;
  /**
   * Waits until it is `until`, or some time before.
   *
   * @throws the signal's reason, once it is aborted.
   */
  wait(until: Timestamp, signal: AbortSignal): Promise<void>;
}

/** Timers of Node fire at once beyond this: 2^31 - 1 milliseconds. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

/** The machine's clock. Where somebody sets it back, time stands still until it has caught up. */
export class SystemClock implements Clock {
  #latest = -Infinity;

  now(): Timestamp {
    return (this.#latest = Math.max(this.#latest, Date.now()));
  }

  wait(until: Timestamp, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason as Error); // an error by convention, and whatever it is goes on
        return;
      }
      const stop = () => {
        clearTimeout(timer);
        reject(signal.reason as Error); // the same
      };
      const delay = Math.min(Math.max(0, until - this.now()), LONGEST_TIMEOUT_MS);
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop);
        resolve();
      }, delay);
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}

/** The clock of a test stream: it stands at the epoch until it is advanced, and waiting takes no time. */
export class TestClock implements Clock {
  #now: Timestamp = 0;

  now(): Timestamp {
    return this.#now;
  }

  /** @param by Milliseconds. */
  advance(by: number): void {
    this.#now += by;
  }

  wait(until: Timestamp, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#now = Math.max(this.#now, until);
    return Promise.resolve();
  }
}
