import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { readFromText, type ReadFromTextOptions } from '../../../runtime/src/io/read-from-text.ts';
import type { TextSource } from '../../../runtime/src/io/text-source.ts';
import { Pipeline } from '../../../runtime/src/model/pipeline.ts';
import { MIN_TIMESTAMP } from '../../../runtime/src/model/timestamp.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-read-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file in the test's folder, and returns its path. */
function file(name: string, content: string | Uint8Array): string {
  const target = path.join(folder, name);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
  return target;
}

function source(patterns: string | readonly string[], options?: ReadFromTextOptions): TextSource {
  const host = { run: () => Promise.reject(new TypeError('no')), display: () => Promise.resolve({}) };
  const { spec } = new Pipeline('test', host).apply(readFromText(patterns, options)).producer;
  return (spec as unknown as { source: TextSource }).source;
}

async function lines(patterns: string | readonly string[], options?: ReadFromTextOptions): Promise<string[]> {
  const read: string[] = [];
  const from = source(patterns, options);
  for (const shard of await from.shards()) {
    const emit = (line: string) => void read.push(line);
    await from.read(shard, { emit, signal: new AbortController().signal });
  }
  return read;
}

/** What the error says, and its hint. */
async function failure(work: Promise<unknown>): Promise<string> {
  const [outcome] = await Promise.allSettled([work]);
  const error = (outcome.status === 'rejected' ? outcome.reason : undefined) as {
    message: string;
    hint: string;
  };
  return `${error.message} | ${error.hint}`;
}

test.each([
  { name: 'no line end at the end', content: 'a\nb', want: ['a', 'b'] },
  { name: 'a line end at the end', content: 'a\nb\n', want: ['a', 'b'] },
  { name: 'CRLF', content: 'a\r\nb\r\n', want: ['a', 'b'] },
  { name: 'CR elsewhere, which is text', content: 'a\rb\n\r\r\nc\r', want: ['a\rb', '\r', 'c\r'] },
  { name: 'an empty file', content: '', want: [] },
  { name: 'empty lines', content: '\n\r\na\n\n', want: ['', '', 'a', ''] },
  { name: 'a byte order mark', content: '\ufeffa\n\ufeffb\n', want: ['a', '\ufeffb'] },
  { name: 'nothing but a byte order mark', content: '\ufeff', want: [] },
  { name: 'characters of 1 to 4 bytes', content: 'aé\n漢字🐋\n', want: ['aé', '漢字🐋'] },
])('readFromText() reads $name', async ({ content, want }) => {
  expect(await lines(file('a.txt', content))).toEqual(want);
  expect(await lines(file('a.txt.gz', gzipSync(content)))).toEqual(want);
});

test('readFromText() gives each line the earliest timestamp', async () => {
  const from = source(file('a.txt', 'a\n'));
  const [shard] = await from.shards();
  const seen: number[] = [];
  const emit = (_line: string, timestamp: number) => void seen.push(timestamp);
  if (shard !== undefined) await from.read(shard, { emit, signal: new AbortController().signal });
  expect(seen).toEqual([MIN_TIMESTAMP]);
});

test('readFromText() reads characters and line ends across chunk borders', async () => {
  // An odd period over 700 kB: borders fall at every place of it.
  const period = ['é漢🐋', 'x', '', 'ab'];
  const want = Array.from({ length: 60_000 }, (_, i) => period[i % 4] ?? '');
  const target = file('a.txt', want.join('\r\n'));
  expect(await lines(target)).toEqual(want);
});

test('readFromText() reads one line of 50 MB in linear time', async () => {
  const long = 'é'.repeat(25_000_000);
  const read = await lines(file('a.txt', `a\n${long}\nb`));
  expect(read.map((line) => line.length)).toEqual([1, 25_000_000, 1]);
  expect(read[1] === long).toBe(true);
});

test('readFromText() drops header lines of each file, also in the second chunk', async () => {
  file('1.csv', '\ufeffh\nh2\na\n');
  file('2.csv', `${'h'.repeat(300_000)}\nh2\nb`);
  file('3.csv', 'h');
  expect(await lines(path.join(folder, '*.csv'), { skipHeaderLines: 2 })).toEqual(['a', 'b']);
});

test('readFromText() reads concatenated gzip members, and a gzip file by option', async () => {
  const members = Buffer.concat([gzipSync('a\nb'), gzipSync('c\n')]);
  expect(await lines(file('a.gz', members))).toEqual(['a', 'bc']);
  expect(await lines(file('a.bin', members), { compression: 'gzip' })).toEqual(['a', 'bc']);
  expect(await lines(file('plain.GZ', 'a'), { compression: 'none' })).toEqual(['a']);
});

