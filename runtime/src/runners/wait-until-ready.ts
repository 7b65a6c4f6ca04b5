import { setTimeout as delay } from 'node:timers/promises';
import { PipelineError } from '../errors.ts';
import { isRunning, lastLines, type LocalProcess } from './local-process.ts';

/**
 * Asks again and again until processes that were just started are ready.
 *
 * @returns what `ask` gave, the first time that it was not undefined.
 * @throws {PipelineError} with the end of the log of a process that has ended, or of the first if it takes too long.
 */
export async function waitUntilReady<T>(
  ask: () => Promise<T | undefined>,
  {
    what,
    processes,
    timeoutMs,
    signal,
  }: {
    /** "Prism". */
    readonly what: string;
    readonly processes: readonly LocalProcess[];
    readonly timeoutMs: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    const ended = processes.find((one) => !isRunning(one));
    if (ended !== undefined) throw notReady(what, `a process that has ended`, ended);
    const [first] = processes;
    if (Date.now() > deadline && first !== undefined) {
      throw notReady(what, `nothing within ${timeoutMs / 1000} s`, first);
    }
    await delay(100, undefined, { signal });
  }
}

function notReady(what: string, received: string, process: LocalProcess): PipelineError {
  const lines = lastLines(process)
    .split('\n')
    .filter((line) => line !== '');
  return new PipelineError(
    [
      `Cannot start ${what} as it must answer: received ${received}`,
      ...lines.map((line) => `  ${line}`),
    ].join('\n'),
    { hint: `Its whole log is ${process.logFile}` },
  );
}
