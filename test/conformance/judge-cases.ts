import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ConformanceCase } from './case.ts';
import { difference } from './compare.ts';
import { writeInputFiles } from './inputs.ts';
import type { Row } from './row.ts';
import { runCases, type Outputs, type PlacedCase, type RunPipeline } from './run-case.ts';

/** What came of a case. */
export type Verdict = Pick<Row, 'status' | 'reason'>;

/** What a judgement needs beside the cases. */
export interface JudgeOptions {
  readonly run: RunPipeline;
  /** What Beam Python makes of the cases, by name. */
  readonly expected: Readonly<Record<string, Outputs>>;
  /** Folder for their files, which workers reach. */
  readonly folder: string;
  /** Told why cases did not run together, or alone. */
  readonly onError: (error: unknown, cases: readonly ConformanceCase[]) => void;
}

/**
 * Runs cases together and compares what comes out of each with what is expected.
 *
 * If several cannot be run, each is run again and alone, so that each has its own verdict; should none tell why, as all pass,
 * they fail all the same. What ran and gave something else is not run again: it failed.
 */
export async function judgeCases(
  cases: readonly ConformanceCase[],
  options: JudgeOptions,
): Promise<readonly Verdict[]> {
  const own = mkdtempSync(path.join(options.folder, 'cases-'));
  let together: Verdict;
  try {
    const placed = cases.map((one, index) => place(one, path.join(own, String(index))));
    const outputs = await runCases(placed, options.run);
    return cases.map(({ name }, index) => verdictOn(options.expected[name], outputs[index] ?? {}));
  } catch (error) {
    options.onError(error, cases);
    together = failed(error);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
  if (cases.length === 1) return [together];
  const verdicts: Verdict[] = [];
  for (const one of cases) verdicts.push(...(await judgeCases([one], options)));
  if (verdicts.some(({ status }) => status !== 'pass')) return verdicts;
  const reason = `passes alone; in one job with ${cases.length - 1} more: ${together.reason}`;
  return verdicts.map(() => ({ status: 'fail', reason }));
}

/** What an error makes of a case: its first line is the reason. */
export function failed(error: unknown): Verdict {
  const text = error instanceof Error ? error.message : String(error);
  return { status: 'fail', reason: text.split('\n')[0] ?? '' };
}

function place(one: ConformanceCase, folder: string): PlacedCase {
  const [files, out] = [path.join(folder, 'files'), path.join(folder, 'out')];
  mkdirSync(out, { recursive: true });
  writeInputFiles(files);
  return { one, files, out };
}

function verdictOn(wanted: Outputs | undefined, outputs: Outputs): Verdict {
  if (wanted === undefined) {
    return { status: 'fail', reason: 'test/conformance/beam has no such pipeline' };
  }
  const reason = difference(wanted, outputs);
  return reason === undefined ? { status: 'pass', reason: '' } : { status: 'fail', reason };
}
