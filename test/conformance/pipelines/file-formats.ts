import path from 'node:path';
import * as beam from 'millrace';
import type { ConformanceCase } from '../case.ts';

const DATA = path.resolve('node_modules/vega-datasets/data');
const ROWS = [
  { name: 'a', n: 1, x: 0.5, note: null },
  { name: 'ä, "quoted"', n: -2, x: -1.25, note: '' },
  { name: 'line\nbreak', n: 3, x: 1e300, note: 'n' },
];
const TYPES = beam.schema({ name: 'string', n: 'int64', x: 'double', note: 'string?' });

async function contentOf(file: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(file, 'utf8');
}

/** A runner promises no order within a file. */
function sortedLines(text: string): string {
  return text.split('\n').sort().join('\n');
}

export const FILE_FORMATS: readonly ConformanceCase[] = [
  {
    name: 'readFromCsv: airports, by a schema',
    build: (p) => ({
      airports: p.apply(
        beam.io.readFromCsv(path.join(DATA, 'airports.csv'), {
          schema: beam.schema({ iata: 'string', name: 'string', latitude: 'double' }),
        }),
      ),
    }),
  },
  {
    name: 'readFromCsv: without a schema, and by names given',
    build: (p, files) => ({
      all: p.apply(beam.withName('All', beam.io.readFromCsv(path.join(files, 'header.csv')))),
      named: p.apply(
        beam.withName('Named', beam.io.readFromCsv(path.join(files, 'header.csv'), { header: ['a', 'b'] })),
      ),
    }),
  },
  {
    name: 'readFromJson: an array of cars',
    build: (p) => ({
      cars: p.apply(
        beam.io.readFromJson(path.join(DATA, 'cars.json'), {
          lines: false,
          schema: beam.schema({ Name: 'string', Miles_per_Gallon: 'double?', Cylinders: 'int64' }),
        }),
      ),
    }),
  },
  {
    name: 'readFromParquet: two columns of three million flights',
    build: (p) => {
      const flights = p.apply(
        beam.io.readFromParquet(path.join(DATA, 'flights-3m.parquet'), {
          schema: beam.schema({ origin: 'string?', delay: 'int64?' }),
        }),
      );
      const late = flights.filter(({ delay }) => Number(delay) >= 600);
      return {
        count: flights.apply(beam.countGlobally()),
        late: late.map(({ origin }) => origin).apply(beam.withName('CountLate', beam.countPerElement())),
      };
    },
  },
  {
    name: 'writeToCsv: names and content',
    build: (p, files) => {
      const names = p
        .apply(beam.create(ROWS))
        .apply(beam.io.writeToCsv(path.join(files, 'written', 'rows'), { schema: TYPES, suffix: '.csv' }));
      return {
        names: names.map((name) => path.basename(name)),
        lines: names.map(contentOf).map(sortedLines),
      };
    },
  },
  {
    name: 'writeToJson: lines that JSON parsers read',
    build: (p, files) => {
      const names = p
        .apply(beam.create(ROWS))
        .apply(beam.io.writeToJson(path.join(files, 'written', 'rows'), { schema: TYPES, suffix: '.jsonl' }));
      return {
        rows: names.map(contentOf).flatMap((text) =>
          text
            .trimEnd()
            .split('\n')
            .map((line): unknown => JSON.parse(line)),
        ),
      };
    },
  },
  {
    name: 'writeToParquet: three files',
    build: (p, files) => ({
      names: p
        .apply(beam.create(ROWS))
        .apply(
          beam.io.writeToParquet(path.join(files, 'written', 'rows'), {
            schema: TYPES,
            suffix: '.parquet',
            numShards: 3,
          }),
        )
        .map((name) => path.basename(name)),
    }),
  },
  {
    name: 'writeToAvro: two files',
    build: (p, files) => ({
      names: p
        .apply(beam.create(ROWS))
        .apply(
          beam.io.writeToAvro(path.join(files, 'written', 'rows'), {
            schema: TYPES,
            suffix: '.avro',
            numShards: 2,
          }),
        )
        .map((name) => path.basename(name)),
    }),
  },
  {
    name: 'matchFiles, readFiles: whole files and their sizes',
    build: (p, files) => {
      const matched = p.apply(beam.io.matchFiles(path.join(files, 'parts', 'part-*.txt')));
      return {
        sizes: matched.map(({ path: file, size }) => ({ key: path.basename(file), value: size })),
        texts: matched.apply(beam.io.readFiles()).map((file) => file.readUtf8()),
      };
    },
  },
];
