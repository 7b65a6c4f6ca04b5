import { setTimeout } from 'node:timers/promises';
import { durationMs, type Duration } from '../../windowing/duration.ts';
import { requireOptions } from '../require-options.ts';

/** How long to wait before something is tried again: each time longer, and a part of it at random. */
export interface BackOffOptions {
  /** At most this long before the first retry; 100 ms unless told otherwise. */
  readonly initial?: Duration;
  /** How many times longer each wait may be than the one before; 2 unless told otherwise. */
  readonly factor?: number;
  /** No wait is longer; a minute unless told otherwise. */
  readonly max?: Duration;
}

/** The same in milliseconds: plain data, which ships. */
export interface BackOff {
  readonly initial: number;
  readonly factor: number;
  readonly max: number;
}

/** @throws {RangeError} for a wait or a factor that is none. */
export function backOffOf(options: BackOffOptions, action: string): BackOff {
  const {
    initial = 100,
    factor = 2,
    max = 60_000,
  } = requireOptions(options, action, ['initial', 'factor', 'max']);
  if (!(Number.isFinite(factor) && factor >= 1)) {
    throw new RangeError(
      `Cannot ${action} as the factor of backOff must be a number of at least 1: received ${String(factor)}`,
    );
  }
  return {
    initial: durationMs(initial, { action: `${action} as the initial wait of backOff` }),
    factor,
    max: durationMs(max, { action: `${action} as the longest wait of backOff` }),
  };
}

/**
 * Milliseconds to wait before a retry, between half of the whole wait and all of it: callers that failed together do not come
 * back together.
 *
 * @param retry The first is 1.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("equal jitter")
 */
export function backOffMs(
  { initial, factor, max }: BackOff,
  retry: number,
  random: () => number = Math.random,
): number {
  // The power may be Infinity, of which no part is a number.
  const whole = initial === 0 ? 0 : Math.min(max, initial * factor ** (retry - 1));
  return whole / 2 + (whole / 2) * random();
}

/** The longest wait of a timer of Node; a longer one would be over at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Waits, unless `signal` is aborted: rejects then. */
export async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(Math.min(ms, MAX_TIMER_MS), undefined, signal && { signal });
}
