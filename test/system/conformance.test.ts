import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect } from 'vitest';
import { CASES } from '../conformance/cases.ts';
import { RUNNERS } from '../conformance/run-on.ts';
import { ROOT } from '../support/repository.ts';
import { runProgram } from '../support/run-program.ts';
import { findTool, testNeeding, type Tool } from '../support/tools.ts';

/** What each runner needs beside Beam Python, which says what is expected. */
const NEEDS: Readonly<Record<(typeof RUNNERS)[number], readonly Tool[]>> = {
  embedded: [],
  prism: ['prism'],
  flink: ['flink', 'java'],
};

interface Report {
  readonly cases: readonly Readonly<Record<string, string>>[];
}

describe.each(RUNNERS)('conformance with Beam Python on %s', (runner) => {
  const needs: readonly Tool[] = ['peers', ...NEEDS[runner]];
  const verdicts = new Map<string, string | undefined>();
  let output = '';

  beforeAll(async () => {
    if (needs.some((tool) => findTool(tool) === undefined)) return;
    const json = path.join(ROOT, '.setup/test-results', `conformance-${runner}.json`);
    rmSync(json, { force: true });
    const script = path.join(ROOT, 'scripts/conformance.mjs');
    const { stdout, stderr } = await runProgram(
      process.execPath,
      [script, '--runner', runner, '--json', json],
      { cwd: ROOT, timeoutMs: 1_500_000 },
    );
    output = `${stdout}\n${stderr}`.slice(-2000);
    if (!existsSync(json)) return; // each test fails then, and shows what was printed
    const report = JSON.parse(readFileSync(json, 'utf8')) as Report; // run.ts writes exactly this shape
    for (const { name = '', [runner]: verdict } of report.cases) verdicts.set(name, verdict);
  }, 1_600_000);

  for (const { name } of CASES) {
    testNeeding(...needs)(name, () => {
      expect(verdicts.get(name), output).toBe('pass');
    });
  }
});
