import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { run } from '../../../runtime/src/engine/run.ts';
import { fragment } from '../../../runtime/src/graph/fragment.ts';
import { fuse } from '../../../runtime/src/graph/fuse.ts';
import { fullNames } from '../../../runtime/src/graph/names.ts';
import { readFromText } from '../../../runtime/src/io/read-from-text.ts';
import { writeToText, type WriteToTextOptions } from '../../../runtime/src/io/write-to-text.ts';
import type { PCollection } from '../../../runtime/src/model/pcollection.ts';
import { Pipeline } from '../../../runtime/src/model/pipeline.ts';
import { assignTimestamps } from '../../../runtime/src/transforms/assign-timestamps.ts';
import { create } from '../../../runtime/src/transforms/create.ts';
import { windowInto } from '../../../runtime/src/transforms/window-into.ts';
import { fixed } from '../../../runtime/src/windowing/fixed-windows.ts';

let folder: string;
let prefix: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-write-'));
  prefix = path.join(folder, 'out', 'words');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function pipeline(): Pipeline {
  return new Pipeline('test', {
    run: () => Promise.reject(new TypeError('not here')),
    display: () => Promise.resolve({}),
  });
}

/** Runs what `target` needs, and returns its elements. */
async function collect<T>(target: PCollection<T>, signal = new AbortController().signal): Promise<T[]> {
  const whole = fragment([target]);
  const plan = fuse(whole, { materialise: new Set([target]), names: fullNames(whole.transforms) });
  const values: T[] = [];
  const sink = { add: (value: unknown) => void values.push(value as T), close: () => undefined };
  await run(plan, { inputs: new Map(), sinks: new Map([[target.id, sink]]), signal });
  return values;
}

function write(elements: readonly unknown[], options?: WriteToTextOptions): Promise<string[]> {
  return collect(pipeline().apply(create(elements)).apply(writeToText(prefix, options)));
}

/** What is in the output folder, hidden files too, by name. */
function written(): Record<string, string> {
  const out = path.dirname(prefix);
  if (!existsSync(out)) return {};
  return Object.fromEntries(
    readdirSync(out, { withFileTypes: true })
      .map((entry) => [
        entry.name,
        entry.isFile() ? readFileSync(path.join(out, entry.name), 'utf8') : 'folder',
      ])
      .sort(),
  ) as Record<string, string>;
}

/** What the error says, with what it wraps. */
async function failure(work: Promise<unknown>): Promise<string> {
  const [outcome] = await Promise.allSettled([work]);
  const error: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
  return error instanceof Error ? `${error.message} | ${String(error.cause)}` : 'no error';
}

test('writeToText() writes one file in the order of the input, and gives its name', async () => {
  const names = await write(['b', '', 'ä🐋', 'a'], { suffix: '.txt' });
  expect(names).toEqual([`${prefix}-00000-of-00001.txt`]);
  expect(written()).toEqual({ 'words-00000-of-00001.txt': 'b\n\nä🐋\na\n' });
});

test('writeToText() writes numbers, bigints and booleans as String has them', async () => {
  await write([1.5, -0, 7n, true]);
  expect(written()).toEqual({ 'words-00000-of-00001': '1.5\n0\n7\ntrue\n' });
});

test.each([
  { name: 'an object', element: { a: 1 }, received: 'object' },
  { name: 'null', element: null, received: 'null' },
  { name: 'undefined', element: undefined, received: 'undefined' },
  { name: 'an array', element: ['a'], received: 'an array' },
])('writeToText() refuses $name, and leaves no file', async ({ element, received }) => {
  expect(await failure(write(['a', element]))).toContain(`received ${received}`);
  expect(written()).toEqual({});
});

test('writeToText() spreads elements over shards, the same way each time, and can be read again', async () => {
  const lines = Array.from({ length: 3000 }, (_, i) => `line ${i}`);
  const names = await write(lines, { numShards: 3, suffix: '.txt' });
  expect(names.map((name) => path.basename(name))).toEqual([
    'words-00000-of-00003.txt',
    'words-00001-of-00003.txt',
    'words-00002-of-00003.txt',
  ]);
  const before = written();
  for (const content of Object.values(before)) expect(content.split('\n').length).toBeGreaterThan(800);
  const read = await collect(pipeline().apply(readFromText(`${prefix}-*`)));
  expect(read.sort()).toEqual([...lines].sort());
  await write(lines, { numShards: 3, suffix: '.txt' });
  expect(written()).toEqual(before);
});

test('writeToText() writes many shards at once without a warning of Node', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => void warnings.push(warning);
  process.on('warning', note);
  await write(['a'], { numShards: 40 });
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  expect(warnings).toEqual([]);
});

