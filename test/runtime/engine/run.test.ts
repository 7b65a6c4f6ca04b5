import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunProgress } from '../../../runtime/src/engine/run.ts';
import * as beam from '../../../runtime/src/index.ts';
import type { PCollection } from '../../../runtime/src/index.ts';
import { collect } from './run-fragment.ts';

const create = <T>(elements: readonly T[]) => beam.pipeline().apply(beam.create(elements));

/** A source of shards of values. */
function read<T>(
  shards: readonly (readonly T[])[],
  onRead?: (signal: AbortSignal) => Promise<void>,
): PCollection<T> {
  const source = {
    shards: () =>
      Promise.resolve(shards.map((_, index) => ({ description: `shard ${index}`, bytes: 10, index }))),
    async read(
      { index }: { readonly index: number },
      {
        emit,
        signal,
      }: {
        readonly emit: (value: unknown, timestamp: number) => void | Promise<void>;
        readonly signal: AbortSignal;
      },
    ) {
      for (const value of shards[index] ?? []) await emit(value, 0);
      await onRead?.(signal);
    },
    fingerprint: () => Promise.resolve(''),
  };
  return beam.pipeline().addPrimitive({ label: 'Read', spec: { kind: 'read', source } as never, inputs: [] })
    .main as PCollection<T>;
}

test('run() counts words from lines to sums', async () => {
  const counts = create(['a b a', 'b', '', 'c a'])
    .flatMap((line) => line.split(' ').filter((word) => word !== ''))
    .apply(beam.countPerElement());
  const { values, isClosed, stoppedEarly } = await collect(counts);
  expect(values).toEqual([
    { key: 'a', value: 3 },
    { key: 'b', value: 2 },
    { key: 'c', value: 1 },
  ]);
  expect({ isClosed, stoppedEarly }).toEqual({ isClosed: true, stoppedEarly: false });
});

test('run() takes branches, diamonds and a flatten of the same PCollection twice', async () => {
  const source = create([1, 2]);
  const twice = source.map((n) => n * 10);
  const target = beam.P([source, twice, twice]).apply(beam.flatten());
  const { values, elements } = await collect(target);
  expect(values.toSorted((a, b) => a - b)).toEqual([1, 2, 10, 10, 20, 20]);
  expect([source, twice, target].map(({ id }) => elements.get(id))).toEqual([2, 2, 6]);
});

test('run() joins stages at a flatten, before and behind a shuffle', async () => {
  const p = beam.pipeline();
  const pair = (key: string) => ({ key, value: 1 });
  const a = p.apply(beam.create(['x', 'y'])).map(pair);
  const sums = p
    .apply(beam.create(['y', 'y']))
    .map(pair)
    .apply(beam.combinePerKey(beam.sum()));
  const target = beam.P([a, sums]).apply(beam.flatten()).apply(beam.groupByKey());
  expect((await collect(target)).values).toEqual([
    { key: 'x', value: [1] },
    { key: 'y', value: [1, 2] },
  ]);
});

test('run() flattens nothing to nothing', async () => {
  const p = beam.pipeline();
  const empty = p.addPrimitive({ label: 'Flatten', spec: { kind: 'flatten' }, inputs: [] }).main;
  expect(await collect(empty.apply(beam.countPerElement()))).toMatchObject({ values: [], isClosed: true });
});

test('run() reads an available PCollection instead of computing it', async () => {
  let calls = 0;
  const cached = create([1]).map(() => calls++);
  const target = cached.map((n) => n + 1);
  const { values, elements } = await collect(target, {
    available: new Map([
      [
        cached as PCollection<unknown>,
        {
          async read(receiver) {
            for (const { value, timestamp, windows, pane } of [7, 8].map((n) => beam.windowedValue(n))) {
              await receiver(value, timestamp, windows, pane);
            }
          },
        },
      ],
    ]),
  });
  expect({ values, calls }).toEqual({ values: [8, 9], calls: 0 });
  expect(elements.get(cached.id)).toBe(2);
});

