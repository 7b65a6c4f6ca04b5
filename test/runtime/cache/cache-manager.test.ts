import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { CacheManager } from '../../../runtime/src/cache/cache-manager.ts';
import { DamagedEntryError, NotCacheableError } from '../../../runtime/src/cache/errors.ts';
import { NO_FIRING, type PaneInfo } from '../../../runtime/src/model/pane-info.ts';
import { MIN_TIMESTAMP } from '../../../runtime/src/model/timestamp.ts';
import { GLOBAL_WINDOWS, type BoundedWindow } from '../../../runtime/src/model/window.ts';
import { elementsOf, store } from './entry-elements.ts';

let directory: string;
let notices: string[];
let clock: number;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'millrace-cache-'));
  notices = [];
  clock = 1_700_000_000_000;
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function manager(sizeLimit = 1e9): CacheManager {
  return new CacheManager({
    directory: path.join(directory, 'cache'),
    sizeLimit,
    now: () => clock++,
    onNotice: (notice) => notices.push(notice),
  });
}

/** The files in the cache, by folder. */
function files(folder: 'entries' | 'temporary'): string[] {
  const full = path.join(directory, 'cache', folder);
  return existsSync(full) ? readdirSync(full).map((name) => path.join(full, name)) : [];
}

test('CacheManager finds what another one stored, as it was', async () => {
  const elements = [{ key: 'a', value: 1 }, undefined, new Map([['x', [-0]]]), 'ä漢'];
  await store(manager(), 'f1', elements);
  const entry = await manager().lookup('f1');
  expect(entry?.info).toMatchObject({ fingerprint: 'f1', name: 'Test', count: 4, costMs: 1 });
  expect(entry?.info.bytes).toBe(statSync(files('entries')[0] ?? '').size);
  expect(await elementsOf(entry)).toStrictEqual(elements);
  expect(await elementsOf(entry)).not.toBe(elements);
  expect(files('temporary')).toEqual([]);
});

test('CacheManager finds nothing where nothing was stored, and makes no directory for it', async () => {
  expect(await manager().lookup('f1')).toBeUndefined();
  expect(await manager().list()).toEqual([]);
  await manager().clear();
  expect(existsSync(path.join(directory, 'cache'))).toBe(false);
});

test('CacheManager stores an empty PCollection, and provenance', async () => {
  const writer = await manager().create('a/../ fingerprint of any characters');
  await writer.commit({ name: 'Empty', costMs: 2.5, provenance: { steps: [1] } });
  const entry = await manager().lookup('a/../ fingerprint of any characters');
  expect(entry?.info).toMatchObject({ count: 0, costMs: 2.5, provenance: { steps: [1] } });
  expect(await elementsOf(entry)).toEqual([]);
  expect(await entry?.page(0, 10)).toEqual([]);
});

test('CacheEntry.page() gives rows by number over chunks', async () => {
  const entry = await store(
    manager(),
    'f1',
    Array.from({ length: 50_000 }, (_, i) => ({ i, text: `row ${i}` })),
  );
  for (const [start, length, want] of [
    [0, 2, [0, 1]],
    [8191, 2, [8191, 8192]],
    [49_999, 5, [49_999]],
    [50_000, 5, []],
    [5, 0, []],
  ] as const) {
    const rows = await entry.page(start, length);
    expect(rows.map(({ value }) => (value as { i: number }).i)).toEqual(want);
  }
  expect((await entry.page(0, 50_000)).length).toBe(50_000);
});

