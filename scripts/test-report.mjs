import { readFileSync } from 'node:fs';

/**
 * What a run of the tests came to.
 *
 * @typedef {object} Report
 * @property {number} passed
 * @property {number} failed Above 0 whenever vitest itself ended with an error.
 * @property {number} skipped
 * @property {readonly string[]} skippedNames
 * @property {readonly string[]} failedNames
 */

/**
 * @typedef {{ readonly status: string, readonly fullName: string }} TestResult
 * @typedef {{ readonly name: string, readonly status: string, readonly message: string,
 *   readonly assertionResults: readonly TestResult[] }} FileResult
 */

/**
 * Counts what vitest's JSON reporter wrote. A test file that could not be loaded counts as one failure, and so does
 * an error outside of any test.
 *
 * @param {string} file
 * @param {number | null} exitCode Of vitest; null if a signal ended it.
 * @returns {Report}
 */
export function readReport(file, exitCode) {
  const files = readFiles(file);
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  /** @param {readonly string[]} statuses */
  const named = (...statuses) =>
    tests.filter(({ status }) => statuses.includes(status)).map((t) => t.fullName);
  const unloaded = files
    .filter(
      ({ status, assertionResults }) =>
        status === 'failed' && !assertionResults.some((t) => t.status === 'failed'),
    )
    .map(({ name }) => `${name} (the file itself)`);
  const failedNames = [...named('failed'), ...unloaded];
  if (failedNames.length === 0 && exitCode !== 0) {
    failedNames.push(
      exitCode === null ? 'vitest was ended by a signal' : `vitest, with exit code ${exitCode}`,
    );
  }
  const skippedNames = named('skipped', 'pending', 'todo', 'disabled');
  return {
    passed: named('passed').length,
    failed: failedNames.length,
    skipped: skippedNames.length,
    skippedNames,
    failedNames,
  };
}

/**
 * @param {string} file
 * @returns {readonly FileResult[]}
 */
function readFiles(file) {
  try {
    const report = /** @type {{ readonly testResults?: readonly FileResult[] }} */ (
      JSON.parse(readFileSync(file, 'utf8'))
    );
    return report.testResults ?? [];
  } catch {
    return []; // vitest ended before it could write: its exit code tells
  }
}
