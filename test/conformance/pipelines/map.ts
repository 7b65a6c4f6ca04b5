import { setTimeout as delay } from 'node:timers/promises';
import * as beam from 'millrace';
import type { ConformanceCase } from '../case.ts';
import { INPUTS } from '../inputs.ts';

export const MAP: readonly ConformanceCase[] = [
  {
    name: 'map: arithmetic at the edges of numbers',
    build: (p) => ({
      out: p
        .apply(beam.create(INPUTS.numbers))
        .map((n) => ({ n, negated: -n, doubled: n * 2, half: n / 2, isNaN: Number.isNaN(n) })),
    }),
  },
  {
    name: 'map: big integers',
    build: (p) => ({ out: p.apply(beam.create(INPUTS.bigints)).map((n) => n * n * n - 1n) }),
  },
  {
    name: 'map: bytes and dates',
    build: (p) => ({
      bytes: p.apply(beam.create(INPUTS.bytes)).map((bytes) => bytes.slice().reverse()),
      dates: p.apply(beam.create(INPUTS.dates)).map((date) => ({ date, next: new Date(date.getTime() + 1) })),
    }),
  },
  {
    name: 'map: functions that are async',
    build: (p) => ({
      out: p.apply(beam.create(INPUTS.texts)).map(async (text) => {
        await delay(text.length % 3);
        return Array.from(text).length;
      }),
    }),
  },
  {
    name: 'filter: texts by their length and content',
    build: (p) => {
      const texts = p.apply(beam.create(INPUTS.texts));
      return {
        long: texts.filter((text) => text.length > 10),
        ascii: texts.filter((text) => /^[\x20-\x7e]*$/.test(text)),
        none: texts.filter(() => false),
        all: texts.filter(() => Promise.resolve(true)),
      };
    },
  },
  {
    name: 'flatMap: words by a generator',
    build: (p) => ({
      out: p.apply(beam.create(INPUTS.lines)).flatMap(function* (line) {
        for (const [word] of line.matchAll(/[\p{L}']+/gu)) yield word;
      }),
    }),
  },
  {
    name: 'flatMap: none, one and many, from an async generator',
    build: (p) => ({
      out: p.apply(beam.create([0, 1, 2, 1000])).flatMap(async function* (n) {
        for (let i = 0; i < n; i++) {
          if (i % 100 === 0) await delay(1);
          yield { n, i };
        }
      }),
    }),
  },
  {
    name: 'flatMap: 5 elements to 50 000, counted',
    build: (p) => ({
      out: p
        .apply(beam.create([1, 2, 3, 4, 5]))
        .flatMap((n) => Array.from({ length: 10_000 }, (_, i) => (i * n) % 100))
        .apply(beam.countPerElement()),
    }),
  },
];
