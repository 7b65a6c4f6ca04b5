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
import { elementsOf, isEntryOf, numbered, store } from './entry-elements.ts';

let folder: string;
let program: string;
let storeLines: string;
let directory: string;
let rounds = 0;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-cache-processes-'));
  program = path.join(folder, 'write-many.mjs');
  storeLines = path.join(folder, 'store-lines.mjs');
  await build({
    entryPoints: ['write-many.ts', 'store-lines.ts'].map((name) =>
      fileURLToPath(new URL(name, import.meta.url)),
    ),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
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

/** Sizes of entries, in elements: some are written in one piece, some in several. */
const COUNTS = [1, 20_000, 300, 3000, 20_000];

/**
 * Has a process store one entry after the other, and kills it at a random moment after some were stored.
 *
 * @returns what it said that it had stored, as "FINGERPRINT COUNT".
 */
async function storeUntilKilled(cacheDirectory: string): Promise<readonly string[]> {
  const child = spawn(process.execPath, [storeLines, cacheDirectory], { stdio: ['pipe', 'pipe', 'inherit'] });
  // Its output may end before it does, and a process that is still there still owns its files.
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.stdin.on('error', () => undefined); // it is killed before it has read all
  const lines = Array.from({ length: 2000 }, (_, i) => `f${i} ${COUNTS[i % COUNTS.length]}`);
  child.stdin.write(lines.map((line) => `${line}\n`).join(''));
  const stored: string[] = [];
  const killAfter = 1 + Math.floor(Math.random() * 4);
  for await (const answer of createInterface({ input: child.stdout })) {
    const line = lines[stored.length] ?? '';
    expect(answer).toBe(line.split(' ')[0]);
    stored.push(line);
    if (stored.length === killAfter) setTimeout(() => child.kill('SIGKILL'), Math.random() * 60);
  }
  await closed;

  return stored;
}

/** Kills a process `rounds` times, and looks each time at what is there; returns how often a file was half-written. */
async function killAndLook(cacheDirectory: string, rounds: number): Promise<number> {
  const temporary = path.join(cacheDirectory, 'temporary');
  let interrupted = 0;
  for (let round = 0; round < rounds; round++) {
    const notices: string[] = [];
    const stored = await storeUntilKilled(cacheDirectory);
    interrupted += readdirSync(temporary).length;
    const cache = new CacheManager({
      directory: cacheDirectory,
      sizeLimit: 1e9,
      onNotice: (notice) => notices.push(notice),
    });
    // What it had no time to say may be there as well: the last one.
    const there = await cache.list();
    expect(there.length).toBe(readdirSync(path.join(cacheDirectory, 'entries')).length);
    expect([stored.length, stored.length + 1]).toContain(there.length);
    const expected = new Map(stored.map((line) => [line.split(' ')[0], Number(line.split(' ')[1])]));
    for (const { fingerprint } of there) {
      const count = expected.get(fingerprint) ?? COUNTS[Number(fingerprint.slice(1)) % COUNTS.length] ?? 0;
      const isRight = await isEntryOf(await cache.lookup(fingerprint), numbered(fingerprint, count));
      expect(isRight).toBe(true);
      expected.delete(fingerprint);
    }
    expect([...expected.keys()]).toEqual([]);
    expect(await elementsOf(await store(cache, 'next', ['a']))).toEqual(['a']);
    expect(readdirSync(temporary)).toEqual([]);
    expect(notices).toEqual([]);
    await cache.clear();
  }
  return interrupted;
}

test('CacheManager has all that was committed, and nothing else, after each of 100 kills at random moments', async () => {
  const interrupted = await Promise.all([
    killAndLook(`${directory}-a`, 50),
    killAndLook(`${directory}-b`, 50),
  ]);

  expect(Math.max(...interrupted)).toBeGreaterThan(0); // some came while a file was written
}, 220_000);

test('CacheManager has one whole entry after two processes wrote it at the same time, again and again', async () => {
  const start = () => {
    const child = spawn(process.execPath, [storeLines, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
    return { child, answers: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  };
  const processes = [start(), start()];
  const said = async (line: string) => {
    for (const { child } of processes) child.stdin.write(`${line}\n`);
    return await Promise.all(processes.map(async ({ answers }) => (await answers.next()).value as unknown));
  };
  await said('warm 1');
  for (let round = 0; round < 40; round++) {
    // Half of them anew, half in the place of what is there.
    const fingerprint = `f${round % 20}`;
    expect(await said(`${fingerprint} 8000`)).toEqual([fingerprint, fingerprint]);
  }
  for (const { child } of processes) child.stdin.end();
  await Promise.all(processes.map(({ child }) => new Promise((resolve) => child.once('close', resolve))));
  const notices: string[] = [];
  const cache = new CacheManager({ directory, sizeLimit: 1e9, onNotice: (notice) => notices.push(notice) });
  for (let i = 0; i < 20; i++) {
    expect(await isEntryOf(await cache.lookup(`f${i}`), numbered(`f${i}`, 8000))).toBe(true);
  }
  expect(readdirSync(path.join(directory, 'entries')).length).toBe(21);
  expect(readdirSync(path.join(directory, 'temporary'))).toEqual([]);
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
