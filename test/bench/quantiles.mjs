/**
 * The median and the 99th percentile, by the nearest rank.
 *
 * @param {readonly number[]} values
 */
export function quantiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  /** @param {number} part */
  const at = (part) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? NaN;
  return { median: at(0.5), p99: at(0.99) };
}

/** When `performance.now()` was 0, by `Date.now()`: which rounds down, so that the largest difference is the nearest. */
const ORIGIN = (() => {
  let origin = -Infinity;
  const until = performance.now() + 50;
  while (performance.now() < until) origin = Math.max(origin, Date.now() - performance.now());
  return origin;
})();

/** What `Date.now()` says, with fractions: `performance.timeOrigin` may be a millisecond off it. */
export function preciseNow() {
  return ORIGIN + performance.now();
}
