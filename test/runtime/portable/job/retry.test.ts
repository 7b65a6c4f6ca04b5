import { expect, test } from 'vitest';
import { retry } from '../../../../runtime/src/portable/job/retry.ts';

/** A clock that only waits move, and what was waited. */
function clock() {
  const waits: number[] = [];
  let now = 0;
  return {
    waits,
    now: () => now,
    wait: (ms: number) => {
      waits.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
}

/** Fails so many times, then succeeds. */
function failing(times: number) {
  let tries = 0;
  return () => (tries++ < times ? Promise.reject(new TypeError(`try ${tries}`)) : Promise.resolve(tries));
}

test('retry() tries again with waits that double, up to 16 times the first', async () => {
  const { waits, now, wait } = clock();
  const options = { isTransient: () => true, forMs: 60_000, firstDelayMs: 100, now, wait };
  expect(await retry(failing(7), options)).toBe(8);
  expect(waits).toEqual([100, 200, 400, 800, 1600, 1600, 1600]);
});

test('retry() throws the last error when the time is over, and begins no wait beyond it', async () => {
  const { waits, now, wait } = clock();
  const options = { isTransient: () => true, forMs: 1_000, now, wait };
  await expect(retry(failing(100), options)).rejects.toThrow('try 4');
  expect(waits).toEqual([100, 200, 400]);
});

test('retry() throws at once what will not go away', async () => {
  const { waits, now, wait } = clock();
  const options = { isTransient: (error: unknown) => error instanceof RangeError, forMs: 1_000, now, wait };
  await expect(retry(failing(1), options)).rejects.toThrow('try 1');
  expect(waits).toEqual([]);
});

test('retry() ends a wait when it is aborted', async () => {
  const abort = new AbortController();
  const work = () => {
    queueMicrotask(() => abort.abort(new RangeError('Enough')));
    return Promise.reject(new TypeError('away'));
  };
  const options = { isTransient: () => true, forMs: 60_000, firstDelayMs: 50_000, signal: abort.signal };
  await expect(retry(work, options)).rejects.toThrow('Enough');
});
