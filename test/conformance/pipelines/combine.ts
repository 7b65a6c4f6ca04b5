import * as beam from 'millrace';
import type { ConformanceCase } from '../case.ts';
import { INPUTS } from '../inputs.ts';

/** The letters of all texts; its accumulators are Sets in Maps. */
class Letters implements beam.CombineFn<string, Map<boolean, Set<string>>, string> {
  readonly #separator: string;

  constructor(separator: string) {
    this.#separator = separator;
  }

  createAccumulator() {
    return new Map([[true, new Set<string>()]]);
  }

  addInput(accumulator: Map<boolean, Set<string>>, text: string) {
    for (const letter of text) accumulator.get(true)?.add(letter);
    return accumulator;
  }

  mergeAccumulators(accumulators: readonly Map<boolean, Set<string>>[]) {
    const merged = this.createAccumulator();
    for (const one of accumulators) for (const letter of one.get(true) ?? []) merged.get(true)?.add(letter);
    return merged;
  }

  extractOutput(accumulator: Map<boolean, Set<string>>) {
    return [...(accumulator.get(true) ?? [])].sort().join(this.#separator);
  }
}

const priceByUser = (p: beam.Pipeline) =>
  p.apply(beam.create(INPUTS.orders)).map(({ user, price }) => ({ key: user, value: price }));

export const COMBINE: readonly ConformanceCase[] = [
  {
    name: 'combinePerKey: sum, mean, count, min and max',
    build: (p) => {
      const prices = priceByUser(p);
      return {
        sum: prices.apply(beam.combinePerKey(beam.sum())),
        mean: prices.apply(beam.combinePerKey(beam.mean())),
        count: prices.apply(beam.combinePerKey(beam.count())),
        min: prices.apply(beam.combinePerKey(beam.min())),
        max: prices.apply(beam.combinePerKey(beam.max())),
      };
    },
  },
  {
    name: 'combinePerKey: a binary function of big integers',
    build: (p) => ({
      out: p
        .apply(beam.create(Array.from({ length: 60 }, (_, n) => ({ key: n % 3, value: BigInt(n + 1) }))))
        .apply(beam.combinePerKey((a, b) => a * b)),
    }),
  },
  {
    name: 'combinePerKey: accumulators of Maps and Sets',
    build: (p) => ({
      out: p
        .apply(beam.create(INPUTS.lines))
        .map((line) => ({ key: line.length > 10, value: line }))
        .apply(beam.combinePerKey(new Letters('|'))),
    }),
  },
  {
    name: 'combinePerKey: keys of every type that look alike',
    build: (p) => ({
      out: p
        .apply(beam.create(INPUTS.keys.map((key) => ({ key, value: 1 }))))
        .apply(beam.combinePerKey(beam.sum()))
        .map(({ key, value }) => ({ key: key === 0 ? 0 : key, value })),
    }),
  },
  {
    name: 'combinePerKey: 50 000 values of 100 keys',
    build: (p) => ({
      out: p
        .apply(beam.create(Array.from({ length: 500 }, (_, n) => n)))
        .flatMap((n) => Array.from({ length: 100 }, (_, i) => ({ key: i, value: n * i })))
        .apply(beam.combinePerKey(beam.sum())),
    }),
  },
  {
    name: 'combineGlobally: of some',
    build: (p) => {
      const prices = p.apply(beam.create(INPUTS.orders)).map(({ price }) => price);
      return {
        sum: prices.apply(beam.combineGlobally(beam.sum())),
        mean: prices.apply(beam.combineGlobally(beam.mean())),
        min: prices.apply(beam.combineGlobally(beam.min())),
        max: prices.apply(beam.combineGlobally(beam.max())),
        count: prices.apply(beam.countGlobally()),
        binary: prices.apply(beam.combineGlobally((a, b) => (a > b ? a : b))),
        letters: p.apply(beam.create(INPUTS.lines)).apply(beam.combineGlobally(new Letters(''))),
      };
    },
  },
  {
    name: 'combineGlobally: of none',
    build: (p) => {
      const none = p.apply(beam.create<number>([]));
      return {
        sum: none.apply(beam.combineGlobally(beam.sum())),
        mean: none.apply(beam.combineGlobally(beam.mean())),
        min: none.apply(beam.combineGlobally(beam.min())),
        top: none.apply(beam.combineGlobally(beam.top(3))),
        sumWithoutDefaults: none.apply(beam.combineGlobally(beam.sum(), { withoutDefaults: true })),
      };
    },
  },
  {
    name: 'min and max: numbers, texts, big integers and dates',
    build: (p) => {
      const numbers = p.apply(beam.create(INPUTS.numbers));
      const ordered = numbers.filter((n) => !Number.isNaN(n) && n !== 0);
      const texts = p.apply(beam.create(INPUTS.texts));
      const bigints = p.apply(beam.create(INPUTS.bigints));
      const dates = p.apply(beam.create(INPUTS.dates));
      return {
        min: ordered.apply(beam.combineGlobally(beam.min())),
        max: ordered.apply(beam.combineGlobally(beam.max())),
        minOfNaN: numbers.apply(beam.combineGlobally(beam.min())),
        minText: texts.apply(beam.combineGlobally(beam.min())),
        maxText: texts.apply(beam.combineGlobally(beam.max())),
        minBigInt: bigints.apply(beam.combineGlobally(beam.min())),
        maxBigInt: bigints.apply(beam.combineGlobally(beam.max())),
        minDate: dates.apply(beam.combineGlobally(beam.min())),
        maxDate: dates.apply(beam.combineGlobally(beam.max())),
      };
    },
  },
  {
    name: 'top: of all, by a function, and of each key',
    build: (p) => {
      const orders = p.apply(beam.create(INPUTS.orders));
      return {
        ids: orders.map(({ id }) => id).apply(beam.combineGlobally(beam.top(5))),
        fewer: p.apply(beam.create([2, 1])).apply(beam.combineGlobally(beam.top(5))),
        by: orders.apply(beam.combineGlobally(beam.top(3, { by: ({ id }) => -id }))),
        perKey: orders
          .map(({ user, id }) => ({ key: user, value: id }))
          .apply(beam.combinePerKey(beam.top(2))),
      };
    },
  },
  {
    name: 'sample: all of few, and some of many',
    build: (p) => {
      const ids = p.apply(beam.create(INPUTS.orders)).map(({ id }) => id);
      return {
        all: ids
          .apply(beam.combineGlobally(beam.sample(1000)))
          .map((some) => [...some].sort((a, b) => a - b)),
        size: ids.apply(beam.combineGlobally(beam.sample(10))).map((some) => ({
          size: new Set(some).size,
          isPart: some.every((id) => Number.isInteger(id) && id >= 0 && id < 500),
        })),
      };
    },
  },
];
