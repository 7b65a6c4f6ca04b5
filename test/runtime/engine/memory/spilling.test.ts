import { readdir } from 'node:fs/promises';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import type { SpillFiles } from '../../../../runtime/src/engine/memory/spill-store.ts';
import { anyValue } from '../../../support/any-value.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { collect, type CollectOptions } from '../run-fragment.ts';

/** Keys that grouping tells apart, and some that it does not: 0 and -0, objects whose properties are in another order. */
const KEYS = [
  'a',
  1,
  '1',
  1n,
  null,
  undefined,
  true,
  NaN,
  0,
  -0,
  { a: 1, b: 2 },
  { b: 2, a: 1 },
  [1, 'x'],
  'ü€',
];

interface Event {
  readonly key: unknown;
  readonly value: unknown;
  readonly ms: number;
}

const events = fc.array(
  fc.record({
    key: fc.constantFrom<unknown>(...KEYS),
    // What is large makes spills; what is of any kind shows that it comes back.
    value: fc.tuple(anyValue, fc.nat({ max: 1500 })).map(([any, length]) => [any, 'x'.repeat(length)]),
    ms: fc.nat({ max: 100 }),
  }),
  { minLength: 10, maxLength: 80 },
);

const WINDOWINGS = {
  'the global window': (input: beam.PCollection<Event>) => input,
  'fixed windows': (input: beam.PCollection<Event>) => input.apply(beam.windowInto(beam.windows.fixed(20))),
  'sliding windows': (input: beam.PCollection<Event>) =>
    input.apply(beam.windowInto(beam.windows.sliding({ size: 30, period: 10 }))),
  sessions: (input: beam.PCollection<Event>) => input.apply(beam.windowInto(beam.windows.sessions(5))),
  'a trigger that discards': (input: beam.PCollection<Event>) =>
    input.apply(
      beam.windowInto(beam.windows.fixed(50), {
        trigger: beam.triggers.repeatedly(beam.triggers.afterCount(3)),
        accumulationMode: 'discarding',
      }),
    ),
  'a trigger that accumulates': (input: beam.PCollection<Event>) =>
    input.apply(
      beam.windowInto(beam.windows.fixed(50), {
        trigger: beam.triggers.afterWatermark({
          early: beam.triggers.afterCount(4),
          late: beam.triggers.afterCount(1),
        }),
        accumulationMode: 'accumulating',
        allowedLateness: 10,
      }),
    ),
  'sessions with a trigger': (input: beam.PCollection<Event>) =>
    input.apply(
      beam.windowInto(beam.windows.sessions(5), {
        trigger: beam.triggers.afterWatermark({ early: beam.triggers.afterCount(2) }),
        accumulationMode: 'accumulating',
      }),
    ),
};

/** Joins the texts of what it is given: an accumulator that grows. */
const joinTexts: beam.CombineFn<unknown, { texts: string[] }, readonly string[]> = {
  name: 'JoinTexts',
  createAccumulator: () => ({ texts: [] }),
  addInput: (held, input) => {
    held.texts.push(inspect(input, { depth: 5 }));
    return held;
  },
  mergeAccumulators: (several) => ({ texts: several.flatMap(({ texts }) => texts) }),
  extractOutput: ({ texts }) => texts.toSorted(),
};

/** All panes of a grouping, in an order that does not depend on spills. */
async function panesOf(
  grouped: beam.PCollection<beam.KV<unknown, Iterable<unknown>>>,
  options: CollectOptions,
) {
  const panes: { at: string; key: unknown; values: unknown[] }[] = [];
  const sink = {
    add(element: unknown, timestamp: number, windows: unknown, pane: unknown) {
      const { key, value } = element as beam.KV<unknown, Iterable<unknown>>;
      panes.push({ at: inspect({ key, timestamp, windows, pane }, { depth: 9 }), key, values: [...value] });
    },
    close: () => undefined,
  };
  const { memory } = await collect(grouped, { ...options, also: new Map([[grouped, sink]]) });
  return { panes: panes.sort((a, b) => (a.at < b.at ? -1 : 1)), memory };
}

