import { readdir } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as beam from '../../../../runtime/src/index.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { collect, type CollectOptions } from '../run-fragment.ts';

type Pair = beam.KV<string, string>;

const JOIN: beam.CombineFn<string, string[], string> = {
  createAccumulator: () => [],
  addInput(texts, text) {
    texts.push(text);
    return texts;
  },
  mergeAccumulators: (all) => all.flat(),
  extractOutput: (texts) => texts.join(),
};

const context = {
  value: beam.valueState<string>(),
  bag: beam.bagState<string>(),
  set: beam.setState<string>(),
  map: beam.mapState<string, number>(),
  multimap: beam.multimapState<number, string>(),
  all: beam.combiningState(JOIN),
  list: beam.orderedListState<string>(),
  end: beam.eventTimeTimer(),
  window: beam.windowParam(),
};

/** Keeps each text in state of every kind; forgets some, and emits all at the window's end. */
const keep: beam.DoFn<Pair, unknown, typeof context> = {
  process({ value: text }, { value, bag, set, map, multimap, all, list, end, window }) {
    if (text.length % 7 === 0) for (const state of [bag, multimap, all]) state.clear();
    value.write(`${value.read() ?? ''}${text.slice(0, 3)}`);
    bag.add(text);
    set.add(text.slice(0, 5));
    map.put(text.slice(0, 2), (map.get(text.slice(0, 2)) ?? 0) + 1);
    multimap.put(text.length % 3, text);
    all.add(text);
    list.add({ timestamp: text.length, value: text });
    end.set(beam.maxTimestamp(window.lookup()));
  },
  onTimer: ({ key }, { value, bag, set, map, multimap, all, list }) => [
    {
      key,
      value: value.read(),
      bag: [...bag.read()],
      set: [...set.read()],
      map: [...map.entries()],
      multimap: [...multimap.entries()],
      all: all.read(),
      list: [...list.read()],
    },
  ],
};

const stateful = (texts: readonly (readonly [key: string, text: string, second: number])[]) =>
  beam
    .pipeline()
    .apply(beam.create(texts))
    .apply(beam.assignTimestamps(([, , second]) => second * 1000))
    .map(([key, text]): Pair => ({ key, value: text }))
    .apply(beam.windowInto(beam.windows.fixed({ seconds: 10 })))
    .apply(beam.parDo(keep, context));

test('state of every kind does not depend on whether it was spilled', async () => {
  const spillFolder = await temporaryFolder();
  let spills = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(
          fc.constantFrom('a', 'b', 'ü'),
          fc
            .tuple(fc.string({ maxLength: 4 }), fc.nat({ max: 1500 }))
            .map(([text, n]) => text + 'ü'.repeat(n)),
          fc.nat({ max: 30 }),
        ),
        { minLength: 20, maxLength: 60 },
      ),
      fc.constantFrom(4000, 30_000),
      async (texts, memoryBudget) => {
        const run = async (options: CollectOptions) =>
          await collect(stateful(texts), { bundleSize: 7, ...options });
        const whole = await run({});
        const spilled = await run({ memoryBudget: memoryBudget * 10, spillFolder });
        spills += spilled.memory.spills;
        expect(spilled.values).toEqual(whole.values);
        expect(await readdir(spillFolder)).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
  expect(spills).toBeGreaterThan(10);
});
