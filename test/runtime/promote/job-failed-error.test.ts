import { expect, test } from 'vitest';
import type { JobLogMessage } from '../../../runtime/src/portable/job/job-client.ts';
import { failureOf, JobFailedError, WorkerLostError } from '../../../runtime/src/promote/job-failed-error.ts';

const job = { name: 'wordcount', id: 'job-001' };
const told = (text: string): JobLogMessage => ({ text, importance: 'error', time: '' });

// What Prism 2.77 told of workers that were killed.
test.each([
  'bundle inst002 stage-003 failed:SDK worker disconnected: worker[job-001[wordcount]_node], 2 active instructions, error: context canceled',
  'split[inst001] error from SDK: worker stopped before receive',
])('failureOf() says that a worker was lost, where Prism tells: %s', (text) => {
  const error = failureOf([told(text)], job);
  expect(error).toBeInstanceOf(WorkerLostError);
  expect(error.message).toBe(
    'Cannot finish the job "wordcount" as its worker must stay alive to the end: received a worker whose process ended in the middle of its work',
  );
  expect(error.hint).toContain('promote again, or on Flink');
});

test('failureOf() gives what the runner said last of an error, without its stack, where no function is named', () => {
  const error = failureOf(
    [told('first'), told('java.io.IOException: disk full\n\tat a.B.c(B.java:1)\n\t... 3 more')],
    job,
  );
  expect(error).toBeInstanceOf(JobFailedError);
  expect(error.message).toBe(
    'Cannot finish the job "wordcount" as all its steps must succeed: received java.io.IOException: disk full',
  );
});
