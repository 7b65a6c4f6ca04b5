/** What a call that takes too long fails with; its name is that of AbortSignal.timeout(). */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  /** The longest that it might have taken. */
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`Took longer than ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
  }
}

/**
 * Waits for a promise, but no longer than `timeoutMs`. What it comes to after that is dropped; it is not stopped, which only
 * `onTimeout` can do.
 *
 * @throws {TimeoutError}
 */
export async function within<R>(
  promise: PromiseLike<R>,
  timeoutMs: number | undefined,
  onTimeout?: (error: TimeoutError) => void,
): Promise<R> {
  if (timeoutMs === undefined) return promise;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new TimeoutError(timeoutMs);
      reject(error);
      onTimeout?.(error);
    }, timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
