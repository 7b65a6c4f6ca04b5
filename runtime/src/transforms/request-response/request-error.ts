import { durationMs, type Duration } from '../../windowing/duration.ts';

/** What a service said of a request that failed. */
export interface RequestErrorOptions {
  /**
   * How long to wait before the request is tried again: a Duration, a Date, or the value of HTTP's header Retry-After, in seconds
   * or as a date. Null, undefined and a header that is neither say nothing.
   */
  readonly retryAfter?: Duration | Date | string | null | undefined;
  /** False where another try will fail as well (HTTP's 400, 404 …); true unless told otherwise. */
  readonly isRetryable?: boolean;
  readonly cause?: unknown;
}

/**
 * Thrown by a caller whose service did not answer as it should:
 * `throw new RequestError('429', { retryAfter: response.headers.get('retry-after') })`.
 *
 * @throws {RangeError} for a Duration that is none.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** Not to be tried again before, in milliseconds since the epoch. */
  readonly retryAt: number | undefined;
  readonly isRetryable: boolean;

  constructor(message: string, { retryAfter, isRetryable = true, cause }: RequestErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.retryAt = retryAtOf(retryAfter, Date.now());
    this.isRetryable = isRetryable;
  }
}

/**
 * When to try again, in milliseconds since the epoch; undefined where that is not said.
 *
 * @see RFC 9110, section 10.2.3
 */
export function retryAtOf(retryAfter: RequestErrorOptions['retryAfter'], now: number): number | undefined {
  if (retryAfter === undefined || retryAfter === null) return undefined;
  if (typeof retryAfter === 'string' || retryAfter instanceof Date) {
    const text = String(retryAfter).trim();
    const at = /^\d+$/.test(text) ? now + Number(text) * 1000 : new Date(retryAfter).getTime();
    return Number.isFinite(at) ? at : undefined;
  }
  return now + durationMs(retryAfter, { action: 'say when to try a request again as retryAfter' });
}
