import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readReport } from '../../scripts/test-report.mjs';
import { temporaryFolder } from '../support/temporary-folder.ts';

const testOf = (status: string) => ({ status, fullName: `a ${status} test` });

/** Writes what vitest's JSON reporter would, and reads it back. */
async function report(
  files: readonly { status: string; tests: readonly string[] }[],
  exitCode: number | null,
) {
  const file = path.join(await temporaryFolder(), 'vitest.json');
  const testResults = files.map(({ status, tests }, index) => ({
    name: `file-${index}`,
    status,
    message: '',
    assertionResults: tests.map(testOf),
  }));
  await writeFile(file, JSON.stringify({ testResults }));
  const { passed, failed, skipped } = readReport(file, exitCode);
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

test.each([
  {
    name: 'all well',
    files: [{ status: 'passed', tests: ['passed', 'passed', 'skipped'] }],
    code: 0,
    want: '2 0 1',
  },
  { name: 'a failure', files: [{ status: 'failed', tests: ['passed', 'failed'] }], code: 1, want: '1 1 0' },
  { name: 'a file that does not load', files: [{ status: 'failed', tests: [] }], code: 1, want: '0 1 0' },
  {
    name: 'an error outside of any test',
    files: [{ status: 'passed', tests: ['passed'] }],
    code: 1,
    want: '1 1 0',
  },
  { name: 'killed', files: [], code: null, want: '0 1 0' },
])('readReport() counts $name', async ({ files, code, want }) => {
  const [passed, failed, skipped] = want.split(' ');
  expect(await report(files, code)).toBe(`${passed} passed, ${failed} failed, ${skipped} skipped`);
});

test('readReport() counts one failure when vitest wrote nothing', async () => {
  const file = path.join(await temporaryFolder(), 'absent.json');
  expect(readReport(file, 1)).toMatchObject({ passed: 0, failed: 1, skipped: 0 });
});
