import * as beam from 'millrace';
import type { ConformanceCase } from '../case.ts';
import { INPUTS } from '../inputs.ts';

export const CREATE: readonly ConformanceCase[] = [
  {
    name: 'create: values of every type',
    build: (p) => ({ out: p.apply(beam.create(INPUTS.mixed)) }),
  },
  {
    name: 'create: halves of surrogate pairs',
    build: (p) => ({
      out: p.apply(beam.create(INPUTS.halves)).map((text) => ({ text, units: text.length })),
    }),
  },
  {
    name: 'create: nothing',
    build: (p) => {
      const none = p.apply(beam.create<number>([]));
      return {
        none,
        mapped: none.map((n) => n + 1),
        grouped: none
          .map((n) => ({ key: n, value: n }))
          .apply(beam.groupByKey())
          .map(({ key, value }) => ({ key, value: [...value] })),
        count: none.apply(beam.countGlobally()),
        distinct: none.apply(beam.distinct()),
      };
    },
  },
  {
    name: 'create: 20 000 elements',
    build: (p) => {
      const all = p.apply(
        beam.create(Array.from({ length: 20_000 }, (_, id) => ({ id, text: `element ${id}` }))),
      );
      return {
        count: all.apply(beam.countGlobally()),
        ids: all.map(({ id }) => id).apply(beam.combineGlobally(beam.sum())),
        some: all.filter(({ id }) => id % 997 === 0),
      };
    },
  },
  {
    name: 'create: elements of 2 MB',
    build: (p) => {
      const big = p.apply(
        beam.create(
          [0, 1, 2].map((n) => ({
            n,
            text: String(n).repeat(2_000_000),
            bytes: new Uint8Array(2_000_000).fill(n),
          })),
        ),
      );
      return {
        sizes: big.map(({ n, text, bytes }) => ({
          n,
          length: text.length,
          last: text.at(-1),
          bytes: bytes.length,
          sum: bytes.reduce((sum, byte) => sum + byte, 0),
        })),
        grouped: big
          .map((one) => ({ key: one.n % 2, value: one.text }))
          .apply(beam.groupByKey())
          .map(({ key, value }) => ({ key, length: [...value].reduce((sum, text) => sum + text.length, 0) })),
      };
    },
  },
];