test('CacheEntry keeps timestamps, windows and panes', async () => {
  const window: BoundedWindow = { kind: 'interval', start: 0, end: 60_000 };
  const pane: PaneInfo = { timing: 'late', index: 2, onTimeIndex: 1, isFirst: false, isLast: false };
  const writer = await manager().create('f1');
  void writer.add('plain', MIN_TIMESTAMP, GLOBAL_WINDOWS, NO_FIRING);
  void writer.add('windowed', 5, [window], pane);
  void writer.add('both', -7.5, [window, { kind: 'global' }], NO_FIRING);
  void writer.add('plain', MIN_TIMESTAMP, [{ kind: 'global' }], { ...NO_FIRING });
  const entry = await writer.commit({ name: 'Test', costMs: 0 });
  const rows = await entry.page(0, 10);
  expect(rows).toEqual([
    { value: 'plain', timestamp: MIN_TIMESTAMP, windows: GLOBAL_WINDOWS, pane: NO_FIRING },
    { value: 'windowed', timestamp: 5, windows: [window], pane },
    { value: 'both', timestamp: -7.5, windows: [window, { kind: 'global' }], pane: NO_FIRING },
    { value: 'plain', timestamp: MIN_TIMESTAMP, windows: GLOBAL_WINDOWS, pane: NO_FIRING },
  ]);
  expect(rows[3]?.windows).toBe(GLOBAL_WINDOWS);
  expect(rows[3]?.pane).toBe(NO_FIRING);
});

test('CacheEntry.read() waits for its receiver, and stops when it is aborted', async () => {
  const entry = await store(
    manager(),
    'f1',
    Array.from({ length: 100 }, (_, i) => i),
  );
  const stop = new AbortController();
  const reason = new RangeError('stopped');
  const seen: unknown[] = [];
  const receiver = async (value: unknown) => {
    await Promise.resolve();
    seen.push(value);
    if (seen.length === 3) stop.abort(reason);
  };
  await expect(entry.read(receiver, stop.signal)).rejects.toBe(reason);
  expect(seen).toEqual([0, 1, 2]);
  await expect(entry.read(receiver, stop.signal)).rejects.toBe(reason);
});

test.each([
  { name: 'a function', element: { a: [{ f: () => 1 }] }, why: 'an element.a[0].f is a function' },
  { name: 'an instance', element: new URL('http://a'), why: 'an element is an instance of URL' },
  { name: 'an accessor', element: { get a() { return 1; } }, why: 'accessor a' }, // prettier-ignore
  { name: 'a throwing trap', element: new Proxy({}, { getPrototypeOf: () => { throw new TypeError('trap'); } }), why: 'threw' }, // prettier-ignore
])('CacheWriter turns uncacheable at $name', async ({ element, why }) => {
  const cache = manager();
  const writer = await cache.create('f1');
  void writer.add('fine', MIN_TIMESTAMP, GLOBAL_WINDOWS, NO_FIRING);
  expect(writer.uncacheable).toBeUndefined();
  void writer.add(element, MIN_TIMESTAMP, GLOBAL_WINDOWS, NO_FIRING);
  void writer.add('fine', MIN_TIMESTAMP, GLOBAL_WINDOWS, NO_FIRING);
  expect(writer.uncacheable).toContain(why);
  await expect(writer.commit({ name: 'Test', costMs: 0 })).rejects.toThrow(NotCacheableError);
  await writer.abort();
  expect(await cache.lookup('f1')).toBeUndefined();
  expect([...files('temporary'), ...files('entries')]).toEqual([]);
  expect(notices).toEqual([]);
});

test('CacheWriter turns uncacheable at an element that is nested too deeply, or an entry over the limit', async () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  const writer = await manager().create('f1');
  void writer.add(deep, MIN_TIMESTAMP, GLOBAL_WINDOWS, NO_FIRING);
  expect(writer.uncacheable).toContain('deeply nested');
  const big = await manager(100_000).create('f2');
  for (let i = 0; i < 10; i++) void big.add('x'.repeat(20_000), MIN_TIMESTAMP, GLOBAL_WINDOWS, NO_FIRING);
  expect(big.uncacheable).toContain('limit of 100000 bytes');
  expect([...files('temporary'), ...files('entries')]).toEqual([]);
});

