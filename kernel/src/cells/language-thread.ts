import { parentPort, workerData } from 'node:worker_threads';
import { CellService } from './cell-service.ts';
import type { ThreadData, ThreadMethods, ThreadReply, ThreadRequest } from './thread-messages.ts';
import { TypeScriptLanguage } from './type-script-language.ts';
import { keepCompiled } from './typescript.ts';

/** How long the thread is idle before it keeps the compiler's code for the next kernel, in milliseconds. */
const KEEP_AFTER_MS = 2000;

/**
 * The entry of the language thread: answers one question after the other, and between them prepares for what comes
 * first in most notebooks.
 */
function main(): void {
  const port = parentPort;
  if (port === null) throw new TypeError('Cannot serve cells as this must be a worker thread: received none');
  // Only CellLanguage starts this thread.
  const { places, committed } = workerData as ThreadData;
  const service = new CellService(new TypeScriptLanguage(places));
  for (const cell of committed) service.commit(cell);

  const methods: ThreadMethods = {
    prepare: (cell) => service.prepare(cell),
    commit: (cell) => service.commit(cell),
    complete: ({ code, cursor }) => service.complete(code, cursor),
    inspect: ({ code, cursor, detail }) => service.inspect(code, cursor, detail),
    isComplete: (code) => service.isComplete(code),
  };
  const keeping = setTimeout(keepCompiled, KEEP_AFTER_MS).unref();
  let isAsked = false;
  port.on('message', (request: ThreadRequest) => {
    isAsked = true;
    port.postMessage(answer(methods, request));
    keeping.refresh();
  });

  const steps = service.warmUp();
  const next = () => {
    if (!isAsked && steps.next().done !== true) setImmediate(next);
  };
  setImmediate(next);
}

function answer(methods: ThreadMethods, { id, method, argument }: ThreadRequest): ThreadReply {
  try {
    // The request pairs a method with its own argument.
    const value = (methods[method] as (argument: unknown) => unknown)(argument);
    return { id, value };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

main();