for (const [name, windowed] of Object.entries(WINDOWINGS)) {
  // Of sessions and of windows with triggers, keys and times stay in memory.
  const budgets = /windows?$/.test(name) ? [2000, 10_000] : [20_000, 60_000];
  test.each(['groupByKey', 'combinePerKey'] as const)(
    `%s in ${name} does not depend on spills`,
    async (kind) => {
      const spillFolder = await temporaryFolder();
      let spills = 0;
      await fc.assert(
        fc.asyncProperty(
          events,
          fc.constantFrom(3, 7, 1000),
          fc.constantFrom(...budgets),
          async (all, bundleSize, memoryBudget) => {
            const grouped = (): beam.PCollection<beam.KV<unknown, Iterable<unknown>>> => {
              const input = beam
                .pipeline()
                .apply(beam.create(all))
                .apply(beam.assignTimestamps((event) => event.ms));
              const pairs = windowed(input).map(({ key, value }) => ({ key, value }));
              return kind === 'groupByKey'
                ? pairs.apply(beam.groupByKey())
                : pairs.apply(beam.combinePerKey(joinTexts));
            };
            const whole = await panesOf(grouped(), { bundleSize });
            const spilled = await panesOf(grouped(), { bundleSize, memoryBudget, spillFolder });
            spills += spilled.memory.spills;
            expect(spilled.panes).toEqual(whole.panes);
            expect(await readdir(spillFolder)).toEqual([]);
          },
        ),
        { numRuns: 40 },
      );
      expect(spills).toBeGreaterThan(10);
    },
  );
}

/** Forty keys with some values of each, and so many kilobytes in all. */
function pairsOf(kilobytes: number) {
  return beam
    .pipeline()
    .apply(beam.create(Array.from({ length: kilobytes }, (_, n) => n)))
    .map((n) => ({ key: n % 40, value: `${n} `.padEnd(1000, 'x') }));
}

test('a group that is larger than memory is read each time that it is gone through', async () => {
  const spillFolder = await temporaryFolder();
  const lengths = beam
    .pipeline()
    .apply(beam.create(Array.from({ length: 3000 }, (_, n) => n)))
    .map((n) => ({ key: n % 100 === 0 ? n % 300 : 'hot', value: `${n} `.padEnd(1000, 'x') }))
    .apply(beam.groupByKey())
    .filter(({ key }) => key === 'hot')
    .map(({ value }) => {
      const twice = [[...value], [...value]].map((values) => values.map((text) => Number.parseInt(text, 10)));
      return { isArray: Array.isArray(value), twice };
    });
  const { values, memory } = await collect(lengths, { memoryBudget: 500_000, spillFolder });
  const expected = Array.from({ length: 3000 }, (_, n) => n).filter((n) => n % 100 !== 0);
  expect(values).toEqual([{ isArray: false, twice: [expected, expected] }]);
  expect(memory.spilledBytes).toBeGreaterThan(2_000_000);
  expect(memory.heldPeak).toBeLessThan(800_000);
});

test('values of a spilled group that are read after the run say so', async () => {
  const spillFolder = await temporaryFolder();
  const grouped = pairsOf(2000)
    .map(({ value }) => ({ key: 'all', value }))
    .apply(beam.groupByKey());
  const { values } = await collect(grouped, { memoryBudget: 500_000, spillFolder });
  expect(() => [...(values[0]?.value ?? [])]).toThrow(
    'Cannot read values that were spilled as their run must not have ended',
  );
});

class Socket {
  readonly port = 80;
}

test('what cannot come back as it was is refused when it is spilled, with its place', async () => {
  const grouped = pairsOf(2000)
    .map(({ key, value }) => ({ key, value: { text: value, socket: new Socket() } }))
    .apply(beam.groupByKey());
  await expect(
    collect(grouped, { memoryBudget: 500_000, spillFolder: await temporaryFolder() }),
  ).rejects.toThrow(
    'Cannot spill what "GroupByKey" holds as all of it must be data: received an instance of Socket at .socket',
  );
});

test('keys and windows that are too many for memory are refused by name', async () => {
  const counts = beam
    .pipeline()
    .apply(beam.create(Array.from({ length: 5000 }, (_, n) => n)))
    .apply(
      beam.windowInto(beam.windows.fixed(10), {
        trigger: beam.triggers.repeatedly(beam.triggers.afterCount(9)),
        accumulationMode: 'discarding',
      }),
    )
    .map((n) => ({ key: n, value: n }))
    .apply(beam.groupByKey());
  await expect(
    collect(counts, { memoryBudget: 1_000_000, spillFolder: await temporaryFolder() }),
  ).rejects.toThrow(
    'Cannot hold what "GroupByKey" needs in memory at once as the run must keep within its memory budget of 1000000 bytes: received ',
  );
});

