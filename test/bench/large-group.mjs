// Groups 50 million elements by 100,000 keys within a memory budget of 512 MB, and prints how long it took, the peak of the
// process's memory (RSS) and whether the checksum is right: node test/bench/large-group.mjs [elements] [budget in MB]
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as beam from 'millrace';
import * as ib from 'millrace/interactive';

const [elements = 50_000_000, megabytes = 512] = process.argv.slice(2).map(Number);
const KEYS = 100_000;
const folder = await mkdtemp(path.join(tmpdir(), 'millrace-bench-'));
ib.options.cacheRoot = folder;
let most = 0;
const spilled = () => readdir(path.join(folder, 'spill')).catch(() => []);
const watch = setInterval(() => {
  void spilled().then(({ length }) => (most = Math.max(most, length)));
}, 100);
/** @type {{ groups: number, values: number, sum: number, mixed: number }} */
const seen = { groups: 0, values: 0, sum: 0, mixed: 0 };
const started = performance.now();
const p = beam.pipeline('large group');
p.apply(beam.create([elements]))
  .flatMap(function* (count) {
    for (let n = 0; n < count; n++) yield n;
  })
  .map((n) => ({ key: `key-${(n * 7919) % KEYS}`, value: n }))
  .apply(beam.groupByKey())
  .map(({ key, value }) => {
    seen.groups += 1;
    const own = Number(key.slice(4));
    for (const n of value) {
      seen.values += 1;
      seen.sum += n;
      if ((n * 7919) % KEYS !== own) seen.mixed += 1;
    }
  });
await p.run({ memoryBudget: megabytes * 2 ** 20 });
const seconds = (performance.now() - started) / 1000;
clearInterval(watch);
const left = await spilled();
await rm(folder, { recursive: true, force: true });
const isRight =
  seen.groups === Math.min(KEYS, elements) &&
  seen.values === elements &&
  seen.sum === (elements * (elements - 1)) / 2 &&
  seen.mixed === 0;
console.log(
  JSON.stringify({
    elements,
    budgetMB: megabytes,
    seconds: Number(seconds.toFixed(1)),
    peakMB: Math.round(process.resourceUsage().maxRSS / 1024),
    isRight,
    mostSpilledFiles: most,
    filesLeft: left.length,
  }),
);
process.exit(isRight ? 0 : 1);
