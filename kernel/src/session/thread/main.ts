/**
 * The worker thread that runs cells: everything here is in one place with the user's code, which may change any
 * global and be terminated at any point.
 *
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads';
import { ModuleLoader } from '../../modules/module-loader.ts';
import { RingWriter } from '../output-ring.ts';
import type { Outcome, SessionOutput } from '../session-output.ts';
import type { FromThread, ThreadData, ToThread } from '../thread-messages.ts';
import { CellRunner } from './cell-runner.ts';
import { makeTslab } from './display.ts';
import { reportError, type ReportContext } from './error-report.ts';
import { installConsole } from './notebook-console.ts';
import { Notebook } from './notebook-host.ts';
import { guardProcess } from './process-guards.ts';
import { replaceStandardStream, RingStream } from './ring-stream.ts';
import { StackTraces } from './stack-traces.ts';

if (parentPort === null)
  throw new TypeError('Cannot run cells as this must be a worker: received a main thread');
const port = parentPort;
// SessionThread starts this file with this data.
const { directory, ring, loading } = workerData as ThreadData;

const post = (message: FromThread) => port.postMessage(message);
const writer = new RingWriter(ring, () => post({ kind: 'wake' }));
const send = (output: SessionOutput) => writer.write('json', JSON.stringify(output));

const stderr = new RingStream(writer, 'stderr');
replaceStandardStream('stdout', new RingStream(writer, 'stdout'));
replaceStandardStream('stderr', stderr);
const closeGroups = installConsole();

const stacks = new StackTraces(new URL('../../', import.meta.url).href);
Error.prepareStackTrace = stacks.prepare;
Error.stackTraceLimit = 30;

const cells = Object.defineProperty(
  Object.create(null) as Record<string, unknown>,
  Symbol.for('millrace.cells'),
  {
    value: true,
  },
);
const modules = new ModuleLoader({ directory, loading, stacks });
const notebook = new Notebook({ send, cells, textOf: (url) => stacks.textOf(url) });

/** A failing description must not hide the error. */
async function report(error: unknown): Promise<Extract<Outcome, { status: 'error' }>> {
  const context: ReportContext = { sourceOf: (name) => stacks.sourceOf(name) };
  try {
    if (typeof error === 'object' && error !== null && 'hint' in error && typeof error.hint === 'string') {
      const { describeError } = await import('millrace');
      return reportError(error, { ...context, describeError });
    }
  } catch {
    // Told plainly below.
  }
  return reportError(error, context);
}

const runner = new CellRunner({ directory, cells, load: modules.load, notebook, stacks, report, send, post });

const tslab = makeTslab({ send, waitFor: (shown) => runner.waitFor(shown) });
modules.addBuiltin('tslab', { ...tslab });
guardProcess({ directory, fail: (error) => void runner.fail(error) });
Object.defineProperties(globalThis, {
  display: { value: tslab.display, configurable: true, writable: true },
  require: { value: modules.require, configurable: true, writable: true },
  __dirname: { value: directory, configurable: true, writable: true },
  __filename: { value: modules.filename, configurable: true, writable: true },
  [Symbol.for('millrace.notebook')]: { value: notebook },
});

/** Errors that no one caught: shown, and survived. */
async function complain(what: string, error: unknown): Promise<void> {
  const isInterrupt = error instanceof Error && error.name === 'InterruptedError';
  if (isInterrupt || (error instanceof Error && error.name === 'ProcessExit')) return;
  const { traceback } = await report(error);
  stderr.write(`${what} ${traceback.join('\n')}\n`);
}
process.on('uncaughtException', (error) => void complain('Uncaught', error));
process.on('unhandledRejection', (reason) => void complain('Uncaught (in promise)', reason));

port.on('message', (message: ToThread) => {
  if (message.kind === 'run') {
    closeGroups();
    void runner.run(message);
    return;
  }
  modules.reset();
  runner.interrupt(message.token);
});
post({ kind: 'ready' });
modules.prewarm();
