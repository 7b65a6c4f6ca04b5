import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { atOnce } from './at-once.ts';
import { batchesOf } from './batches.ts';
import type { ConformanceCase } from './case.ts';
import { CASES } from './cases.ts';
import { expectedOutputs } from './expected.ts';
import { writeInputFiles } from './inputs.ts';
import { failed, judgeCases, type Verdict } from './judge-cases.ts';
import { isWanted } from './options.ts';
import type { Row } from './row.ts';
import type { Outputs } from './run-case.ts';
import { RUNNERS, startRunner, type RunnerName, type StartedRunner } from './run-on.ts';

/** How many jobs run at once: on a runner they wait for it most of their time. */
const JOBS_AT_ONCE: Readonly<Record<RunnerName, number>> = { embedded: 1, prism: 2, flink: 2 };

/** How many cases share a job. Here a run costs nothing beside its steps, and each case is a pipeline of its own. */
const CASES_A_JOB: Readonly<Record<RunnerName, number>> = { embedded: 1, prism: 12, flink: 8 };

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs the pipelines, runner by runner, and compares what comes out with Beam Python's; says each to stderr. */
export async function runPipelines({
  runners,
  names,
  isVerbose,
}: {
  readonly runners: readonly string[];
  readonly names: readonly string[];
  readonly isVerbose: boolean;
}): Promise<Row[]> {
  const cases = CASES.filter(({ name }) => isWanted(name, names));
  if (cases.length === 0) return [];
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-conformance-'));
  try {
    const files = path.join(folder, 'files');
    writeInputFiles(files);
    say('Beam Python computes what is expected');
    const expected = await expectedOutputs(files);
    const rows: Row[] = [];
    for (const runner of RUNNERS.filter((name) => runners.includes(name))) {
      rows.push(...(await runOn(runner, { cases, expected, folder, isVerbose })));
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Run {
  readonly cases: readonly ConformanceCase[];
  readonly expected: Readonly<Record<string, Outputs>>;
  readonly folder: string;
  readonly isVerbose: boolean;
}

async function runOn(runner: RunnerName, run: Run): Promise<Row[]> {
  const verdicts = await verdictsOn(runner, run);
  return run.cases.map((one) => {
    const verdict = verdicts.get(one) ?? failed('it has no verdict');
    return { suite: 'pipelines', case: one.name, runner, ...verdict };
  });
}

async function verdictsOn(
  runner: RunnerName,
  { cases, ...run }: Run,
): Promise<ReadonlyMap<ConformanceCase, Verdict>> {
  const started = await startRunner(runner).catch(failed);
  const verdicts = new Map<ConformanceCase, Verdict>();
  for (const one of cases) {
    const cannot = one.cannot?.[runner];
    if (cannot !== undefined) verdicts.set(one, { status: 'skip', reason: cannot });
    else if (typeof started === 'string') verdicts.set(one, notThere(started));
    else if ('status' in started) verdicts.set(one, started);
  }
  for (const [{ name }, verdict] of verdicts) sayVerdict(`${runner}: ${name}`, verdict);
  if (typeof started === 'object' && 'run' in started) {
    const left = cases.filter((one) => !verdicts.has(one));
    for (const [one, verdict] of await runAll(left, { runner, started, ...run })) verdicts.set(one, verdict);
  }
  return verdicts;
}

async function runAll(
  cases: readonly ConformanceCase[],
  {
    runner,
    started,
    isVerbose,
    ...run
  }: Omit<Run, 'cases'> & { readonly runner: RunnerName; readonly started: StartedRunner },
): Promise<ReadonlyMap<ConformanceCase, Verdict>> {
  // A runner is a process of its own, and would stay.
  const stopAndExit = () => void started.stop().finally(() => process.exit(1));
  for (const signal of SIGNALS) process.once(signal, stopAndExit);
  const verdicts = new Map<ConformanceCase, Verdict>();
  try {
    await atOnce(batchesOf(cases, CASES_A_JOB[runner]), JOBS_AT_ONCE[runner], async (batch) => {
      const from = performance.now();
      const judged = await judgeCases(batch, {
        ...run,
        run: (p) => started.run(p),
        onError: (error, { length }) => {
          if (isVerbose) console.error(error);
          if (length > 1) say(`${runner}: ${length} cases run alone, as one job: ${failed(error).reason}`);
        },
      });
      const seconds = ((performance.now() - from) / 1000).toFixed(1);
      const time = batch.length === 1 ? `${seconds} s` : `${seconds} s for ${batch.length} cases`;
      for (const [index, one] of batch.entries()) {
        const verdict = judged[index] ?? failed('it has no verdict');
        verdicts.set(one, verdict);
        sayVerdict(`${runner}: ${one.name}`, verdict, ` (${time})`);
      }
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, stopAndExit);
    await started.stop();
  }
  return verdicts;
}

/** A runner that is not on this machine fails nothing, but where continuous integration should have installed it. */
function notThere(reason: string): Verdict {
  const { CI = '' } = process.env;
  return { status: CI === '' ? 'skip' : 'fail', reason };
}

function sayVerdict(what: string, { status, reason }: Verdict, time = ''): void {
  say(`${what}: ${status} ${reason}`.trimEnd() + time);
}

/** Not console.error, which is the pipelines' own. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
