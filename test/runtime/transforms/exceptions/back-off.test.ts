import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backOffMs, backOffOf } from '../../../../runtime/src/transforms/exceptions/back-off.ts';

test('backOffMs() doubles from retry to retry up to the longest wait, at the most', () => {
  const backOff = backOffOf({ initial: 100, max: { seconds: 1 } }, 'retry');
  expect([1, 2, 3, 4, 5, 5000].map((retry) => backOffMs(backOff, retry, () => 1))).toEqual([
    100, 200, 400, 800, 1000, 1000,
  ]);
});

test('backOffMs() is between half of that and all of it', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 1e6 }),
      fc.double({ min: 1, max: 10, noNaN: true }),
      fc.nat({ max: 1e6 }),
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (initial, factor, max, retry, random) => {
        const whole = backOffMs({ initial, factor, max }, retry, () => 1);
        const ms = backOffMs({ initial, factor, max }, retry, () => random);
        expect(whole).toBeLessThanOrEqual(max);
        expect(ms).toBeGreaterThanOrEqual(whole / 2);
        expect(ms).toBeLessThanOrEqual(whole);
      },
    ),
  );
});