test('groupByKey groups per window, and keeps the order of arrival', async () => {
  const window = (start: number) => [{ kind: 'interval', start, end: start + 10 } as const];
  const at = (value: number, start: number) =>
    beam.windowedValue({ key: 'k', value }, { windows: window(start) });
  const p = beam.pipeline();
  const elements = [at(1, 0), at(2, 10), at(3, 0)];
  const input = p.addPrimitive({ label: 'Create', spec: { kind: 'createWindowed', elements }, inputs: [] })
    .main as PCollection<beam.KV<string, number>>;
  const sums = input.apply(beam.combinePerKey(beam.sum()));
  expect((await collect(input.apply(beam.groupByKey()))).values).toEqual([
    { key: 'k', value: [1, 3] },
    { key: 'k', value: [2] },
  ]);
  expect((await collect(sums)).values.map(({ value }) => value)).toEqual([4, 2]);
});

test('groupByKey refuses elements that are no pairs, and keys without an encoding', async () => {
  // What TypeScript refuses, a plain JavaScript cell can do.
  const group = (element: unknown) =>
    collect(create([element as beam.KV<string, number>]).apply(beam.groupByKey()));
  await expect(group('a')).rejects.toThrow(
    'Cannot group by key in "GroupByKey" as its elements must be { key, value }: received the string "a"',
  );
  await expect(group({ key: 1 })).rejects.toThrow('received an object with key');
  await expect(group({ key: { of: new Map() }, value: 1 })).rejects.toMatchObject({
    name: 'NonDeterministicKeyError',
    transform: 'GroupByKey',
  });
  await expect(collect(create([new Set([1])]).apply(beam.countPerElement()))).rejects.toThrow(
    'Cannot group by key in "CountPerElement/CombinePerKey(Sum)"',
  );
});

test('groups do not depend on how the input is split in shards', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(fc.record({ key: fc.integer({ min: 0, max: 5 }), value: fc.integer() }), { maxLength: 50 }),
        {
          maxLength: 40,
        },
      ),
      async (shards) => {
        const input = read(shards);
        const expected = new Map<number, number[]>();
        for (const { key, value } of shards.flat()) expected.set(key, [...(expected.get(key) ?? []), value]);
        const grouped = (await collect(input.apply(beam.groupByKey()))).values;
        expect(grouped).toEqual(Array.from(expected, ([key, value]) => ({ key, value })));
        const sums = (await collect(input.apply(beam.combinePerKey(beam.sum())))).values;
        expect(sums).toEqual(
          Array.from(expected, ([key, values]) => ({ key, value: values.reduce((a, b) => a + b, 0) })),
        );
      },
    ),
    { numRuns: 50 },
  );
});

test('each shard of a source is one bundle', async () => {
  let bundles = 0;
  const target = read([[1, 2], [], [3]]).apply(
    beam.parDo({
      process: (n: number) => [n],
      finishBundle() {
        bundles += 1;
      },
    }),
  );
  expect((await collect(target)).values).toEqual([1, 2, 3]);
  expect(bundles).toBe(2);
});

test('a source that fails is named; what is downstream of it is not blamed on it', async () => {
  const target = read([[1]], () => Promise.reject(new Error('disk on fire')));
  await expect(collect(target)).rejects.toMatchObject({
    name: 'PipelineError',
    transform: 'Read',
    message: 'Cannot read "Read" as its source failed: disk on fire',
  });
  const throwing = read([[1]]).map(() => {
    throw new Error('mine');
  });
  await expect(collect(throwing)).rejects.toMatchObject({ name: 'UserCodeError', transform: 'Map' });
});

test('a failure aborts the source that is being read', async () => {
  let reason: unknown;
  const target = read(
    [[1]],
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
          reject(signal.reason as Error);
        });
      }),
  ).map(() => sleep(1).then(() => Promise.reject(new Error('late'))));
  await expect(collect(target)).rejects.toMatchObject({ name: 'UserCodeError', element: 1 });
  expect(reason).toBeInstanceOf(beam.UserCodeError);
});

test('an abort ends a run that never waits, and tears DoFns down', async () => {
  let isTorn = false;
  const target = create([1])
    .flatMap(function* () {
      for (;;) yield 1;
    })
    .apply(beam.parDo({ process: (n: number) => [n], teardown: () => void (isTorn = true) }));
  const interrupt = new AbortController();
  const reason = new beam.InterruptedError();
  setTimeout(() => interrupt.abort(reason), 60);
  await expect(
    collect(
      target.filter(() => false),
      { signal: interrupt.signal },
    ),
  ).rejects.toBe(reason);
  expect(isTorn).toBe(true);
});

