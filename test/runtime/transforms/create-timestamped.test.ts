import { expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import { collect } from '../engine/run-fragment.ts';

test('createTimestamped() puts values at their times, and into windows by them', async () => {
  const elements = [
    { value: 'a', timestamp: -1 },
    { value: 'b', timestamp: 12 },
  ];
  const made = beam.pipeline().apply(beam.createTimestamped(elements));
  elements.pop();
  const windowed = made.apply(beam.windowInto(beam.windows.fixed(10))).apply(beam.reify());
  expect((await collect(windowed)).values).toMatchObject([
    { value: 'a', timestamp: -1, window: { start: -10, end: 0 } },
    { value: 'b', timestamp: 12, window: { start: 10, end: 20 } },
  ]);
});

test('createTimestamped() refuses what is no value with a timestamp', () => {
  const wrong = (elements: unknown) => () => beam.createTimestamped(elements as never);
  expect(wrong('ab')).toThrow(
    'Cannot create a PCollection as its elements must be an array: received the string "ab"',
  );
  expect(wrong([1])).toThrow('as each of its elements must be { value, timestamp }: received the number 1');
  expect(wrong([{ value: 1, timestamp: NaN }])).toThrow(RangeError);
});