test('CacheWriter.abort() leaves nothing, and does nothing after commit', async () => {
  const cache = manager();
  const writer = await cache.create('f1');
  for (let i = 0; i < 200; i++) void writer.add('x'.repeat(10_000), MIN_TIMESTAMP, GLOBAL_WINDOWS, NO_FIRING);
  expect(files('temporary').length).toBe(1);
  await writer.abort();
  expect(files('temporary')).toEqual([]);
  const other = await cache.create('f2');
  await other.commit({ name: 'Test', costMs: 0 });
  await other.abort();
  expect(await cache.lookup('f2')).toBeDefined();
  await expect(other.commit({ name: 'Test', costMs: 0 })).rejects.toThrow('committed');
});

test('CacheManager drops a damaged entry, wherever the damage is, and never gives a wrong element', async () => {
  const elements = Array.from({ length: 300 }, (_, i) => ({ key: `k${i}`, value: i }));
  await store(manager(), 'f1', elements);
  const [file = ''] = files('entries');
  const whole = readFileSync(file);
  for (let at = 0; at < whole.length; at += 7) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 0x41;
    writeFileSync(file, damaged);
    notices = [];
    const seen: unknown[] = [];
    const entry = await manager().lookup('f1');
    if (entry !== undefined) {
      const read = entry.read((value) => void seen.push(value), new AbortController().signal);
      await expect(read).rejects.toThrow(DamagedEntryError);
    }
    expect(seen).toEqual([]);
    expect(notices.length).toBe(1);
    expect(existsSync(file)).toBe(false);
  }
});

test.each([0, 1, 15, 16, 100, -1])('CacheManager drops an entry that was cut to %i bytes', async (length) => {
  await store(manager(), 'f1', ['a', 'b']);
  const [file = ''] = files('entries');
  writeFileSync(file, readFileSync(file).subarray(0, length));
  expect(await manager().lookup('f1')).toBeUndefined();
  expect(notices[0]).toContain('damaged');
  expect(files('entries')).toEqual([]);
});

test('CacheEntry.read() gives nothing of an entry whose last chunk is damaged', async () => {
  const entry = await store(
    manager(),
    'f1',
    Array.from({ length: 30_000 }, (_, i) => i),
  );
  const [file = ''] = files('entries');
  const bytes = readFileSync(file);
  const at = Math.floor(bytes.length * 0.9);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  expect((await entry.page(0, 1))[0]?.value).toBe(0);
  const seen: unknown[] = [];
  const read = entry.read((value) => void seen.push(value), new AbortController().signal);
  await expect(read).rejects.toThrow(DamagedEntryError);
  expect(seen).toEqual([]);
});

test('CacheEntry is read to its end when it is evicted meanwhile, and is gone afterwards', async () => {
  const cache = manager();
  const entry = await store(
    cache,
    'f1',
    Array.from({ length: 50_000 }, (_, i) => i),
  );
  let count = 0;
  const receiver = async () => {
    if (count++ === 0) await cache.clear();
  };
  await entry.read(receiver, new AbortController().signal);
  expect(count).toBe(50_000);
  await expect(elementsOf(entry)).rejects.toThrow(DamagedEntryError);
  await expect(entry.page(0, 1)).rejects.toThrow('evicted');
});

test('CacheManager evicts the least recently used, and never what was just stored', async () => {
  const cache = manager(10_000);
  const text = 'x'.repeat(2_500);
  for (const fingerprint of ['f1', 'f2', 'f3']) await store(cache, fingerprint, [text]);
  await cache.lookup('f1');
  await store(cache, 'f4', [text]);
  expect((await cache.list()).map(({ fingerprint }) => fingerprint)).toEqual(['f4', 'f1', 'f3']);
  clock = 1_000; // the clock is set back
  await store(cache, 'f5', [text]);
  const left = (await cache.list()).map(({ fingerprint }) => fingerprint);
  expect(left).toContain('f5');
  expect(left.length).toBe(3);
});

