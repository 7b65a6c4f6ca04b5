import { expect, test } from 'vitest';
import { lessonFolder } from '../support/lesson-folder.ts';
import { runPython } from '../support/python.ts';

/** All tests of PyPI's jupyter_kernel_test, so that none goes missing unseen. */
const TESTS = [
  'test_clear_output',
  'test_completion',
  'test_display_data',
  'test_error',
  'test_execute_result',
  'test_execute_stderr',
  'test_execute_stdout',
  'test_history',
  'test_inspect',
  'test_is_complete',
  'test_kernel_info',
  'test_pager',
];

/** The protocol leaves pagers to the kernel, and deprecates the payloads that they come in. */
const NOT_OFFERED = 'test_pager';

test('The kernel passes every test of jupyter_kernel_test', async () => {
  const { env } = await lessonFolder();
  const outcomes = await runPython('kernel_conformance.py', [], { env });
  const skipped: unknown = expect.stringMatching(/^skipped/);
  const expected = new Map(TESTS.map((name) => [name, name === NOT_OFFERED ? skipped : 'passed']));
  expect(outcomes).toEqual(Object.fromEntries(expected));
});
