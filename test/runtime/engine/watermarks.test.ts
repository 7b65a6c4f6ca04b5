import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputWatermark, outputWatermark } from '../../../runtime/src/engine/watermarks.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from '../../../runtime/src/model/timestamp.ts';

test.each([
  { name: 'the least of several', previous: MIN_TIMESTAMP, upstream: [5, 3, 9], want: 3 },
  { name: 'the end of time for no input at all', previous: MIN_TIMESTAMP, upstream: [], want: MAX_TIMESTAMP },
  { name: 'what it was, where one upstream is behind', previous: 4, upstream: [3, 9], want: 4 },
])('inputWatermark() is $name', ({ previous, upstream, want }) => {
  expect(inputWatermark(previous, upstream)).toBe(want);
});

test.each([
  { name: 'the input', previous: 0, at: { input: 7, hold: MAX_TIMESTAMP, isDue: false }, want: 7 },
  { name: 'the hold, where that is less', previous: 0, at: { input: 7, hold: 5, isDue: false }, want: 5 },
  { name: 'what it was, while panes are due', previous: 2, at: { input: 7, hold: 5, isDue: true }, want: 2 },
  {
    name: 'what it was, where a hold is older',
    previous: 6,
    at: { input: 7, hold: 5, isDue: false },
    want: 6,
  },
])('outputWatermark() is $name', ({ previous, at, want }) => {
  expect(outputWatermark(previous, at)).toBe(want);
});

describe('watermarks', () => {
  const time = fc.integer({ min: -1000, max: 1000 });

  test('never go back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.array(time), time, fc.boolean())), (steps) => {
        let [input, output] = [MIN_TIMESTAMP, MIN_TIMESTAMP];
        for (const [upstream, hold, isDue] of steps) {
          const nextInput = inputWatermark(input, upstream);
          const nextOutput = outputWatermark(output, { input: nextInput, hold, isDue });
          expect(nextInput).toBeGreaterThanOrEqual(input);
          expect(nextOutput).toBeGreaterThanOrEqual(output);
          [input, output] = [nextInput, nextOutput];
        }
      }),
    );
  });
});
