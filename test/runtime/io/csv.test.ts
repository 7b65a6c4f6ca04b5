import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { readFromCsv } from '../../../runtime/src/io/read-from-csv.ts';
import { writeToCsv } from '../../../runtime/src/io/write-to-csv.ts';
import { schema } from '../../../runtime/src/schemas/schema.ts';
import { create } from '../../../runtime/src/transforms/create.ts';
import { collect, pipeline } from './run-here.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-csv-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(content: string): string {
  const name = path.join(folder, 'a.csv');
  writeFileSync(name, content);
  return name;
}

const TYPES = schema({
  n: 'int64?',
  x: 'double',
  s: 'string?',
  b: 'boolean',
  at: 'millis_instant',
  d: 'decimal',
});

test('readFromCsv() gives back the rows that writeToCsv() wrote, whatever is in them', async () => {
  const row = fc.record({
    n: fc.option(fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }))),
    x: fc.double(),
    s: fc.option(fc.string({ unit: 'grapheme' })),
    b: fc.boolean(),
    at: fc.date({ noInvalidDate: true }),
    d: fc.constantFrom('1.50', '-0.001', '12345678901234567890.12'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row), async (rows) => {
      const prefix = path.join(folder, 'p');
      const expected = rows.map((one) => ({ ...one, n: Object.is(one.n, -0) ? 0 : one.n }));
      await collect(
        pipeline()
          .apply(create(expected))
          .apply(writeToCsv(prefix, { schema: TYPES })),
      );
      const read = await collect(pipeline().apply(readFromCsv(`${prefix}-*`, { schema: TYPES })));
      expect(read).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

test('readFromCsv() reads strings without a schema, quotes over lines, CRLF and a byte order mark', async () => {
  const name = file('\ufeffa,b\r\n1,"x\r\n""y"""\r\n,z\r\n');
  expect(await collect(pipeline().apply(readFromCsv(name)))).toEqual([
    { a: '1', b: 'x\r\n"y"' },
    { a: '', b: 'z' },
  ]);
});

test('readFromCsv() takes the columns of the schema, by name', async () => {
  const name = file('skip;s;n\nq;a;1\nq;;\n');
  const types = schema({ n: 'int64?', s: 'string' });
  expect(await collect(pipeline().apply(readFromCsv(name, { schema: types, delimiter: ';' })))).toEqual([
    { n: 1, s: 'a' },
    { n: null, s: '' },
  ]);
});

test.each([
  { name: 'too many fields', content: 'n\n1\n2,3\n', says: 'line 3' },
  { name: 'a quote that stays open', content: 'n\n1\n"2\n', says: 'Quote Not Closed' },
  { name: 'no number', content: 'n\n1\nold\n', says: /line 3 of ".*a\.csv".*expected int64.*"old"/ },
  { name: 'no such column', content: 'm\n1\n', says: 'the field "n"' },
])('readFromCsv() says where there is $name', async ({ content, says }) => {
  const reading = collect(pipeline().apply(readFromCsv(file(content), { schema: schema({ n: 'int64' }) })));
  await expect(reading).rejects.toThrow(says);
});

test('readFromCsv() and writeToCsv() refuse fields that no cell holds, by name', () => {
  const types = schema({ tags: 'array<string>' });
  expect(() => readFromCsv('a', { schema: types })).toThrow('the field "tags"');
  expect(() => writeToCsv('a', { schema: types })).toThrow('array<string>');
});
