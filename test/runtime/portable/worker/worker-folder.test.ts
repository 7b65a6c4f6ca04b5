import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, realpath, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkerFolder } from '../../../../runtime/src/portable/worker/worker-folder.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('makeWorkerFolder() lets a staged module find packages, and removes only its own folder', async () => {
  const parent = await temporaryFolder();
  const modules = path.join(parent, 'elsewhere', 'node_modules');
  await mkdir(modules, { recursive: true });
  const first = await makeWorkerFolder({ parent, nodeModules: modules });
  const second = await makeWorkerFolder({ parent, nodeModules: modules });
  expect(await realpath(path.join(first.staged, '..', 'node_modules'))).toBe(await realpath(modules));
  expect(first.cache).toBe(second.cache);
  await first.remove();
  expect([existsSync(first.staged), existsSync(second.staged), existsSync(modules)]).toEqual([
    false,
    true,
    true,
  ]);
});

test('makeWorkerFolder() removes what killed workers left, and what nobody used for a week', async () => {
  const parent = await temporaryFolder();
  const { pid } = spawnSync(process.execPath, ['--version']); // it has ended
  const left = path.join(parent, 'millrace', `worker-${hostname()}-${pid}-abc`, 'staged');
  await mkdir(left, { recursive: true });
  const cache = path.join(parent, 'millrace', 'artifacts');
  await mkdir(cache);
  for (const name of ['old', 'new']) await writeFile(path.join(cache, name), '');
  const eightDaysAgo = Date.now() / 1000 - 8 * 24 * 3600;
  await utimes(path.join(cache, 'old'), eightDaysAgo, eightDaysAgo);
  const living = await makeWorkerFolder({ parent });
  const another = await makeWorkerFolder({ parent });
  expect([existsSync(left), existsSync(living.staged), existsSync(another.staged)]).toEqual([
    false,
    true,
    true,
  ]);
  expect(await readdir(cache)).toEqual(['new']);
});
