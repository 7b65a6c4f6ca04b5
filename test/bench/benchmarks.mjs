import { mkdirSync } from 'node:fs';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { compare } from './compare.mjs';
import { compareHarnesses } from './harness.mjs';
import { wordsFile } from './words-file.mjs';

const execute = promisify(execFile);

/** @param {string} name */
const programAt = (name) => fileURLToPath(new URL(name, import.meta.url));

/** @type {(label: string, elements: number, runs: number) => import('../../scripts/bench.mjs').Benchmark} */
const firstCollect = (label, elements, runs) => ({
  name: `first-collect-${label}`,
  baseline: 'the same grouping by hand, with a Map',
  run: () =>
    compare({
      ours: [programAt('first-collect.mjs'), `${elements}`],
      baseline: [programAt('first-collect-by-hand.mjs'), `${elements}`],
      runs,
    }),
});

/** Counts of two million events, in windows or sessions. */
const EVENTS = 2_000_000;

/** @type {(name: string, baseline: string) => import('../../scripts/bench.mjs').Benchmark} */
const eventTime = (name, baseline) => ({
  name,
  baseline,
  run: () =>
    compare({
      ours: [programAt(`${name}.mjs`), `${EVENTS}`],
      baseline: [programAt(`${name}-by-hand.mjs`), `${EVENTS}`],
      runs: 5,
    }),
});

/** @type {(name: string, elements: number, baseline: string) => import('../../scripts/bench.mjs').Benchmark} */
const loop = (name, elements, baseline) => ({
  name,
  baseline,
  run: () =>
    compare({
      ours: [programAt(`${name}.mjs`), `${elements}`],
      baseline: [programAt(`${name}-by-hand.mjs`), `${elements}`],
      runs: 5,
    }),
});

/** 200 windows of 100 ms, of a sequence with 1,000 elements a second. */
const LATENCY = ['200', '100', '1000'];

/** @type {(quantile: 'median' | 'p99') => import('../../scripts/bench.mjs').Benchmark} */
const latency = (quantile) => ({
  name: `latency-${quantile}`,
  baseline: 'the same windows counted by hand in a timer; from the last element of a window to its count',
  run: async () => ({
    unit: 'ms',
    value: (await measureLatency('latency.mjs'))[quantile],
    baseline: (await measureLatency('latency-by-hand.mjs'))[quantile],
  }),
});

/**
 * @param {string} program
 * @returns {Promise<{ median: number, p99: number }>}
 */
async function measureLatency(program) {
  const { stdout } = await execute(process.execPath, [programAt(program), ...LATENCY]);
  return /** @type {{ median: number, p99: number }} */ (JSON.parse(stdout));
}

/**
 * All benchmarks, by the names that `npm run bench` takes.
 *
 * @type {readonly import('../../scripts/bench.mjs').Benchmark[]}
 */
export const benchmarks = [
  {
    name: 'word-count',
    baseline: 'a hand-written loop over the same 71 MB in one thread',
    run: async ({ folder }) => {
      mkdirSync(folder, { recursive: true });
      const file = await wordsFile(path.join(folder, 'words-v1.txt'));
      return compare({
        ours: [programAt('word-count.mjs'), file],
        baseline: [programAt('word-count-by-hand.mjs'), file],
        runs: 5,
      });
    },
  },
  firstCollect('10', 10, 9),
  firstCollect('100k', 100_000, 7),
  firstCollect('1m', 1_000_000, 5),
  eventTime('windows', 'a hand-written loop over the same events: a Map for each minute'),
  eventTime(
    'sessions',
    "a hand-written loop over the same events: each user's times sorted, and cut at gaps",
  ),
  loop('group', 5_000_000, 'a Map of arrays by hand: 5 M elements, 100 k string keys'),
  loop('combine', 5_000_000, 'a Map of sums by hand: 5 M elements, 100 k string keys'),
  loop('join', 1_000_000, 'a Map of the right side by hand: 1 M × 200 k on an integer key'),
  loop('chain', 10_000_000, 'five maps and a filter in one loop by hand: 10 M integers'),
  latency('median'),
  latency('p99'),
  {
    name: 'harness',
    baseline: "Beam Python's worker on the same job and runner; processor time an element",
    run: compareHarnesses,
  },
];
