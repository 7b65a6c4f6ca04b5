// Prints the same of a loop by hand: a timer that counts what is due since it last ran, and counts that are taken when nothing
// more can come to their window.
import { preciseNow, quantiles } from './quantiles.mjs';

const [windows = 0, windowMs = 0, perSecond = 0] = process.argv.slice(2).map(Number);
/** @type {number[]} */
const latencies = [];
/** @type {Map<number, { count: number, latest: number }>} By the starts of windows. */
const counts = new Map();
const startedAt = Date.now();
let next = 0;
await new Promise((resolve) => {
  const tick = () => {
    const now = Date.now();
    for (; startedAt + (next * 1000) / perSecond <= now; next++) {
      const latest = Math.floor(startedAt + (next * 1000) / perSecond);
      const start = Math.floor(latest / windowMs) * windowMs;
      counts.set(start, { count: (counts.get(start)?.count ?? 0) + 1, latest });
    }
    // Nothing comes before the next element.
    const over = startedAt + (next * 1000) / perSecond;
    for (const [start, { latest }] of counts) {
      if (start + windowMs > over) continue;
      counts.delete(start);
      latencies.push(preciseNow() - latest);
    }
    if (latencies.length < windows) setTimeout(tick, startedAt + (next * 1000) / perSecond - Date.now());
    else resolve(undefined);
  };
  tick();
});
console.log(JSON.stringify(quantiles(latencies)));
