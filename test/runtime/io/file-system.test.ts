import { expect, test } from 'vitest';
import { gunzipSync } from 'node:zlib';

import { registerFileSystem } from '../../../runtime/src/io/file-systems.ts';
import { readFromText } from '../../../runtime/src/io/read-from-text.ts';
import { writeToText } from '../../../runtime/src/io/write-to-text.ts';
import { create } from '../../../runtime/src/transforms/create.ts';
import { memoryFiles } from './memory-files.ts';
import { collect, pipeline } from './run-here.ts';

test('registerFileSystem() has text written to and read from a scheme', async () => {
  const memory = memoryFiles();
  registerFileSystem('mem', memory);
  memory.files.set('mem://out/words-00000-of-00009.gz', new Uint8Array());
  const names = await collect(
    pipeline()
      .apply(create(['a', 'ä', 'c']))
      .apply(writeToText('mem://out/words', { numShards: 2, suffix: '.gz' })),
  );
  expect(names).toEqual(['mem://out/words-00000-of-00002.gz', 'mem://out/words-00001-of-00002.gz']);
  expect([...memory.files.keys()].sort()).toEqual(names);
  const text = names.map((name) => gunzipSync(memory.files.get(name) ?? '').toString()).join('');
  expect(text.split('\n').sort()).toEqual(['', 'a', 'c', 'ä']);
  const read = await collect(pipeline().apply(readFromText('mem://out/words-*')));
  expect(read.sort()).toEqual(['a', 'c', 'ä']);
});

test('registerFileSystem() leaves no file when a write fails', async () => {
  const memory = memoryFiles();
  registerFileSystem('mem', memory);
  const writing = collect(
    pipeline()
      .apply(create(['a', {}]))
      .apply(writeToText('mem://out/words')),
  );
  await expect(writing).rejects.toThrow('received object');
  expect(memory.files.size).toBe(0);
});

test('a scheme that is not registered is refused by name, and so is a pattern without a match', async () => {
  registerFileSystem('mem', memoryFiles());
  await expect(collect(pipeline().apply(readFromText('nope://a')))).rejects.toThrow('received nope://');
  await expect(collect(pipeline().apply(readFromText('mem://a*')))).rejects.toThrow('received none');
});

test.each(['file', 'x', 'no scheme'])('registerFileSystem() refuses the scheme "%s"', (scheme) => {
  expect(() => registerFileSystem(scheme, memoryFiles())).toThrow(/^Cannot register a file system/);
});

test('registerFileSystem() refuses an object without a method', () => {
  const rest = Object.assign(memoryFiles(), { match: undefined });
  expect(() => registerFileSystem('mem', rest)).toThrow('the method match');
});
