import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { withLock } from '../../../runtime/src/runners/with-lock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('withLock() runs one at a time, and gives what the work gave', async () => {
  const file = path.join(await temporaryFolder(), 'run', 'lock');
  const seen: string[] = [];
  const work = (name: string) => async () => {
    seen.push(`${name} starts`);
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(`${name} ends`);
    return name;
  };
  const names = await Promise.all([withLock(file, work('a')), withLock(file, work('b'))]);
  expect(names).toEqual(['a', 'b']);
  expect(seen).toEqual(['a starts', 'a ends', 'b starts', 'b ends']);
});

test('withLock() lets go when the work fails', async () => {
  const file = path.join(await temporaryFolder(), 'lock');
  await expect(withLock(file, () => Promise.reject(new RangeError('no')))).rejects.toThrow('no');
  expect(existsSync(file)).toBe(false);
});

test('withLock() takes the lock of a process that is gone', async () => {
  const file = path.join(await temporaryFolder(), 'lock');
  writeFileSync(file, '999999999');
  expect(await withLock(file, () => Promise.resolve('mine'))).toBe('mine');
});

test('withLock() stops waiting when it is aborted', async () => {
  const file = path.join(await temporaryFolder(), 'lock');
  writeFileSync(file, String(process.pid));
  const interrupt = new AbortController();
  const waiting = withLock(file, () => Promise.resolve(), { signal: interrupt.signal });
  interrupt.abort(new RangeError('Interrupted'));
  await expect(waiting).rejects.toThrow(/Interrupted|abort/i);
});