test('CacheManager keeps the limit in a directory that it did not fill', async () => {
  await store(manager(), 'f1', ['x'.repeat(9_000)]);
  await store(manager(10_000), 'f2', ['x'.repeat(5_000)]);
  expect((await manager().list()).map(({ fingerprint }) => fingerprint)).toEqual(['f2']);
});

test('CacheManager removes temporary files of dead processes, and none of live ones', async () => {
  await store(manager(), 'f0', []);
  const writer = await manager().create('f1');
  for (let i = 0; i < 200; i++) void writer.add('x'.repeat(10_000), MIN_TIMESTAMP, GLOBAL_WINDOWS, NO_FIRING);
  const [live = ''] = files('temporary');
  const dead = live.replace(`.${process.pid}.`, '.4194305.'); // above the largest process id of Linux
  const foreign = path.join(path.dirname(live), 'elsewhere.1.a.tmp');
  for (const file of [dead, foreign]) writeFileSync(file, '');
  clock = Date.now();
  await manager().create('f2');
  expect(files('temporary').sort()).toEqual([live, foreign].sort());
  clock = Date.now() + 8 * 24 * 3600 * 1000;
  await manager().create('f2');
  expect(files('temporary')).toEqual([live]);
  await writer.commit({ name: 'Test', costMs: 0 });
  expect((await manager().lookup('f1'))?.count).toBe(200);
});

test('CacheManager.clear() removes entries, and not what is being written', async () => {
  const cache = manager();
  await store(cache, 'f1', [1]);
  const writer = await cache.create('f2');
  await cache.clear();
  await writer.commit({ name: 'Test', costMs: 0 });
  expect((await cache.list()).map(({ fingerprint }) => fingerprint)).toEqual(['f2']);
});

test('CacheManager goes on without a cache where its directory cannot be made', async () => {
  writeFileSync(path.join(directory, 'cache'), 'a file');
  const writer = await manager().create('f1');
  expect(writer.uncacheable).toContain('could not be made');
  void writer.add(1, MIN_TIMESTAMP, GLOBAL_WINDOWS, NO_FIRING);
  await writer.abort();
  expect(notices[0]).toContain('not cached');
});

test('CacheManager makes its directory again when somebody removed it', async () => {
  const cache = manager();
  await store(cache, 'f1', [1]);
  rmSync(path.join(directory, 'cache'), { recursive: true });
  await expect(store(cache, 'f2', [2])).rejects.toThrow(NotCacheableError);
  expect(notices[0]).toContain('refused');
  expect(await elementsOf(await store(cache, 'f3', [3]))).toEqual([3]);
});

test('CacheWriter turns uncacheable when its file cannot be put in place', async () => {
  const cache = manager();
  await store(cache, 'f1', [1]);
  const [file = ''] = files('entries');
  rmSync(file);
  mkdirSync(path.join(file, 'in the way'), { recursive: true });
  chmodSync(file, 0o755);
  await expect(store(cache, 'f1', [1])).rejects.toThrow(NotCacheableError);
  expect(notices.length).toBe(1);
  expect(files('temporary')).toEqual([]);
});

test('CacheManager says once that its directory cannot be, and calls no entry damaged', async () => {
  writeFileSync(path.join(directory, 'cache'), 'a file, where the directory should be');
  const cache = manager();
  for (const fingerprint of ['f1', 'f2']) {
    expect(await cache.lookup(fingerprint)).toBeUndefined();
    expect((await cache.create(fingerprint)).uncacheable).toContain('could not be made');
  }
  expect(notices).toEqual([
    expect.stringMatching(/^Results are not cached, as the disk refused: E(NOTDIR|EXIST)/),
  ]);
});

test('CacheManager replaces a folder that has the name of an entry', async () => {
  await store(manager(), 'f1', [1]);
  const [file = ''] = files('entries');
  rmSync(file);
  mkdirSync(path.join(file, 'inside'), { recursive: true });
  expect(await manager().lookup('f1')).toBeUndefined();
  await store(manager(), 'f1', [1]);
  expect(await manager().lookup('f1')).toMatchObject({ count: 1 });
});