test('a disk that is full while spilling is a clear error, and no file is left', async () => {
  const spillFolder = await temporaryFolder();
  let room = 3_000_000;
  const spillFiles: SpillFiles = {
    open: (file) => openSync(file, 'wx+'),
    write(descriptor, bytes) {
      room -= bytes.length;
      if (room < 0)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      return writeSync(descriptor, bytes);
    },
    read: (descriptor, into, position) => readSync(descriptor, into, 0, into.length, position),
    close: closeSync,
    remove: (file) => {
      rmSync(file);
    },
  };
  const run = collect(pairsOf(6000).apply(beam.groupByKey()), {
    memoryBudget: 500_000,
    spillFolder,
    spillFiles,
  });
  await expect(run).rejects.toThrow(
    `Cannot spill to ${spillFolder} as its disk must have room: received ENOSPC: no space left on device, write, after 3 MB; what was spilled is removed`,
  );
  expect(await readdir(spillFolder)).toEqual([]);
});

test('a run that is interrupted while it spills leaves no file', async () => {
  const spillFolder = await temporaryFolder();
  const interrupt = new AbortController();
  const grouped = pairsOf(6000)
    .map((pair) => {
      if (pair.value.startsWith('5000 ')) interrupt.abort(new Error('Interrupted'));
      return pair;
    })
    .apply(beam.groupByKey());
  await expect(
    collect(grouped, { memoryBudget: 500_000, spillFolder, signal: interrupt.signal }),
  ).rejects.toThrow('Interrupted');
  expect(await readdir(spillFolder)).toEqual([]);
});

test('a side input that is larger than memory is looked at as an iterable, and refused as a list', async () => {
  const spillFolder = await temporaryFolder();
  const numbers = Array.from({ length: 3000 }, (_, n) => n);
  const p = beam.pipeline();
  const texts = p.apply(beam.create(numbers)).map((n) => `${n} `.padEnd(1000, 'x'));
  const main = p.apply(beam.withName('Main', beam.create([1, 2])));
  const options = { memoryBudget: 500_000, spillFolder };
  const sums = main.map(
    (n, { all }) => {
      let sum = 0;
      for (const text of all.lookup()) sum += n * Number.parseInt(text, 10);
      return sum;
    },
    { all: beam.iterableSideInput(texts) },
  );
  const { values, memory } = await collect(sums, options);
  expect(values).toEqual([4_498_500, 8_997_000]);
  expect(memory.heldPeak).toBeLessThan(800_000);
  const listed = main.map((_, { all }) => all.lookup().length, { all: beam.listSideInput(texts) });
  await expect(collect(listed, options)).rejects.toThrow('Cannot hold what "Map');
  expect(await readdir(spillFolder)).toEqual([]);
});

test('what waits for a side input is spilled, and comes as it was', async () => {
  const spillFolder = await temporaryFolder();
  const numbers = Array.from({ length: 3000 }, (_, n) => n);
  const main = beam
    .pipeline()
    .apply(beam.create(numbers))
    .map((n) => `${n} `.padEnd(1000, 'x'))
    .apply(beam.assignTimestamps((text) => Number.parseInt(text, 10)))
    .apply(beam.windowInto(beam.windows.fixed(1000)));
  // What it looks at is made of itself, so that all of it must wait.
  const counts = main
    .map(() => ({ key: 'all', value: 1 }))
    .apply(beam.combinePerKey(beam.sum()))
    .map(({ value }) => value);
  const seen = main.map(
    (text, { count, timestamp }) => [Number.parseInt(text, 10), timestamp.lookup(), count.lookup()],
    { count: beam.singletonSideInput(counts), timestamp: beam.timestampParam() },
  );
  const { values, memory } = await collect(seen, { memoryBudget: 500_000, spillFolder });
  expect(values).toEqual(numbers.map((n) => [n, n, 1000]));
  expect(memory.spilledBytes).toBeGreaterThan(2_000_000);
});
