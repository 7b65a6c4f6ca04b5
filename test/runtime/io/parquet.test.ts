import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { readFromParquet } from '../../../runtime/src/io/read-from-parquet.ts';
import { writeToParquet } from '../../../runtime/src/io/write-to-parquet.ts';
import { schema } from '../../../runtime/src/schemas/schema.ts';
import { create } from '../../../runtime/src/transforms/create.ts';
import { collect, pipeline } from './run-here.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-parquet-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const TYPES = schema({
  n: 'int64?',
  i: 'int32',
  x: 'double?',
  f: 'float',
  s: 'string?',
  b: 'boolean?',
  raw: 'bytes?',
  at: 'millis_instant?',
  us: 'micros_instant',
  day: 'date?',
  tags: 'array<string?>?',
  deep: 'array<array<int64>>',
  in: 'row<a: int64?, b: array<row<c: string>>>?',
});

const int64 = fc.oneof(
  fc.maxSafeInteger().map((n) => n + 0),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
);
const ROW = fc.record({
  n: fc.option(int64),
  i: fc.integer(),
  x: fc.option(fc.double()),
  f: fc.float(),
  s: fc.option(fc.string({ unit: 'grapheme' })),
  b: fc.option(fc.boolean()),
  raw: fc.option(fc.uint8Array()),
  at: fc.option(fc.date({ noInvalidDate: true })),
  us: fc.record({ seconds: fc.integer(), micros: fc.integer({ min: 0, max: 999_999 }) }),
  day: fc.option(fc.constantFrom('1969-12-31', '2020-02-29')),
  tags: fc.option(fc.array(fc.option(fc.string()))),
  deep: fc.array(fc.array(int64)),
  in: fc.option(fc.record({ a: fc.option(int64), b: fc.array(fc.record({ c: fc.string() })) })),
});

test('readFromParquet() gives back the rows that writeToParquet() wrote, in row groups of any size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(ROW),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom('snappy', 'gzip', 'none'),
      async (rows, rowGroupSize, codec) => {
        const prefix = path.join(folder, 'p');
        const zero = (value: unknown) => (Object.is(value, -0) ? 0 : value);
        const expected = rows.map((row) => ({ ...row, n: zero(row.n) as number }));
        const write = writeToParquet<unknown>(prefix, { schema: TYPES, rowGroupSize, codec });
        await collect(pipeline().apply(create<unknown>(expected)).apply(write));
        const read = await collect(pipeline().apply(readFromParquet(`${prefix}-*`, { schema: TYPES })));
        expect(read).toEqual(expected.map((row) => ({ ...row, raw: row.raw })));
      },
    ),
    { numRuns: 40 },
  );
});

test('readFromParquet() reads flights of vega-datasets, columns that are asked for alone', async () => {
  const file = 'node_modules/vega-datasets/data/flights-3m.parquet';
  const types = schema({ date: 'millis_instant?', origin: 'string?' });
  const [first] = await collect(
    pipeline()
      .apply(readFromParquet(file, { columns: ['date'] }))
      .filter((_, { seen }) => (seen.count += 1) === 1, { seen: { count: 0 } }),
  );
  expect(Object.keys(first ?? {})).toEqual(['date']);
  expect(Object.keys(types.schema.fields)).toHaveLength(2);
});

test('readFromParquet() says which column is not there, and what is no Parquet', async () => {
  const prefix = path.join(folder, 'p');
  await collect(
    pipeline()
      .apply(create([{ a: 1 }]))
      .apply(writeToParquet(prefix, { schema: schema({ a: 'int64' }) })),
  );
  const missing = collect(pipeline().apply(readFromParquet(`${prefix}-*`, { columns: ['b'] })));
  await expect(missing).rejects.toThrow('the column "b": received a');
  writeFileSync(path.join(folder, 'no.parquet'), 'no parquet at all');
  const other = collect(pipeline().apply(readFromParquet(path.join(folder, 'no.parquet'))));
  await expect(other).rejects.toThrow(/no\.parquet" as it must be a Parquet file/);
});

test.each(['map<string, int64>', 'decimal', 'time', 'array<map<string, string>>'] as const)(
  'writeToParquet() refuses %s by name',
  (type) => {
    expect(() => writeToParquet('a', { schema: schema({ m: type }) })).toThrow(
      /^Cannot write Parquet as the field "m/,
    );
  },
);
