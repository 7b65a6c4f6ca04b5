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
