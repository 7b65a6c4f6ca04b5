import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { atOnce } from './at-once.ts';
import type { ConformanceCase } from './case.ts';
import { CASES } from './cases.ts';
import { difference } from './compare.ts';
import { expectedOutputs } from './expected.ts';
import { writeInputFiles } from './inputs.ts';
import { isWanted } from './options.ts';
import type { Row } from './row.ts';
import { runCase, type Outputs } from './run-case.ts';
import { RUNNERS, startRunner, type RunnerName, type StartedRunner } from './run-on.ts';

/** A runner that is not on this machine fails nothing, but where continuous integration should have installed it. */
const { CI = '' } = process.env;

/** How many jobs run at once: on a runner they wait for it most of their time. */
const JOBS_AT_ONCE: Readonly<Record<RunnerName, number>> = { embedded: 1, prism: 2, flink: 2 };

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type Verdict = Pick<Row, 'status' | 'reason'>;

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

async function runOn(runner: RunnerName, { cases, ...run }: Run): Promise<Row[]> {
  const started = await startRunner(runner).catch(failed);
  const stop = async () => {
    if (typeof started === 'object' && 'run' in started) await started.stop();
  };
  // A runner is a process of its own, and would stay.
  const stopAndExit = () => void stop().finally(() => process.exit(1));
  for (const signal of SIGNALS) process.once(signal, stopAndExit);
  try {
    return await atOnce(cases, JOBS_AT_ONCE[runner], async (one): Promise<Row> => {
      const from = performance.now();
      const verdict = await verdictOn(started, { ...run, one, runner });
      const seconds = ((performance.now() - from) / 1000).toFixed(1);
      say(`${runner}: ${one.name}: ${verdict.status} ${verdict.reason}`.trimEnd() + ` (${seconds} s)`);
      return { suite: 'pipelines', case: one.name, runner, ...verdict };
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, stopAndExit);
    await stop();
  }
}

async function verdictOn(
  started: StartedRunner | string | Verdict,
  {
    one,
    runner,
    expected,
    folder,
    isVerbose,
  }: Omit<Run, 'cases'> & { readonly one: ConformanceCase; readonly runner: RunnerName },
): Promise<Verdict> {
  const cannot = one.cannot?.[runner];
  if (cannot !== undefined) return { status: 'skip', reason: cannot };
  if (typeof started === 'string') return { status: CI === '' ? 'skip' : 'fail', reason: started };
  if ('status' in started) return started;
  const wanted = expected[one.name];
  if (wanted === undefined) return { status: 'fail', reason: 'test/conformance/beam has no such pipeline' };
  const own = mkdtempSync(path.join(folder, `${runner}-`));
  try {
    const [files, out] = [path.join(own, 'files'), path.join(own, 'out')];
    mkdirSync(out);
    writeInputFiles(files);
    const outputs = await runCase(one, { run: (p) => started.run(p), files, out });
    const reason = difference(wanted, outputs);
    return reason === undefined ? { status: 'pass', reason: '' } : { status: 'fail', reason };
  } catch (error) {
    if (isVerbose) console.error(error);
    return failed(error);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function failed(error: unknown): Verdict {
  const text = error instanceof Error ? error.message : String(error);
  return { status: 'fail', reason: text.split('\n')[0] ?? '' };
}

/** Not console.error, which is the pipelines' own. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
