import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { isFilePattern, matchPattern, sampleOf } from '../../../kernel/src/export/data-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('sampleOf() takes the first whole lines of the first files, and keeps gzip', async () => {
  const folder = await temporaryFolder();
  const lines = Array.from({ length: 500 }, (_, n) => `line ${n}\n`).join('');
  await writeFile(path.join(folder, '1.txt'), lines);
  await writeFile(path.join(folder, '2.txt'), 'no end');
  await writeFile(path.join(folder, '3.gz'), gzipSync(lines));
  await writeFile(path.join(folder, '4.txt'), 'not taken');
  const files = matchPattern('*', folder)?.files ?? [];
  const sample = sampleOf(files);
  const first200 = lines
    .split('\n')
    .slice(0, 200)
    .map((line) => `${line}\n`)
    .join('');
  expect(sample.map(({ to }) => to)).toEqual(['1.txt', '2.txt', '3.gz']);
  expect(sample[0]?.content.toString()).toBe(first200);
  expect(sample[1]?.content.toString()).toBe('no end');
  expect(gunzipSync(sample[2]?.content ?? '').toString()).toBe(first200);
});

test('matchPattern() finds what readFromText finds, and says what names it below another folder', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'a[1].txt'), '');
  await writeFile(path.join(folder, 'b.txt'), '');
  const names = (pattern: string) => matchPattern(pattern, folder)?.files.map(({ to }) => to);
  expect(names('a[1].txt')).toEqual(['a[1].txt']);
  expect(names('*.txt')).toEqual(['a[1].txt', 'b.txt']);
  expect(names('{b,c}.txt')).toEqual(['b.txt']);
  expect(matchPattern(`${folder}/[ab]*.txt`, '/')?.pattern).toBe('[ab]*.txt');
  expect(matchPattern('gs://bucket/*.txt', folder)).toBeUndefined();
});

test.each(['b.txt', './b.txt', '*.txt'])('isFilePattern() is true for %s', async (text) => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'b.txt'), '');
  expect(isFilePattern(text, folder)).toBe(true);
});

test.each(['a.txt', '.', './', 'b', 'https://example.com/b.txt', '<b.txt>', ''])(
  'isFilePattern() is false for %o',
  async (text) => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'b.txt'), '');
    expect(isFilePattern(text, folder)).toBe(false);
  },
);
