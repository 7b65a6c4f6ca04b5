// Prints how long it takes from the last element of a window to the window's count, with Millrace: median and p99, in milliseconds.
import * as beam from 'millrace';
import * as ib from 'millrace/interactive';
import { preciseNow, quantiles } from './quantiles.mjs';

const [windows = 0, windowMs = 0, perSecond = 0] = process.argv.slice(2).map(Number);
/** @type {number[]} */
const latencies = [];
/**
 * Counts, and keeps the latest timestamp: that of the element after which nothing more can come to the window.
 *
 * @typedef {{ readonly count: number, readonly latest: number }} Held
 * @type {beam.CombineFn<number, Held, Held>}
 */
const countAndLatest = {
  createAccumulator: () => ({ count: 0, latest: -Infinity }),
  addInput: ({ count, latest }, timestamp) => ({ count: count + 1, latest: Math.max(latest, timestamp) }),
  mergeAccumulators: (several) => ({
    count: several.reduce((sum, { count }) => sum + count, 0),
    latest: Math.max(...several.map(({ latest }) => latest)),
  }),
  extractOutput: (held) => held,
};
const counts = beam
  .pipeline('latency')
  .apply(beam.generateSequence({ rate: { elements: perSecond, per: { seconds: 1 } } }))
  .apply(beam.windowInto(beam.windows.fixed(windowMs)))
  .map((_, { timestamp }) => ({ key: 'all', value: timestamp.lookup() }), {
    timestamp: beam.timestampParam(),
  })
  .apply(beam.combinePerKey(countAndLatest))
  .map(({ value }) => {
    latencies.push(preciseNow() - value.latest);
    return latencies.length;
  });
await ib.collect(counts, { n: windows });
console.log(JSON.stringify(quantiles(latencies)));
process.exit(0);
