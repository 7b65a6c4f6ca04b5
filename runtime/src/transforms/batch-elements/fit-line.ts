/** What a batch took. */
export interface Timing {
  /** Of the batch: elements, or what they count for. */
  readonly size: number;
  readonly ms: number;
}

/** Time as a line over size, in milliseconds. */
export interface Line {
  readonly fixed: number;
  readonly each: number;
}

/** The line with the least squares of differences, each timing as often as its weight says; all alike, unless told. */
export function fitLine(
  timings: readonly Timing[],
  weightOf: (timing: Timing, index: number) => number = () => 1,
): Line {
  let weights = 0;
  let sizes = 0;
  let times = 0;
  for (const [index, timing] of timings.entries()) {
    const weight = weightOf(timing, index);
    weights += weight;
    sizes += weight * timing.size;
    times += weight * timing.ms;
  }
  const size = sizes / weights;
  const ms = times / weights;
  let spread = 0;
  let together = 0;
  for (const [index, timing] of timings.entries()) {
    const weight = weightOf(timing, index);
    spread += weight * (timing.size - size) ** 2;
    together += weight * (timing.size - size) * (timing.ms - ms);
  }
  // Through one size many lines go: that of no fixed cost is taken.
  if (spread === 0) return size === 0 ? { fixed: ms, each: 0 } : { fixed: 0, each: ms / size };
  const each = together / spread;
  return { fixed: ms - each * size, each };
}

/** A timing that is further away, by Cook's distance, is an outlier. */
const FURTHEST = 0.5;

/**
 * The same without outliers, and with small batches weighing more: they tell more of the fixed cost.
 *
 * @see https://en.wikipedia.org/wiki/Cook%27s_distance
 */
export function fitLineWithoutOutliers(timings: readonly Timing[]): Line {
  const line = fitLine(timings);
  const count = timings.length;
  const first = timings[0]?.size;
  if (timings.every(({ size }) => size === first)) return line;
  const errors = timings.map(({ size, ms }) => line.fixed + line.each * size - ms);
  const variance = errors.reduce((sum, error) => sum + error ** 2, 0) / (count - 2);
  if (variance === 0) return line;
  const mean = timings.reduce((sum, { size }) => sum + size, 0) / count;
  const spread = timings.reduce((sum, { size }) => sum + (size - mean) ** 2, 0);
  const distances = timings.map(({ size }, index) => {
    const leverage = 1 / count + (size - mean) ** 2 / spread;
    return ((0.5 / variance) * (errors[index] ?? 0) ** 2 * leverage) / (1 - leverage) ** 2;
  });
  const weightOf = ({ size }: Timing, index: number) =>
    (distances[index] ?? 0) <= FURTHEST ? 1 / size ** 2 : 0;
  const refined = fitLine(timings, weightOf);
  return Number.isFinite(refined.each) ? refined : line; // all of them were outliers, or of no size
}
