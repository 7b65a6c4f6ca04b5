import { build } from 'esbuild';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { CacheManager } from '../../../runtime/src/cache/cache-manager.ts';
import { NotCacheableError } from '../../../runtime/src/cache/errors.ts';
import { elementsOf, store } from './entry-elements.ts';

let folder: string;
let program: string;
let directory: string;
let rounds = 0;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-cache-processes-'));
  program = path.join(folder, 'write-many.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('write-many.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
});
beforeEach(() => {
  directory = path.join(folder, `cache-${rounds++}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every entry can be read, and holds what was stored under its fingerprint. */
async function expectWhole(cache: CacheManager): Promise<number> {
  const infos = await cache.list();
  for (const { fingerprint } of infos) {
    const elements = await elementsOf(await cache.lookup(fingerprint));
    expect(elements.length).toBe(20_000);
    expect(elements.every((element, i) => element === `${fingerprint} ${i}`)).toBe(true);
  }
  return infos.length;
}

test('CacheManager is usable after its process was killed while it stored', async () => {
  const notices: string[] = [];
  for (let round = 0; round < 6; round++) {
    const child = spawn(process.execPath, [program, directory, '1e9', '100000'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let lines = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      expect(line).toBe('stored');
      if (++lines === 3 + round * 2) child.kill('SIGKILL');
    }
    const cache = new CacheManager({ directory, sizeLimit: 1e9, onNotice: (notice) => notices.push(notice) });
    expect(await expectWhole(cache)).toBeGreaterThanOrEqual(3);
    await store(
      cache,
      'f0',
      Array.from({ length: 20_000 }, (_, i) => `f0 ${i}`),
    );
    expect(readdirSync(path.join(directory, 'temporary'))).toEqual([]);
  }
  expect(notices).toEqual([]);
});

test('CacheManager is shared by processes that store and evict the same fingerprints', async () => {
  const run = () =>
    new Promise<string>((resolve, reject) => {
      // Room for three of the eight entries, so that each often evicts what the other reads.
      const child = spawn(process.execPath, [program, directory, '1200000', '40']);
      let output = '';
      child.stdout.on('data', (text: Buffer) => (output += text.toString()));
      child.stderr.on('data', (text: Buffer) => (output += text.toString()));
      child.once('error', reject);
      child.once('close', () => resolve(output));
    });
  const outputs = await Promise.all([run(), run()]);
  for (const output of outputs) expect(output).toBe('stored\n'.repeat(40));
  const notices: string[] = [];
  const cache = new CacheManager({ directory, sizeLimit: 1e9, onNotice: (notice) => notices.push(notice) });
  expect(await expectWhole(cache)).toBeGreaterThan(0);
  expect(notices).toEqual([]);
});

const small = path.join(tmpdir(), `millrace-small-disk-${process.pid}`);
mkdirSync(small, { recursive: true });
const isMounted =
  process.platform === 'linux' &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', small]).status === 0;
afterAll(() => {
  if (isMounted) spawnSync('umount', [small]);
  rmSync(small, { recursive: true, force: true });
});

test.skipIf(!isMounted)(
  'CacheWriter turns uncacheable on a full disk, and the next one is fine',
  async () => {
    const notices: string[] = [];
    const cache = new CacheManager({
      directory: small,
      sizeLimit: 1e9,
      onNotice: (notice) => notices.push(notice),
    });
    await store(cache, 'small', ['a']);
    const numbers = Array.from({ length: 500_000 }, (_, i) => i + 0.5);
    await expect(store(cache, 'big', numbers)).rejects.toThrow(NotCacheableError);
    expect(notices.length).toBe(1);
    expect(notices[0]).toContain('ENOSPC');
    expect(readdirSync(path.join(small, 'temporary'))).toEqual([]);
    await expect(store(cache, 'just too big', numbers.slice(0, 40_000))).rejects.toThrow(NotCacheableError);
    expect(await elementsOf(await store(cache, 'other', ['b']))).toEqual(['b']);
    expect(await elementsOf(await cache.lookup('small'))).toEqual(['a']);
  },
);