test.each([
  { name: 'cut off', change: (bytes: Buffer) => bytes.subarray(0, -9), want: 'cut off' },
  { name: 'cut off in its header', change: (bytes: Buffer) => bytes.subarray(0, 5), want: 'cut off' },
  { name: 'other data', change: () => Buffer.from('plain text'), want: 'must be a gzip file' },
  {
    name: 'damaged',
    change: (bytes: Buffer) => bytes.fill(0x55, bytes.length - 8),
    want: 'must be a gzip file',
  },
])('readFromText() refuses a gzip file that is $name', async ({ change, want }) => {
  const target = file('a.gz', change(gzipSync('some text\n'.repeat(1000))));
  const said = await failure(lines(target));
  expect(said).toContain(target);
  expect(said).toContain(want);
});

test('readFromText() refuses compressed files it cannot read, by suffix', async () => {
  expect(await failure(lines(file('a.txt.bz2', 'x')))).toContain('received .bz2');
  expect(await lines(file('b.zip', 'x'), { compression: 'none' })).toEqual(['x']);
});

test.each([
  { name: 'a lone byte', bytes: [0x61, 0x0a, 0x62, 0xe9, 0x0a], line: 2, byte: '0xe9 at column 2' },
  { name: 'a character cut off by the end', bytes: [0x61, 0xe6, 0xbc], line: 1, byte: '0xe6 at column 2' },
  { name: 'beside a true U+FFFD', bytes: [0xef, 0xbf, 0xbd, 0xff], line: 1, byte: '0xff at column 4' },
])('readFromText() refuses what is not UTF-8: $name', async ({ bytes, line, byte }) => {
  const target = file('a.txt', Uint8Array.from(bytes));
  const said = await failure(lines(target));
  expect(said).toContain(
    `Cannot read line ${line} of "${target}" as text must be UTF-8: received byte ${byte}`,
  );
  expect((await lines(target, { invalidUtf8: 'replace' })).at(-1)).not.toBe('');
  expect((await lines(target, { invalidUtf8: 'replace' })).join('')).toContain('\ufffd');
});

test('readFromText() matches patterns in a stable order, each file once, and no folders', async () => {
  file('b.txt', 'b');
  file('ä.txt', 'ä');
  file('a.txt', 'a');
  file('sub/c.txt', 'c');
  file('.hidden.txt', 'h');
  mkdirSync(path.join(folder, 'folder.txt'));
  expect(await lines(path.join(folder, '*.txt'))).toEqual(['a', 'b', 'ä']);
  expect(await lines(path.join(folder, '**/*.txt'))).toEqual(['a', 'b', 'c', 'ä']);
  expect(await lines(path.join(folder, '{b,a}.txt'))).toEqual(['a', 'b']);
  expect(await lines([path.join(folder, 'b.txt'), path.join(folder, '[ab].txt')])).toEqual(['b', 'a']);
});

test('readFromText() takes names with pattern characters, relative paths, URLs and links', async () => {
  const odd = file('odd [x] {1}/a*[1].txt', 'odd');
  symlinkSync(odd, path.join(folder, 'link.txt'));
  expect(await lines(odd)).toEqual(['odd']);
  expect(await lines(path.join(folder, 'odd [x] {1}', '*.txt'))).toEqual(['odd']);
  expect(await lines(path.relative(process.cwd(), odd))).toEqual(['odd']);
  expect(await lines(pathToFileURL(odd).href)).toEqual(['odd']);
  expect(await lines(`file://${folder}/l*.txt`)).toEqual(['odd']);
});

test('readFromText() says what is near a missing file', async () => {
  file('chapter-1.txt', '');
  file('chapter-2.txt', '');
  const said = await failure(lines(path.join(folder, 'Chapter1.txt')));
  expect(said).toContain(`There is no file "Chapter1.txt" in ${folder}: did you mean "chapter-1.txt"`);
  const inFolder = await failure(lines(path.join(path.dirname(folder), 'no-such-folder', 'a', 'b.txt')));
  expect(inFolder).toContain(`There is no folder "no-such-folder" in ${path.dirname(folder)}`);
});

test('readFromText() says what is where a pattern matches nothing', async () => {
  for (const name of ['a.csv', 'b.csv', 'c.csv', 'd.csv']) file(name, '');
  expect(await failure(lines(path.join(folder, '*.txt')))).toBe(
    `Cannot read "${folder}/*.txt" as the pattern must match a file: received none | ` +
      `Looked in ${folder}, which holds "a.csv", "b.csv", "c.csv" and 1 more`,
  );
});

