import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { matchFiles, readFiles } from '../../../runtime/src/io/match-files.ts';
import { readFromJson } from '../../../runtime/src/io/read-from-json.ts';
import { writeToJson } from '../../../runtime/src/io/write-to-json.ts';
import { schema } from '../../../runtime/src/schemas/schema.ts';
import { create } from '../../../runtime/src/transforms/create.ts';
import { collect, pipeline } from './run-here.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-json-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(content: string): string {
  const name = path.join(folder, 'a.json');
  writeFileSync(name, content);
  return name;
}

const TYPES = schema({
  n: 'int64?',
  x: 'double',
  s: 'string?',
  raw: 'bytes',
  at: 'millis_instant?',
  m: 'map<string, int64>',
  in: 'row<a: array<double>>?',
});
const int64 = fc.oneof(fc.integer(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }));
const ROW = fc.record({
  n: fc.option(int64),
  x: fc.double(),
  s: fc.option(fc.string({ unit: 'grapheme' })),
  raw: fc.uint8Array(),
  at: fc.option(fc.date({ noInvalidDate: true })),
  m: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'ä "'), int64)).map((entries) => new Map(entries)),
  in: fc.option(fc.record({ a: fc.array(fc.double()) })),
});

test('readFromJson() gives back the rows that writeToJson() wrote, on lines and in an array', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(ROW), fc.boolean(), async (rows, lines) => {
      const prefix = path.join(folder, 'p');
      await collect(
        pipeline()
          .apply(create(rows))
          .apply(writeToJson(prefix, { schema: TYPES, lines })),
      );
      const read = await collect(pipeline().apply(readFromJson(`${prefix}-*`, { schema: TYPES, lines })));
      expect(read).toEqual(rows);
    }),
    { numRuns: 60 },
  );
});

test.each([
  { name: 'no JSON', content: '{"n":1}\n{oops\n', lines: true, says: /line 2 of .*\{oops/ },
  {
    name: 'another type',
    content: '{"n":1}\n{"n":"old"}\n',
    lines: true,
    says: /line 2 of .*expected int64/,
  },
  { name: 'a rounded integer', content: '{"n":9007199254740993}\n', lines: true, says: 'expected int64' },
  { name: 'no array', content: '{"n":1}', lines: false, says: 'must be a JSON array' },
  { name: 'an array that is cut', content: '[{"n":1},{"n":', lines: false, says: 'element 2 of' },
  {
    name: 'an element of another type',
    content: '[{"n":1},{"n":true}]',
    lines: false,
    says: /element 2 of .*expected int64/,
  },
])('readFromJson() says where there is $name', async ({ content, lines, says }) => {
  const types = schema({ n: 'int64' });
  const reading = collect(pipeline().apply(readFromJson(file(content), { schema: types, lines })));
  await expect(reading).rejects.toThrow(says);
});

test.each([NaN, 1n, new Map(), { a: new Uint8Array() }, undefined])(
  'writeToJson() refuses %s without a schema',
  async (value) => {
    const writing = collect(
      pipeline()
        .apply(create<unknown>([{ value }, value]))
        .apply(writeToJson(path.join(folder, 'p'))),
    );
    await expect(writing).rejects.toThrow(/^Cannot write an element as JSON/);
  },
);

test('matchFiles() gives what is there, and readFiles() reads it uncompressed', async () => {
  writeFileSync(path.join(folder, 'a.txt'), 'ä');
  writeFileSync(path.join(folder, 'b.txt.gz'), gzipSync('b'));
  const matched = pipeline().apply(matchFiles(path.join(folder, '*')));
  const texts = matched.apply(readFiles()).map(async (one) => {
    return [path.basename(one.metadata.path), one.metadata.size > 0, await one.readUtf8()];
  });
  expect(await collect(texts)).toEqual([
    ['a.txt', true, 'ä'],
    ['b.txt.gz', true, 'b'],
  ]);
});
