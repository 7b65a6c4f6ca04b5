// Prints the same of a loop by hand: a timer that counts what is due since it last ran, and counts that are logged when their
// window is over.
import { preciseNow, quantiles } from './quantiles.mjs';

const [windows = 0, windowMs = 0, perSecond = 0] = process.argv.slice(2).map(Number);
/** @type {number[]} */
const latencies = [];
/** @type {Map<number, number>} */
const counts = new Map();
const startedAt = Date.now();
let next = 0;
await new Promise((resolve) => {
  const tick = () => {
    const now = Date.now();
    for (; startedAt + (next * 1000) / perSecond <= now; next++) {
      const start = Math.floor((startedAt + (next * 1000) / perSecond) / windowMs) * windowMs;
      counts.set(start, (counts.get(start) ?? 0) + 1);
    }
    for (const start of counts.keys()) {
      if (start + windowMs > now) continue;
      counts.delete(start);
      latencies.push(preciseNow() - start - windowMs);
    }
    if (latencies.length < windows) setTimeout(tick, startedAt + (next * 1000) / perSecond - Date.now());
    else resolve(undefined);
  };
  tick();
});
console.log(JSON.stringify(quantiles(latencies)));
