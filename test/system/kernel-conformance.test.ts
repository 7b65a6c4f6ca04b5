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
  'test_recv_iopub_welcome_msg',
];

/** Two that the protocol leaves to the kernel: pager payloads are deprecated, welcome messages a proposal (JEP 65). */
const NOT_OFFERED = ['test_pager', 'test_recv_iopub_welcome_msg'];

test('The kernel passes every test of jupyter_kernel_test', async () => {
  const { env } = await lessonFolder();
  const outcomes = await runPython('kernel_conformance.py', [], { env });
  const skipped: unknown = expect.stringMatching(/^skipped/);
  const expected = new Map(TESTS.map((name) => [name, NOT_OFFERED.includes(name) ? skipped : 'passed']));
  expect(outcomes).toEqual(Object.fromEntries(expected));
});
