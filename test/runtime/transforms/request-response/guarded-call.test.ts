import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PipelineError } from '../../../../runtime/src/errors.ts';
import {
  GuardedCall,
  type CallSettings,
} from '../../../../runtime/src/transforms/request-response/guarded-call.ts';
import { RequestError } from '../../../../runtime/src/transforms/request-response/request-error.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => void vi.useRealTimers());

const SETTINGS: CallSettings = {
  exceptions: undefined,
  retries: 0,
  backOff: { initial: 0, factor: 1, max: 60_000 },
  timeoutMs: undefined,
  rate: undefined,
  maxConcurrency: 10,
};

test('a rate limit lets no more calls begin within any interval', async () => {
  const begun: number[] = []; // by the clock that is faked
  const calls = new GuardedCall<number, number>(
    (n) => {
      begun.push(Date.now());
      return n;
    },
    { ...SETTINGS, rate: { limit: 2, intervalMs: 100 } },
  );
  const outcomes = Promise.all([1, 2, 3, 4, 5].map((n) => calls.ask(n)));
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(300);
  expect(await outcomes).toHaveLength(5);
  const spans = begun.slice(2).map((time, at) => time - (begun[at] ?? 0));
  expect(spans.every((span) => span >= 100)).toBe(true);
});

test('no more work is under way than told, and what waits for a call is work', async () => {
  const calls = new GuardedCall<number, number>((n) => n, { ...SETTINGS, maxConcurrency: 2 });
  let now = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++now);
    await Promise.resolve();
    now--;
  };
  await Promise.all(Array.from({ length: 9 }, () => calls.inTurn(work)));
  expect(most).toBe(2);
});

test('a timeout aborts the call, and what it comes to later is dropped', async () => {
  const aborted: unknown[] = [];
  const calls = new GuardedCall<number, number>(
    (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted.push(signal.reason);
          reject(new Error('late'));
        });
      }),
    { ...SETTINGS, timeoutMs: 50 },
  );
  const outcome = calls.ask(1);
  await vi.advanceTimersByTimeAsync(50);
  expect(await outcome).toMatchObject({ kind: 'failure', error: { name: 'TimeoutError' } });
  expect(aborted).toMatchObject([{ name: 'TimeoutError' }]);
});

test('what is no failure of a request rejects, and no retry follows', async () => {
  let count = 0;
  const thrown = new PipelineError('stop', { hint: 'none' });
  const calls = new GuardedCall<number, number>(
    () => {
      count++;
      throw thrown;
    },
    { ...SETTINGS, retries: 5 },
  );
  await expect(calls.ask(1)).rejects.toBe(thrown);
  expect(count).toBe(1);
});

test('end() aborts a call under way and rejects what waits for its turn of a rate limit', async () => {
  const calls = new GuardedCall<number, number>(
    (n, { signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error(`aborted ${n}`)))),
    { ...SETTINGS, retries: 5, rate: { limit: 1, intervalMs: 1000 } },
  );
  const outcomes = Promise.allSettled([calls.ask(1), calls.ask(2)]);
  await vi.advanceTimersByTimeAsync(0);
  calls.end();
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test.each([
  { name: 'longest wait or less is kept', retryAfter: 1000, want: 'response' },
  { name: 'more than the longest wait is a failure', retryAfter: 60_001, want: 'failure' },
])('a Retry-After of the $name', async ({ retryAfter, want }) => {
  let count = 0;
  const calls = new GuardedCall<number, number>(
    () => {
      if (++count === 1) throw new RequestError('busy', { retryAfter });
      return 7;
    },
    { ...SETTINGS, retries: 1 },
  );
  // The wait itself is a timer of Node's own, which is not faked: the server's side of it is in http.integration.test.ts.
  expect(await calls.ask(1)).toMatchObject({ kind: want });
});
