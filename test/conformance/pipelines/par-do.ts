import * as beam from 'millrace';
import { sorted } from '../canonical.ts';
import type { ConformanceCase } from '../case.ts';
import { INPUTS } from '../inputs.ts';

/** Counts the elements of each bundle, with a life around it. */
class CountInBundles implements beam.DoFn<number, number> {
  #isSetUp = false;
  #count = 0;
  readonly #factor: number;

  constructor(factor: number) {
    this.#factor = factor;
  }

  async setup() {
    await Promise.resolve();
    this.#isSetUp = true;
  }

  startBundle() {
    if (!this.#isSetUp) throw new RangeError('Cannot start a bundle as it must be set up');
    this.#count = 0;
  }

  process() {
    this.#count += this.#factor;
  }

  *finishBundle() {
    if (this.#count > 0) yield beam.windowedValue(this.#count);
  }

  teardown() {
    this.#isSetUp = false;
  }
}

const numbers = Array.from({ length: 1000 }, (_, index) => index);

export const PAR_DO: readonly ConformanceCase[] = [
  {
    name: 'parDo: a life around bundles',
    build: (p) => ({
      out: p
        .apply(beam.create(numbers))
        .apply(beam.parDo(new CountInBundles(3)))
        .apply(beam.combineGlobally(beam.sum())),
    }),
  },
  {
    name: 'parDo: several outputs',
    build: (p) => {
      const { main, odd, big, never } = p.apply(beam.create(numbers)).apply(
        beam
          .parDo(function* (n: number) {
            if (n % 2 === 1) yield new beam.TaggedOutput('odd', { n });
            if (n > 990) yield new beam.TaggedOutput('big', `number ${n}`);
            if (n < 0) yield new beam.TaggedOutput('never', n);
            if (n % 100 === 0) yield n;
          })
          .withOutputs('odd', 'big', 'never', 'unused'),
      );
      return { main, odd: odd.apply(beam.countGlobally()), big, never };
    },
  },
  {
    name: 'parDo: one output feeds several steps',
    build: (p) => {
      const all = p.apply(beam.create(INPUTS.orders));
      const dear = all.filter(({ price }) => price > 90);
      return {
        dear,
        ids: dear.map(({ id }) => id),
        users: dear.map(({ user }) => user).apply(beam.distinct()),
        count: all.apply(beam.countGlobally()),
      };
    },
  },
  {
    name: 'parDo: counters and a context',
    build: (p) => ({
      out: p.apply(beam.create(numbers)).map(
        (n, { seen, offset }) => {
          seen.increment();
          return n % 250 === 0 ? n + offset : 0;
        },
        { seen: beam.counter('seen'), offset: 0.5 },
      ),
    }),
  },
  {
    name: 'partition: three parts',
    build: (p) => {
      const [low, high, rest] = p
        .apply(beam.create(INPUTS.numbers))
        .apply(beam.partition(3, (n) => (n < 0 ? 0 : n >= 0 ? 1 : 2)));
      return { low, high, rest };
    },
  },
  {
    name: 'flatten: twice the same, and nothing',
    build: (p) => {
      const a = p.apply(beam.create(INPUTS.texts));
      const b = p.apply(beam.create(INPUTS.users));
      const none = p.apply(beam.withName('None', beam.create<string>([])));
      return {
        out: beam.P([a, b, a, none]).apply(beam.flatten()),
        counted: beam
          .P([a, b, a, none])
          .apply(beam.withName('Again', beam.flatten()))
          .apply(beam.countPerElement()),
      };
    },
  },
  {
    name: 'composites: of composites, with names',
    build: (p) => {
      const trimmed = (lines: beam.PCollection<string>) =>
        lines.map((line) => line.trim()).filter((line) => line !== '');
      const lengths = (lines: beam.PCollection<string>) =>
        lines
          .apply(beam.withName('Trim: all', trimmed))
          .map((line) => ({ key: line.length, value: line }))
          .apply(beam.groupByKey())
          .map(({ key, value }) => ({ key, lines: sorted(value) }));
      const lines = p.apply(beam.create(INPUTS.lines));
      return {
        once: lines.apply(beam.withName('Größe 1', lengths)),
        twice: lines.map((line) => `${line}!`).apply(beam.withName('Größe 2', lengths)),
      };
    },
  },
];
