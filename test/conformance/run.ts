import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { CASES } from './cases.ts';
import { difference } from './compare.ts';
import { expectedOutputs } from './expected.ts';
import { writeInputFiles } from './inputs.ts';
import { runCase } from './run-case.ts';
import { RUNNERS, startRunner, type RunnerName, type StartedRunner } from './run-on.ts';
import { table, type Row } from './table.ts';

/** What came of a pipeline on a runner: "pass", or why not. */
type Verdict = string;

const { values: given, positionals } = parseArgs({
  options: { json: { type: 'string' }, runner: { type: 'string' }, verbose: { type: 'boolean' } },
  allowPositionals: true,
});
const wanted = given.runner?.split(',') ?? RUNNERS;
const unknown = wanted.find((name) => !(RUNNERS as readonly string[]).includes(name));
if (unknown !== undefined) {
  throw new RangeError(`Cannot run conformance as runners are ${RUNNERS.join(', ')}: received ${unknown}`);
}
const runners = RUNNERS.filter((name) => wanted.includes(name));
const cases = CASES.filter(
  ({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)),
);

// Jobs show themselves; here a line for each is enough.
if (given.verbose !== true) {
  Object.assign(globalThis, { [Symbol.for('millrace.notebook')]: silentNotebook() });
}

const folder = mkdtempSync(path.join(tmpdir(), 'millrace-conformance-'));
try {
  const files = path.join(folder, 'files');
  writeInputFiles(files);
  console.error('Beam Python computes what is expected');
  const expected = await expectedOutputs(files);
  const rows: Row[] = cases.map(({ name }) => ({ name, verdicts: {} }));
  for (const runner of runners) await judge(runner);
  console.log(table(rows, runners));
  if (given.json !== undefined) {
    mkdirSync(path.dirname(path.resolve(given.json)), { recursive: true });
    const json = { runners, cases: rows.map(({ name, verdicts }) => ({ name, ...verdicts })) };
    writeFileSync(given.json, `${JSON.stringify(json, undefined, 2)}\n`);
  }
  process.exitCode = rows.every(({ verdicts }) => Object.values(verdicts).every(isFine)) ? 0 : 1;

  async function judge(runner: RunnerName): Promise<void> {
    const started = await startRunner(runner).catch((error: unknown) => textOf(error));
    try {
      for (const [index, one] of cases.entries()) {
        const from = performance.now();
        const verdict = typeof started === 'string' ? started : await judgeCase(started, { runner, index });
        const row = rows[index];
        if (row !== undefined) row.verdicts[runner] = verdict;
        console.error(
          `${runner}: ${one.name}: ${verdict} (${((performance.now() - from) / 1000).toFixed(1)} s)`,
        );
      }
    } finally {
      if (typeof started !== 'string') await started.stop();
    }
  }

  async function judgeCase(
    started: StartedRunner,
    { runner, index }: { readonly runner: RunnerName; readonly index: number },
  ): Promise<Verdict> {
    const one = cases[index];
    if (one === undefined) return 'no such case';
    const wantedOutputs = expected[one.name];
    if (wantedOutputs === undefined) return 'beam_pipelines.py has no such pipeline';
    const own = path.join(folder, runner, String(index));
    const out = path.join(own, 'out');
    mkdirSync(out, { recursive: true });
    writeInputFiles(path.join(own, 'files'));
    try {
      const outputs = await runCase(one, { run: (p) => started.run(p), files: path.join(own, 'files'), out });
      return difference(wantedOutputs, outputs) ?? 'pass';
    } catch (error) {
      if (given.verbose === true) console.error(error);
      return textOf(error);
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
// A connection to a runner may be kept open for a while.
process.exit();

function silentNotebook(): object {
  const nothing = (): void => undefined;
  return { display: nothing, clearOutput: nothing, signal: new AbortController().signal, executionCount: 0 };
}

/** A runner that is not on this machine fails nothing, but where continuous integration should have installed it. */
function isFine(verdict: Verdict): boolean {
  const { CI } = process.env;
  return verdict === 'pass' || (/^\w+ missing \(/.test(verdict) && (CI ?? '') === '');
}

function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
