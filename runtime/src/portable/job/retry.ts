import { setTimeout as sleep } from 'node:timers/promises';

/** When to try again. */
export interface RetryOptions {
  /** True for an error that may go away by itself. */
  readonly isTransient: (error: unknown) => boolean;
  /** No new try begins after so many milliseconds. */
  readonly forMs: number;
  /** Wait before the second try, in milliseconds; doubles from try to try, up to 16 times this. */
  readonly firstDelayMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Waits; a test gives its own. */
  readonly wait?: ((ms: number, signal: AbortSignal | undefined) => Promise<void>) | undefined;
  /** Now, in milliseconds; a test gives its own. */
  readonly now?: (() => number) | undefined;
}

const FIRST_DELAY = 100;
const MOST = 16;

/**
 * Does `work` until it succeeds, with longer and longer waits between the tries.
 *
 * @param work Must be idempotent: a try whose answer was lost may have been done.
 * @throws the last error, once the time is over or an error is not transient; `signal.reason` once aborted.
 */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { isTransient, forMs, firstDelayMs = FIRST_DELAY, signal, wait = waitFor, now = Date.now } = options;
  const deadline = now() + forMs;
  for (let delay = firstDelayMs; ; delay = Math.min(delay * 2, firstDelayMs * MOST)) {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (!isTransient(error) || now() + delay > deadline) throw error;
    }
    await wait(delay, signal);
  }
}

/** Waits so many milliseconds. Rejects with `signal.reason` once aborted. */
export async function waitFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