test('readFromText() refuses folders, devices and other schemes', async () => {
  expect(await failure(lines(folder))).toContain(`Name the files in it: '${folder}/*'`);
  expect(await failure(lines('/dev/null'))).toContain('pipe, socket or device');
  expect(await failure(lines('gs://bucket/a.txt'))).toContain('received gs://');
  expect(await failure(lines(path.join(file('a.txt', 'a'), 'b.txt')))).toContain('not a folder');
});

test.each([
  { name: 'no pattern', build: () => readFromText([]) },
  { name: 'an empty pattern', build: () => readFromText('') },
  { name: 'a pattern that is no string', build: () => readFromText(7 as unknown as string) },
  { name: 'another encoding', build: () => readFromText('a', { encoding: 'latin1' as 'utf-8' }) },
  { name: 'another compression', build: () => readFromText('a', { compression: 'bzip2' as 'gzip' }) },
  { name: 'half a header', build: () => readFromText('a', { skipHeaderLines: 0.5 }) },
  { name: 'an unknown option', build: () => readFromText('a', { skipHeaders: 1 } as ReadFromTextOptions) },
])('readFromText() refuses $name when the pipeline is built', ({ build }) => {
  expect(build).toThrow(/^Cannot read text as/);
});

test('TextSource.read() waits for a slow receiver before it emits more', async () => {
  const from = source(file('a.txt', 'a\nb\nc\n'));
  const [shard] = await from.shards();
  let busy = false;
  const seen: string[] = [];
  const emit = async (line: string) => {
    expect(busy).toBe(false);
    busy = true;
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(line);
    busy = false;
  };
  if (shard !== undefined) await from.read(shard, { emit, signal: new AbortController().signal });
  expect(seen).toEqual(['a', 'b', 'c']);
});

test('TextSource.read() stops at once when it is aborted, and rejects with the reason', async () => {
  const from = source(file('a.txt', 'a\n'.repeat(500_000)));
  const [shard] = await from.shards();
  const stop = new AbortController();
  const reason = new TypeError('stop');
  let count = 0;
  const emit = () => {
    if (++count === 5) stop.abort(reason);
  };
  await expect(shard && from.read(shard, { emit, signal: stop.signal })).rejects.toBe(reason);
  expect(count).toBe(5);
});

test('TextSource.read() lets an abort through while it works on chunks', async () => {
  const from = source(file('a.txt', 'some words\n'.repeat(500_000)));
  const [shard] = await from.shards();
  const stop = new AbortController();
  setImmediate(() => stop.abort());
  let count = 0;
  const read =
    shard &&
    from.read(shard, {
      emit: () => {
        count++;
      },
      signal: stop.signal,
    });
  await expect(read).rejects.toThrow('abort');
  expect(count).toBeLessThan(500_000);
});

test('TextSource.read() reports bytes to the end', async () => {
  for (const target of [
    file('a.txt', 'a\n'.repeat(500_000)),
    file('b.txt', 'b'),
    file('c.gz', gzipSync('c')),
  ]) {
    const from = source(target);
    const [shard] = await from.shards();
    let reported = 0;
    const reportBytes = (bytes: number) => void (reported = bytes);
    const signal = new AbortController().signal;
    if (shard !== undefined) await from.read(shard, { emit: () => undefined, signal, reportBytes });
    expect(reported).toBe(shard?.bytes);
  }
});

test('TextSource.fingerprint() changes with content, files and options, and not with a touch', async () => {
  const a = file('a.txt', 'abc');
  const all = path.join(folder, '*.txt');
  const before = await source(all).fingerprint();
  const { atime, mtime } = { atime: new Date(1e12), mtime: new Date(1e12) };
  utimesSync(a, atime, mtime);
  expect(await source(all).fingerprint()).toBe(before);
  writeFileSync(a, 'abd');
  utimesSync(a, atime, mtime);
  const edited = await source(all).fingerprint();
  expect(edited).not.toBe(before);
  file('b.txt', '');
  expect(await source(all).fingerprint()).not.toBe(edited);
  expect(await source(a, { skipHeaderLines: 1 }).fingerprint()).not.toBe(edited);
});

test('TextSource.fingerprint() knows a big file by size and time of change', async () => {
  const big = file('big.txt', 'x'.repeat(1_100_000));
  utimesSync(big, 1, 1);
  const before = await source(big).fingerprint();
  expect(await source(big).fingerprint()).toBe(before);
  utimesSync(big, 1, 2);
  const touched = await source(big).fingerprint();
  expect(touched).not.toBe(before);
  appendFileSync(big, 'x');
  utimesSync(big, 1, 2);
  expect(await source(big).fingerprint()).not.toBe(touched);
});

test('readFromText() says that a symbolic link leads to nothing', async () => {
  const link = path.join(folder, 'dangling.txt');
  symlinkSync('nowhere', link);
  await expect(source(link).shards()).rejects.toThrow('received a symbolic link to nothing');
});
