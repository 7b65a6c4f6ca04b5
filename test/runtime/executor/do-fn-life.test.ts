import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

/** A DoFn that notes each call. */
function noting(failIn?: string) {
  const calls: string[] = [];
  const note = (call: string) => {
    calls.push(call);
    if (call === failIn) throw new Error(`boom in ${call}`);
  };
  const doFn = {
    name: 'Noting',
    setup: () => note('setup'),
    startBundle: () => note('startBundle'),
    process(n: number) {
      note(`process ${n}`);
      return [n];
    },
    finishBundle() {
      note('finishBundle');
      return [beam.windowedValue(-1)];
    },
    teardown: () => note('teardown'),
  };
  return { calls, doFn };
}

test('a DoFn lives as in Beam, and finishBundle may emit', async () => {
  const { calls, doFn } = noting();
  const target = beam
    .pipeline()
    .apply(beam.create([1, 2]))
    .apply(beam.parDo(doFn));
  expect((await collect(target)).values).toEqual([1, 2, -1]);
  expect(calls).toEqual(['setup', 'startBundle', 'process 1', 'process 2', 'finishBundle', 'teardown']);
});

test.each(['setup', 'startBundle', 'process 2', 'finishBundle'])(
  'teardown runs after a failure in %s',
  async (failIn) => {
    const { calls, doFn } = noting(failIn);
    const target = beam
      .pipeline()
      .apply(beam.create([1, 2]))
      .apply(beam.parDo(doFn));
    await expect(collect(target)).rejects.toMatchObject({
      name: 'UserCodeError',
      transform: 'ParDo(Noting)',
      method: failIn.split(' ')[0],
      element: failIn === 'process 2' ? 2 : undefined,
      message: `"ParDo(Noting)" threw in ${failIn.split(' ')[0] ?? ''}: boom in ${failIn}`,
    });
    expect(calls.slice(-2)).toEqual([failIn, 'teardown']);
  },
);

test('a failing teardown fails a run, but never hides an earlier failure', async () => {
  const run = (process: () => number[]) =>
    collect(
      beam
        .pipeline()
        .apply(beam.create([1]))
        .apply(
          beam.parDo({
            process,
            teardown() {
              throw new Error('not closed');
            },
          }),
        ),
    );
  await expect(run(() => [])).rejects.toMatchObject({ method: 'teardown' });
  await expect(
    run(() => {
      throw new Error('first');
    }),
  ).rejects.toMatchObject({ method: 'process' });
});

test('a large input comes in several bundles', async () => {
  const { calls, doFn } = noting();
  const elements = Array.from({ length: 120_000 }, (_, index) => index);
  await collect(beam.pipeline().apply(beam.create(elements)).apply(beam.parDo(doFn)));
  const life = calls.filter((call) => !call.startsWith('process'));
  expect(life).toEqual([
    'setup',
    ...['startBundle', 'finishBundle', 'startBundle', 'finishBundle', 'startBundle', 'finishBundle'],
    'teardown',
  ]);
});

test('tagged outputs go to their PCollections', async () => {
  const { main, bad } = beam
    .pipeline()
    .apply(beam.create(['1', 'x', '2']))
    .apply(
      beam
        .parDo(function* (text: string) {
          if (Number.isNaN(Number(text))) yield new beam.TaggedOutput('bad', { text });
          else yield Number(text);
        })
        .withOutputs('bad'),
    );
  expect((await collect(main)).values).toEqual([1, 2]);
  expect((await collect(bad)).values).toEqual([{ text: 'x' }]);
});

test('an undeclared tag, a string and a number are refused by name', async () => {
  const input = beam.pipeline().apply(beam.create(['ab']));
  const run = (process: (text: string) => unknown) =>
    // What TypeScript refuses, a plain JavaScript cell can do.
    collect(input.apply(beam.parDo(process as (text: string) => string[])));
  await expect(run(() => [new beam.TaggedOutput('bad', 1)])).rejects.toThrow(
    'Cannot emit to an output of "ParDo(process)" as its tag must be one of "main": received "bad"'.replace(
      '(process)',
      '',
    ),
  );
  await expect(run((text) => text)).rejects.toThrow(
    'Cannot emit what "ParDo" returned as process must return an iterable of elements: received the string "ab"',
  );
  await expect(collect(input.flatMap(() => 7 as unknown as string[]))).rejects.toThrow(
    'Cannot emit what "FlatMap" returned as flatMap must return an iterable of elements: received the number 7',
  );
  await expect(collect(input.flatMap((text) => text))).rejects.toBeInstanceOf(beam.PipelineError);
  expect((await collect(input.apply(beam.parDo(() => undefined)))).values).toEqual([]);
});

test('finishBundle must emit windowed values', async () => {
  const doFn = {
    process: () => undefined,
    finishBundle: () => [3] as unknown as beam.WindowedValue<number>[],
  };
  const target = beam
    .pipeline()
    .apply(beam.create([1]))
    .apply(beam.parDo(doFn));
  await expect(collect(target)).rejects.toThrow('as it must emit windowed values: received the number 3');
});

test('counters are summed by full name', async () => {
  const target = beam
    .pipeline()
    .apply(beam.create(['a', 'bb']))
    .map(
      (line, { lines, letters }) => {
        lines.increment();
        letters.increment(line.length);
        return line;
      },
      { lines: beam.counter('lines'), letters: beam.counter('letters') },
    );
  expect((await collect(target)).counters).toEqual({ Map: { lines: 2, letters: 3 } });
});
