import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

type Pair = beam.KV<string, number>;

test('groupIntoBatches() loses nothing, and fills all batches but the last of each key', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ key: fc.constantFrom('a', 'ü'), value: fc.integer() }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 7 }),
      async (pairs, batchSize) => {
        const out = beam
          .pipeline()
          .apply(beam.create<Pair>(pairs))
          .apply(beam.groupIntoBatches({ batchSize }));
        const { values } = await collect(out, { bundleSize: 3 });
        for (const name of ['a', 'ü']) {
          const batches = values.filter(({ key }) => key === name).map(({ value }) => value);
          expect(batches.flat()).toEqual(pairs.filter(({ key }) => key === name).map(({ value }) => value));
          for (const batch of batches.slice(0, -1)) expect(batch).toHaveLength(batchSize);
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('groupIntoBatches() emits what has waited long enough, and starts anew', async () => {
  const of = (...values: number[]) => values.map((value): Pair => ({ key: 'a', value }));
  const stream = beam
    .testStream<Pair>()
    .addElements(of(1, 2))
    .advanceProcessingTime({ seconds: 6 })
    .addElements(of(3))
    .advanceProcessingTime({ seconds: 4 })
    .addElements(of(4))
    .advanceProcessingTime({ seconds: 2 })
    .addElements(of(5, 6, 7))
    .advanceWatermarkToInfinity();
  const out = beam
    .pipeline()
    .apply(stream)
    .apply(beam.groupIntoBatches({ batchSize: 3, maxBufferingDuration: { seconds: 5 } }));
  expect((await collect(out)).values.map(({ value }) => value)).toEqual([
    [1, 2],
    [3, 4],
    [5, 6, 7],
  ]);
});

test.each([0, 1.5, Number.NaN, '2'])('groupIntoBatches() refuses batches of %s', (batchSize) => {
  expect(() => beam.groupIntoBatches({ batchSize: batchSize as number })).toThrow(
    `Cannot group into batches as a batch must have a whole number of elements, at least 1: received ${batchSize}`,
  );
});
