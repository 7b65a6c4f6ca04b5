import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Row } from './row.ts';
import { rowsOfTests, type FileReport } from './rows-of-tests.ts';
import type { Suite } from './suites.ts';

/** The clone's folder, where conformance runs. */
const ROOT = process.cwd();

/** Runs the unit tests that judge suites, all in one vitest, and gives their rows; what vitest says goes to stderr. */
export async function runTests(suites: readonly Suite[]): Promise<Row[]> {
  const files = suites.flatMap(({ tests }) => (tests === undefined ? [] : [tests.file]));
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-conformance-'));
  try {
    const json = path.join(folder, 'tests.json');
    await runVitest([...files, '--reporter=json', `--outputFile=${json}`]);
    const report = existsSync(json)
      ? (JSON.parse(readFileSync(json, 'utf8')) as { readonly testResults: readonly FileReport[] }) // vitest's shape
      : { testResults: [] };
    return suites.flatMap((suite) => {
      const file = path.join(ROOT, suite.tests?.file ?? '');
      return rowsOfTests(
        suite,
        report.testResults.find(({ name }) => path.resolve(name) === file),
      );
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ends when vitest has; that tests failed is in its report. */
function runVitest(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
    const child = spawn(process.execPath, [vitest, 'run', '--project', 'unit', ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.pipe(process.stderr, { end: false });
    child.once('error', reject);
    child.once('close', () => {
      resolve();
    });
  });
}