test('writeToText() writes every shard when there is no input', async () => {
  await write([], { numShards: 2, header: 'h', footer: 'f' });
  expect(written()).toEqual({ 'words-00000-of-00002': 'h\nf\n', 'words-00001-of-00002': 'h\nf\n' });
  await write([]);
  expect(written()).toEqual({ 'words-00000-of-00001': '' });
});

test('writeToText() compresses by suffix or by option', async () => {
  const [bySuffix = ''] = await write(['ä', 'b'], { suffix: '.txt.gz', header: 'h' });
  expect(gunzipSync(readFileSync(bySuffix)).toString()).toBe('h\nä\nb\n');
  const [byOption = ''] = await write(['ä'], { compression: 'gzip' });
  expect(gunzipSync(readFileSync(byOption)).toString()).toBe('ä\n');
  const [not = ''] = await write(['ä'], { suffix: '.gz', compression: 'none' });
  expect(readFileSync(not, 'utf8')).toBe('ä\n');
});

test('writeToText() replaces an earlier write of another count, and nothing else', async () => {
  await write(['a'], { numShards: 3, suffix: '.txt' });
  const others = [
    'words-00000-of-00003.csv',
    'words-new-00000-of-00001.txt',
    'words-1-of-2.txt',
    'words.txt',
  ];
  for (const name of others) writeFileSync(path.join(folder, 'out', name), 'mine');
  writeFileSync(path.join(folder, 'out', '.words-0-00000000-0000-0000-0000-000000000000.txt.tmp'), 'killed');
  await write(['b'], { suffix: '.txt' });
  expect(Object.keys(written()).sort()).toEqual(['words-00000-of-00001.txt', ...others].sort());
});

test('writeToText() leaves nothing of its own, and the earlier output, when a function fails', async () => {
  await write(['old']);
  const lines = pipeline()
    .apply(create([1, 2, 3]))
    .map((n) => {
      if (n === 3) throw new TypeError('boom');
      return String(n);
    });
  expect(await failure(collect(lines.apply(writeToText(prefix, { numShards: 2 }))))).toContain('boom');
  expect(written()).toEqual({ 'words-00000-of-00001': 'old\n' });
});

test('writeToText() leaves neither final nor temporary files when a shard cannot be put in place', async () => {
  mkdirSync(`${prefix}-00001-of-00002`, { recursive: true });
  expect(await failure(write(['a', 'b'], { numShards: 2 }))).toContain('received a folder there');
  expect(written()).toEqual({ 'words-00001-of-00002': 'folder' });
});

test('writeToText() leaves no file when it is aborted while it writes', async () => {
  const stop = new AbortController();
  const lines = pipeline().apply(
    create(Array.from({ length: 300_000 }, (_, i) => `a long line of text ${i}`)),
  );
  const done = collect(lines.apply(writeToText(prefix, { numShards: 4, suffix: '.gz' })), stop.signal);
  const wait = setInterval(() => {
    if (Object.keys(written()).length > 0) stop.abort(new RangeError('stopped'));
  }, 1);
  await expect(done).rejects.toThrow('stopped');
  clearInterval(wait);
  await expect.poll(() => written(), { timeout: 5000 }).toEqual({});
});

test('writeToText() says why it cannot write', async () => {
  writeFileSync(path.join(folder, 'out'), 'a file');
  expect(await failure(write(['a']))).toContain('as a file is where a folder must be');
});

test.each([
  { name: 'no prefix', build: () => writeToText('') },
  { name: 'cloud storage', build: () => writeToText('gs://bucket/a') },
  { name: 'no shards', build: () => writeToText('a', { numShards: 0 }) },
  { name: 'a suffix with a folder', build: () => writeToText('a', { suffix: '/b' }) },
  { name: 'another compression', build: () => writeToText('a', { compression: 'bzip2' as 'gzip' }) },
  { name: 'an unknown option', build: () => writeToText('a', { shards: 1 } as WriteToTextOptions) },
  { name: 'a header that is no string', build: () => writeToText('a', { header: 1 as unknown as string }) },
])('writeToText() refuses $name when the pipeline is built', ({ build }) => {
  expect(build).toThrow(/^Cannot write /);
});

test('writeToText() writes the elements of all windows to the same files', async () => {
  const lines = pipeline()
    .apply(create(['a', 'b']))
    .apply(assignTimestamps((line) => (line === 'a' ? 0 : 10)))
    .apply(windowInto(fixed(10)));
  await collect(lines.apply(writeToText(prefix)));
  expect(written()).toEqual({ 'words-00000-of-00001': 'a\nb\n' });
});
