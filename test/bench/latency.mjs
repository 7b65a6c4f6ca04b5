// Prints how long it takes from the end of a window to its count, with Millrace: median and p99, in milliseconds.
import * as beam from 'millrace';
import * as ib from 'millrace/interactive';
import { preciseNow, quantiles } from './quantiles.mjs';

const [windows = 0, windowMs = 0, perSecond = 0] = process.argv.slice(2).map(Number);
/** @type {number[]} */
const latencies = [];
const counts = beam
  .pipeline('latency')
  .apply(beam.generateSequence({ rate: { elements: perSecond, per: { seconds: 1 } } }))
  .apply(beam.windowInto(beam.windows.fixed(windowMs)))
  .map(() => ({ key: 'all', value: 1 }))
  .apply(beam.combinePerKey(beam.count()))
  .apply(beam.reify())
  .map(({ window }) => {
    if (window.kind === 'interval') latencies.push(preciseNow() - window.end);
    return latencies.length;
  });
await ib.collect(counts, { n: windows });
console.log(JSON.stringify(quantiles(latencies)));
process.exit(0);
