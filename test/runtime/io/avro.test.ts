import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { readFromAvro } from '../../../runtime/src/io/read-from-avro.ts';
import { writeToAvro } from '../../../runtime/src/io/write-to-avro.ts';
import { schema } from '../../../runtime/src/schemas/schema.ts';
import { create } from '../../../runtime/src/transforms/create.ts';
import { collect, pipeline } from './run-here.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-avro-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const TYPES = schema({
  n: 'int64?',
  x: 'double',
  s: 'string?',
  raw: 'bytes',
  at: 'millis_instant?',
  us: 'micros_instant',
  day: 'date?',
  m: 'map<string, int64>',
  in: 'row<a: array<double?>>?',
});
const int64 = fc.oneof(fc.integer(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }));
const ROW = fc.record({
  n: fc.option(int64),
  x: fc.double(),
  s: fc.option(fc.string({ unit: 'grapheme' })),
  raw: fc.uint8Array(),
  at: fc.option(fc.date({ noInvalidDate: true })),
  us: fc.record({ seconds: fc.integer(), micros: fc.integer({ min: 0, max: 999_999 }) }),
  day: fc.option(fc.constantFrom('1969-12-31', '2020-02-29')),
  m: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'ä "'), int64)).map((entries) => new Map(entries)),
  in: fc.option(fc.record({ a: fc.array(fc.option(fc.double())) })),
});

test('readFromAvro() gives back the rows that writeToAvro() wrote, with a schema and without', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(ROW), fc.constantFrom('deflate', 'null'), async (rows, codec) => {
      const prefix = path.join(folder, 'p');
      await collect(
        pipeline()
          .apply(create(rows))
          .apply(writeToAvro(prefix, { schema: TYPES, codec })),
      );
      expect(await collect(pipeline().apply(readFromAvro(`${prefix}-*`, { schema: TYPES })))).toEqual(rows);
      expect(await collect(pipeline().apply(readFromAvro(`${prefix}-*`)))).toEqual(rows);
    }),
    { numRuns: 60 },
  );
});

test('readFromAvro() says what is no Avro, and what does not match', async () => {
  writeFileSync(path.join(folder, 'no.avro'), 'no avro at all, but long enough for a header');
  const reading = collect(pipeline().apply(readFromAvro(path.join(folder, 'no.avro'))));
  await expect(reading).rejects.toThrow(/no\.avro" after 0 records as it must be an Avro file/);
  const prefix = path.join(folder, 'p');
  await collect(
    pipeline()
      .apply(create([{ n: 1 }, { n: null }]))
      .apply(writeToAvro(prefix, { schema: schema({ n: 'int64?' }), numShards: 2 })),
  );
  const other = collect(pipeline().apply(readFromAvro(`${prefix}-*`, { schema: schema({ n: 'int64' }) })));
  await expect(other).rejects.toThrow(/record 1 of .*expected int64, received null/);
});

test.each(['map<int64, string>', 'decimal', 'time'] as const)('writeToAvro() refuses %s by name', (type) => {
  expect(() => writeToAvro('a', { schema: schema({ m: type }) })).toThrow(
    /^Cannot write Avro as the field "m/,
  );
});
