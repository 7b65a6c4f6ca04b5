import { expect, test } from 'vitest';
import {
  BatchSizeEstimator,
  type BatchTargets,
} from '../../../../runtime/src/transforms/batch-elements/batch-size-estimator.ts';

/** The sizes of batches that have a fixed cost of 100 ms, and 2 ms for each element; with noise, every seventh one second more. */
function sizesOf(count: number, targets: Partial<BatchTargets>, hasNoise = false): number[] {
  const estimator = new BatchSizeEstimator({
    minBatchSize: 1,
    maxBatchSize: 5000,
    overhead: 0.05,
    duration: 10_000,
    durationWithFixedCost: undefined,
    variance: 0,
    random: () => 0.5,
    ...targets,
  });
  estimator.ignoreNext();
  return Array.from({ length: count }, (_, index) => {
    const size = estimator.nextSize();
    estimator.record(size, 100 + 2 * size + (hasNoise && index % 7 === 6 ? 1000 : 0));
    return size;
  });
}

const none = { overhead: undefined, duration: undefined };

// What Beam Python's _BatchSizeEstimator gives for the same.
test.each([
  { name: 'an overhead', targets: {}, want: [1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 950, 950, 950] },
  {
    name: 'a duration',
    targets: { ...none, minBatchSize: 10, maxBatchSize: 1000, duration: 500 },
    want: [10, 10, 20, 40, 80, 160, 249, 250, 249, 250],
  },
  {
    name: 'a duration with its fixed cost',
    targets: { ...none, minBatchSize: 10, maxBatchSize: 1000, durationWithFixedCost: 500 },
    want: [10, 10, 20, 40, 80, 160, 199, 199, 200, 200],
  },
  { name: 'one size', targets: { minBatchSize: 7, maxBatchSize: 7 }, want: [7, 7, 7, 7] },
])('BatchSizeEstimator finds the size for $name as Beam does', ({ targets, want }) => {
  const sizes = sizesOf(want.length, targets);
  // The last bits of a line differ from one way to compute it to another.
  for (const [at, size] of sizes.entries()) expect(Math.abs(size - (want[at] ?? 0))).toBeLessThanOrEqual(1);
});

test('BatchSizeEstimator leaves outliers out as Beam does', () => {
  const want = [1, 1, 2, 4, 8, 16, 32, 1, 2, 1, 2, 4, 8, 16, 32, 64, 101, 117, 148, 163, 177, 177, 191, 191];
  const sizes = sizesOf(want.length, {}, true);
  for (const [at, size] of sizes.entries()) expect(Math.abs(size - (want[at] ?? 0))).toBeLessThanOrEqual(1);
});

test('BatchSizeEstimator stays between the least and the most for thousands of batches', () => {
  let seed = 1;
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  for (const size of sizesOf(3000, { minBatchSize: 3, maxBatchSize: 60, variance: 1, random }, true)) {
    expect(size).toBeGreaterThanOrEqual(3);
    expect(size).toBeLessThanOrEqual(60);
    expect(Number.isInteger(size)).toBe(true);
  }
});