test('an abort ends a run that waits for ever, also in setup and in a source', async () => {
  const never = () => new Promise<never>(() => undefined);
  const waiting = [
    create([1]).map(never),
    create([1]).apply(beam.parDo({ setup: never, process: () => undefined })),
    read([[1]], never),
  ];
  for (const target of waiting) {
    const interrupt = new AbortController();
    setTimeout(() => interrupt.abort(new beam.InterruptedError()), 5);
    await expect(collect(target, { signal: interrupt.signal })).rejects.toBeInstanceOf(beam.InterruptedError);
  }
});

test('an aborted signal starts nothing', async () => {
  let calls = 0;
  const signal = AbortSignal.abort(new beam.InterruptedError());
  await expect(
    collect(
      create([1]).map(() => calls++),
      { signal },
    ),
  ).rejects.toBeInstanceOf(beam.InterruptedError);
  expect(calls).toBe(0);
});

test('progress is reported while the run is busy, with what the source knows', async () => {
  const reports: RunProgress[] = [];
  const target = read([Array.from({ length: 30 }, (_, n) => n), [1]]).map((n) => {
    const until = performance.now() + 10;
    while (performance.now() < until);
    return n;
  });
  await collect(target, { onProgress: (progress) => reports.push(progress) });
  expect(reports.length).toBeGreaterThan(1);
  expect(reports[0]?.elements).toBeLessThan(31);
  expect(reports.at(-1)).toMatchObject({ stage: 'Read → Map', elements: 31, bytes: 20, totalBytes: 20 });
});

test('the time of each transform is told apart', async () => {
  const spend = (ms: number) => {
    const until = performance.now() + ms;
    while (performance.now() < until);
  };
  const slow = create(Array.from({ length: 200 }, (_, n) => n)).map((n) => {
    spend(1);
    return n;
  });
  const fast = slow.map((n) => n);
  const { transformMs } = await collect(fast);
  const of = (pcollection: PCollection<unknown>) => transformMs.get(pcollection.producer.id) ?? NaN;
  expect(of(slow)).toBeGreaterThan(100);
  expect(of(fast)).toBeLessThan(of(slow) / 4);
});

test('runPipeline runs all leaves, for their effects', async () => {
  const p = beam.pipeline('effects');
  const seen: string[] = [];
  const source = p.apply(beam.create(['a']));
  source.map((line) => seen.push(`first ${line}`));
  source.map(
    (line, { lines }) => {
      lines.increment();
      seen.push(`second ${line}`);
    },
    { lines: beam.counter('lines') },
  );
  const result = await p.run();
  expect(seen).toEqual(['first a', 'second a']);
  const nothing = { distributions: {}, gauges: {}, stringSets: {} };
  expect(result).toMatchObject({ state: 'DONE', counters: { 'Map 2': { lines: 1 } }, ...nothing });
  const lines = {
    step: 'Map 2',
    namespace: 'millrace',
    name: 'lines',
    committed: 1,
    attempted: 1,
    result: 1,
  };
  expect(result.metrics.query({ name: 'lines' })).toEqual({
    counters: [lines],
    distributions: [],
    gauges: [],
    stringSets: [],
  });
});

test('run() gives distributions, gauges and sets of strings, and refuses what is no whole number', async () => {
  const p = beam.pipeline();
  const context = {
    length: beam.distribution('length'),
    last: beam.gauge('last'),
    letters: beam.stringSet('letters'),
  };
  const words = p.apply(beam.create(['b', 'aaa', 'b', 'äö']));
  words.map((word, { length, last, letters }) => {
    length.update(word.length);
    last.set(word.length);
    letters.add(word.slice(0, 1));
  }, context);
  expect(await p.run()).toMatchObject({
    distributions: { Map: { length: { count: 4, sum: 7, min: 1, max: 3 } } },
    gauges: { Map: { last: 2 } },
    stringSets: { Map: { letters: ['a', 'b', 'ä'] } },
  });
  const half = beam.pipeline();
  half.apply(beam.create([0.5])).map((n, { length }) => length.update(n), context);
  await expect(half.run()).rejects.toThrow(
    'Cannot update the distribution "length" of "Map" as Beam takes whole numbers there: received 0.5',
  );
});
