import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import type { PCollection } from '../../../runtime/src/index.ts';
import type { ElementSink } from '../../../runtime/src/engine/run.ts';
import { collect } from './run-fragment.ts';

const numbers = (count: number) =>
  beam.pipeline().apply(beam.create(Array.from({ length: count }, (_, index) => index)));

/** A sink that counts, and notes whether it was closed. */
function counting() {
  const seen = { count: 0, isClosed: false };
  const sink: ElementSink = {
    add: () => {
      seen.count += 1;
    },
    close: () => void (seen.isClosed = true),
  };
  return { seen, sink };
}

test('a limited sink stops what is upstream, and is not closed', async () => {
  let calls = 0;
  const target = numbers(100_000)
    .map((n) => {
      calls++;
      return n;
    })
    .filter((n) => n % 2 === 0);
  const result = await collect(target, { limit: 5 });
  expect(result.values).toEqual([0, 2, 4, 6, 8]);
  expect(result).toMatchObject({ stoppedEarly: true, isClosed: false });
  expect(calls).toBe(9);
});

test('an early stop closes generators and tears DoFns down', async () => {
  const calls: string[] = [];
  const target = numbers(3)
    .flatMap(function* (n) {
      try {
        for (;;) yield n;
      } finally {
        calls.push('finally');
      }
    })
    .apply(
      beam.parDo({
        process: (n: number) => [n],
        finishBundle: () => void calls.push('finishBundle'),
        teardown: () => void calls.push('teardown'),
      }),
    );
  const { values } = await collect(target, { limit: 3 });
  expect(values).toEqual([0, 0, 0]);
  expect(calls).toEqual(['finally', 'teardown']);
});

test('an infinite async generator stops too, and runs its finally block', async () => {
  let isClosed = false;
  const target = numbers(3).flatMap(async function* (n) {
    try {
      for (;;) {
        await sleep(0);
        yield n;
      }
    } finally {
      isClosed = true;
    }
  });
  expect((await collect(target, { limit: 3 })).values).toEqual([0, 0, 0]);
  expect(isClosed).toBe(true);
});

test('a limit does not wait for a source that is slow to give more', async () => {
  const p = beam.pipeline();
  const slow = p.addPrimitive({
    label: 'Slow',
    spec: {
      kind: 'read',
      source: {
        shards: () => Promise.resolve([{ description: 'all' }]),
        async read(_shard, { emit, signal }) {
          await emit(1, 0);
          await new Promise((_, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason as Error)),
          );
        },
        fingerprint: () => Promise.resolve(''),
      },
    },
    inputs: [],
  }).main as PCollection<number>;
  const target = slow.map((n) => sleep(1).then(() => n));
  expect((await collect(target, { limit: 1 })).values).toEqual([1]);
});

test('a limit of as many as there are still says that it stopped early', async () => {
  expect(await collect(numbers(3), { limit: 3 })).toMatchObject({ values: [0, 1, 2], stoppedEarly: true });
  expect(await collect(numbers(3), { limit: 4 })).toMatchObject({ stoppedEarly: false, isClosed: true });
});

test('a limit of 0 runs nothing', async () => {
  let calls = 0;
  const result = await collect(
    numbers(3).map(() => calls++),
    { limit: 0 },
  );
  expect({ calls, ...result }).toMatchObject({ calls: 0, values: [], stoppedEarly: true });
});

test('other branches go on: an unlimited sink gets all, and the limited branch is not run for it', async () => {
  let calls = 0;
  const source = numbers(1000);
  const target = source.map((n) => {
    calls++;
    return n;
  });
  const { seen, sink } = counting();
  const { values } = await collect(target, { limit: 2, also: new Map([[source, sink]]) });
  expect(values).toEqual([0, 1]);
  expect(seen).toEqual({ count: 1000, isClosed: true });
  expect(calls).toBe(2);
});

test('a materialised shuffle output is written whole although what follows stops early', async () => {
  const counts = numbers(1000).apply(beam.countPerElement());
  const { seen, sink } = counting();
  const target = counts.apply(beam.keys());
  const { values, stoppedEarly } = await collect(target, { limit: 2, also: new Map([[counts, sink]]) });
  expect({ values, stoppedEarly, seen }).toEqual({
    values: [0, 1],
    stoppedEarly: true,
    seen: { count: 1000, isClosed: true },
  });
});

test('a stage that only a satisfied sink needs is never started', async () => {
  const p = beam.pipeline();
  let calls = 0;
  const first = p.apply(beam.create([1, 2, 3]));
  const second = p
    .apply(beam.create([4]))
    .map((n) => {
      calls++;
      return n;
    })
    .apply(beam.distinct());
  const { values } = await collect(beam.P([first, second]).apply(beam.flatten()), { limit: 2 });
  expect({ values, calls }).toEqual({ values: [1, 2], calls: 0 });
});

test('what changes the world sees all of its input, whatever the sink wants', async () => {
  let writes = 0;
  const source = numbers(100);
  const written = source.pipeline.addPrimitive({
    label: 'Write',
    spec: {
      kind: 'parDo',
      doFn: {
        process: (n: never) => {
          writes++;
          return [n];
        },
      },
      context: {},
      tags: [],
      hasEffects: true,
    },
    inputs: [source],
  }).main;
  expect(
    (
      await collect(
        written.map((n) => n),
        { limit: 1 },
      )
    ).values,
  ).toEqual([0]);
  expect(writes).toBe(100);
});
