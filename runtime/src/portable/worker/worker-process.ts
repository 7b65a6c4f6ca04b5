import { runWorker } from './run-worker.ts';
import { workerOptionsFrom, type WorkerOptions } from './worker-options.ts';

/** How often a worker looks whether its parent still is. */
const PARENT_CHECK_MS = 500;
/** After a signal the process ends by itself in this time, or is ended. */
const EXIT_MS = 8000;

/**
 * Runs a worker as this process: reads the command line, obeys SIGTERM and SIGINT, follows its parent if it is told to.
 *
 * @returns the exit code: 0 when the runner closed the connection or a signal ended the worker, 1 when the runner
 * could not be reached or the connection broke, 2 for a command line that cannot be understood.
 */
export async function workerProcess(args: readonly string[]): Promise<number> {
  let options: WorkerOptions;
  try {
    options = workerOptionsFrom(args, process.env);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 2;
  }
  const ending = new AbortController();
  const end = () => {
    setTimeout(() => process.exit(0), EXIT_MS).unref();
    ending.abort();
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (options.watchParent === true && process.ppid !== parent) end();
  }, PARENT_CHECK_MS).unref();
  try {
    await runWorker(options, { signal: ending.signal });
    return 0;
  } catch (error) {
    if (ending.signal.aborted) return 0;
    process.stderr.write(`The worker "${options.id}" ended: ${messageOf(error)}\n`);
    return 1;
  } finally {
    clearInterval(watch);
    process.off('SIGTERM', end);
    process.off('SIGINT', end);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
