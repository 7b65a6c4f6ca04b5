import { PipelineError } from '../errors.ts';
import type { JobLogMessage } from '../portable/job/job-client.ts';
import { workerErrorFrom } from '../portable/worker-error.ts';

/** A job failed, and what its runner told names no function of the user's. */
export class JobFailedError extends PipelineError {
  constructor(name: string, { text, id }: { readonly text: string; readonly id: string }) {
    super(`Cannot finish the job "${name}" as all its steps must succeed: received ${text}`, {
      hint: `All that the runner told is in job.logs(), and in its own log under "${id}"`,
    });
  }
}

/** A job failed as one of its workers was gone, and its runner started no other. */
export class WorkerLostError extends PipelineError {
  constructor(name: string, { id }: { readonly id: string }) {
    super(
      `Cannot finish the job "${name}" as its worker must stay alive to the end: received a worker whose process ended in the middle of its work`,
      {
        hint: `Something killed it (want of memory?) or a function ended it; the runner's own log tells more under "${id}". Prism starts no other worker: promote again, or on Flink, which does`,
      },
    );
  }
}

/** How Prism tells that the connection to a worker is gone: in the middle of a bundle, or when it asks it for a split. */
const LOST = /SDK worker disconnected|worker stopped before receive/;

/** Longer texts of a runner are stack traces of its own. */
const LONGEST = 600;

/** The error behind a job that failed: of the user's function where there is one, else what the runner said last. */
export function failureOf(
  messages: readonly JobLogMessage[],
  { name, id }: { readonly name: string; readonly id: string },
): PipelineError {
  const newestFirst = [...messages].reverse();
  for (const { text } of newestFirst) {
    const error = workerErrorFrom(text);
    if (error !== undefined) return error;
  }
  const told = newestFirst.find(({ importance }) => importance === 'error') ?? newestFirst[0];
  if (told !== undefined && LOST.test(told.text)) return new WorkerLostError(name, { id });
  const lines = (told?.text ?? 'no reason')
    .split('\n')
    .filter((line) => !/^\s+at |^\s*\.\.\. \d+ more/.test(line));
  const text = lines.join('\n').trim();
  return new JobFailedError(name, { id, text: text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text });
}
