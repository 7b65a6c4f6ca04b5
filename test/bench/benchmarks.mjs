import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare } from './compare.mjs';
import { compareHarnesses } from './harness.mjs';
import { wordsFile } from './words-file.mjs';

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
  {
    name: 'harness',
    baseline: "Beam Python's worker on the same job and runner; processor time an element",
    run: compareHarnesses,
  },
];
