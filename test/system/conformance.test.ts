import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { CASES } from '../conformance/cases.ts';
import type { Row } from '../conformance/row.ts';
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

describe.each(RUNNERS)('conformance with Beam Python on %s', (runner) => {
  const needs: readonly Tool[] = ['peers', ...NEEDS[runner]];
  let rows: readonly Row[] = [];
  let output = '';

  beforeAll(async () => {
    if (needs.some((tool) => findTool(tool) === undefined)) return;
    ({ rows, output } = await conformance(runner, '--runner', runner));
  }, 1_600_000);

  for (const { name, cannot } of CASES) {
    const reason = cannot?.[runner];
    const one = reason === undefined ? testNeeding(...needs) : test.skip;
    one(reason === undefined ? name : `${name} (${reason})`, () => {
      expect(
        rows.find((row) => row.case === name),
        output,
      ).toEqual({ suite: 'pipelines', case: name, runner, status: 'pass', reason: '' });
    });
  }

  testNeeding(...needs)('skips only what it cannot run, and says why', () => {
    const skipped = rows.filter(({ status }) => status === 'skip');
    expect(skipped.map(({ case: name, reason }) => ({ name, reason }))).toEqual(
      CASES.flatMap(({ name, cannot }) =>
        cannot?.[runner] === undefined ? [] : [{ name, reason: cannot[runner] }],
      ),
    );
  });
});

testNeeding('peers')(
  'conformance with --suite trigger_transcripts writes a row for each transcript',
  { timeout: 600_000 },
  async () => {
    const { rows, output } = await conformance('transcripts', '--suite', 'trigger_transcripts');
    expect(rows.length, output).toBeGreaterThanOrEqual(18);
    for (const row of rows) {
      expect(row).toEqual({
        suite: 'trigger_transcripts',
        case: expect.stringMatching(/^\w+( \(\d\))?$/) as string,
        runner: 'groups',
        status: row.reason === '' ? 'pass' : 'skip',
        reason: expect.any(String) as string,
      });
    }
    expect(output).toMatch(/^trigger_transcripts: \d+ pass/m);
  },
);

/** What `npm run conformance` writes, and the end of what it prints. Without a file there are no rows, and each test fails. */
async function conformance(
  name: string,
  ...args: readonly string[]
): Promise<{ readonly rows: readonly Row[]; readonly output: string }> {
  const json = path.join(ROOT, '.setup/test-results', `conformance-${name}.json`);
  rmSync(json, { force: true });
  const script = path.join(ROOT, 'scripts/conformance.mjs');
  const { stdout, stderr } = await runProgram(process.execPath, [script, ...args, '--json', json], {
    cwd: ROOT,
    timeoutMs: 1_500_000,
  });
  return {
    rows: existsSync(json) ? (JSON.parse(readFileSync(json, 'utf8')) as Row[]) : [], // run.ts writes exactly this shape
    output: `${stdout}\n${stderr}`.slice(-2000),
  };
}
