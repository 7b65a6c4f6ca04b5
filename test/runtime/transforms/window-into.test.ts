import { describe, expect, expectTypeOf, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import type { PCollection } from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

const { triggers, windows } = beam;
const minute = windows.fixed({ minutes: 1 });
const at = (...times: readonly number[]) =>
  beam
    .pipeline()
    .apply(beam.create(times))
    .apply(beam.assignTimestamps((time) => time));

test('windowInto() keeps the element type, of a WindowFn of any element and of one of its own', () => {
  const ofNumbers: beam.WindowFn<number> = { assign: (time) => [beam.intervalWindow(time, time + 1)] };
  expectTypeOf(at(1).apply(beam.windowInto(minute))).toEqualTypeOf<PCollection<number>>();
  expectTypeOf(at(1).apply(beam.windowInto(ofNumbers))).toEqualTypeOf<PCollection<number>>();
  const texts = beam.pipeline().apply(beam.create(['a']));
  // @ts-expect-error -- texts are no numbers
  texts.apply(beam.windowInto(ofNumbers));
});

test('windowInto() drops what is in no window, and takes each window of an element', async () => {
  const gaps = windows.sliding({ size: 2, period: 10 });
  expect((await collect(at(0, 1, 2, 11).apply(beam.windowInto(gaps)))).values).toEqual([0, 1, 11]);
  const twice = at(7).apply(beam.windowInto(windows.sliding({ size: 10, period: 5 })));
  expect((await collect(twice.apply(beam.windowInto(windows.global())))).values).toEqual([7, 7]);
});

describe('windowInto() refuses', () => {
  test.each([
    {
      name: 'a trigger without an accumulation mode',
      options: { trigger: triggers.repeatedly(triggers.afterCount(1)) },
      message:
        "as accumulationMode must be given with a trigger, 'discarding' or 'accumulating': received none",
    },
    {
      name: 'a trigger that may lose data',
      options: { trigger: triggers.afterCount(2), accumulationMode: 'discarding' as const },
      message: 'as the trigger must go on for as long as a window takes elements: received afterCount(2)',
    },
    {
      name: 'an accumulation mode that there is not',
      options: { accumulationMode: 'both' as never },
      message:
        "as accumulationMode must be one of 'discarding', 'accumulating': received the string \"both\"",
    },
    {
      name: 'a negative lateness',
      options: { allowedLateness: { seconds: -1 } },
      message: 'as allowedLateness must be a duration of at least 0 ms',
    },
  ])('$name', ({ options, message }) => {
    expect(() => beam.windowInto(minute, options)).toThrow(message);
  });

  test('what is no WindowFn', () => {
    expect(() => beam.windowInto(60_000 as never)).toThrow(
      'Cannot window elements as windowInto takes a WindowFn, such as beam.windows.fixed({ minutes: 1 }): received the number 60000',
    );
  });

  test('nothing unsafe where that is allowed', () => {
    const options = { trigger: triggers.afterCount(2), accumulationMode: 'discarding' } as const;
    expect(beam.windowInto(minute, { ...options, allowUnsafeTrigger: true }).name).toBe(
      'WindowInto(FixedWindows)',
    );
  });
});

test('windowInto() names the WindowFn, the window and the element when it assigns no windows', async () => {
  const wrong: beam.WindowFn<number> = { assign: () => [{ kind: 'interval', start: 5, end: 5 }] };
  await expect(collect(at(3).apply(beam.windowInto(wrong)))).rejects.toThrow(
    /assign must give an array of windows .*: received an object with kind, start, end for the number 3/,
  );
});

test('assignTimestamps() refuses what is no time, and says how to make one', async () => {
  const dates = beam.pipeline().apply(beam.create([new Date(0)]));
  const wrong = dates.apply(beam.assignTimestamps((date) => date as unknown as number));
  await expect(collect(wrong)).rejects.toMatchObject({
    message: expect.stringContaining('received a Date for an instance of Date') as string,
    hint: 'Give date.getTime()',
  });
  const late = dates.apply(beam.assignTimestamps(async (date) => Promise.resolve(date.getTime() + 0.7)));
  expect((await collect(late.apply(beam.reify()))).values).toMatchObject([{ timestamp: 0 }]);
});

test('reify() gives one element for each window', async () => {
  const reified = at(7)
    .apply(beam.windowInto(windows.sliding({ size: 10, period: 5 })))
    .apply(beam.reify());
  expect((await collect(reified)).values).toMatchObject([
    { value: 7, timestamp: 7, window: { start: 0, end: 10 }, pane: { timing: 'unknown' } },
    { value: 7, timestamp: 7, window: { start: 5, end: 15 }, pane: { timing: 'unknown' } },
  ]);
});

test('combineGlobally() refuses windows, unless it need not have a result for no elements', async () => {
  const windowed = at(1, 2).apply(beam.windowInto(minute));
  expect(() => windowed.apply(beam.combineGlobally(beam.sum()))).toThrow(
    'as the result for no elements must have one window: received windows or a trigger',
  );
  const sums = windowed.apply(beam.combineGlobally(beam.sum(), { withoutDefaults: true }));
  expect((await collect(sums)).values).toEqual([3]);
});

test('flatten() refuses inputs in windows of different kinds, and names both', () => {
  const p = beam.pipeline();
  const [a, b] = [1, 2].map((n) => p.apply(beam.create([n])));
  if (a === undefined || b === undefined) throw new Error('two');
  expect(() => beam.P([a, b.apply(beam.windowInto(minute))]).apply(beam.flatten())).toThrow(
    'received GlobalWindows (from "Create") and FixedWindows (from "WindowInto(FixedWindows)")',
  );
  const same = [a, b].map((each) => each.apply(beam.windowInto(windows.fixed({ minutes: 1 }))));
  expect(beam.P(same).apply(beam.flatten()).windowing.windowFn.name).toBe('FixedWindows');
});

test('groupByKey() refuses an input that need not end, in the global window with the default trigger', () => {
  const stream = beam
    .pipeline()
    .apply(beam.generateSequence())
    .map((value) => ({ key: 'k', value }));
  expect(() => stream.apply(beam.groupByKey())).toThrow(
    'as its input must end, or be in windows or have a trigger: received one that need not end',
  );
  expect(stream.apply(beam.windowInto(minute)).apply(beam.groupByKey()).isBounded).toBe(false);
});
