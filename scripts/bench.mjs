#!/usr/bin/env node
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT, setUp } from './setup.mjs';

/**
 * One line of the result; `ratio` is value / baseline, below 1 where ours is the faster.
 *
 * @typedef {{ name: string, unit: string, value: number, baseline: number, ratio: number }} Row
 *
 * A benchmark: its name, what its baseline is, and how both are measured in one run.
 *
 * @typedef {object} Benchmark
 * @property {string} name
 * @property {string} baseline
 * @property {(options: { readonly folder: string }) => Promise<{ unit: string, value: number, baseline: number }>} run
 */

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });

await setUp({ withPeers: true });
const { benchmarks } = /** @type {{ benchmarks: readonly Benchmark[] }} */ (
  await import('../test/bench/benchmarks.mjs')
);

const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  console.error(
    `Cannot run ${unknown.join(', ')} as there are: ${benchmarks.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}

/** @type {Row[]} */
const rows = [];
for (const { name, baseline: against, run } of benchmarks) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const { unit, value, baseline } = await run({ folder: path.join(ROOT, '.setup/bench') });
  const row = { name, unit, value: round(value), baseline: round(baseline), ratio: round(value / baseline) };
  rows.push(row);
  const columns = [name.padEnd(20), `${row.value} ${unit}`.padEnd(14), `${row.baseline} ${unit}`.padEnd(14)];
  console.log(`${columns.join('')}× ${String(row.ratio).padEnd(8)} (${against})`);
}
if (values.json !== undefined) {
  writeFileSync(
    path.resolve(process.env.INIT_CWD ?? '.', values.json),
    `${JSON.stringify(rows, undefined, 2)}\n`,
  );
}

/**
 * Three significant digits: more would be noise.
 *
 * @param {number} value
 */
function round(value) {
  return Number(value.toPrecision(3));
}
