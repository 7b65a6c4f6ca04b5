/**
 * The main of a bundle thread: loads the captured module and does what the worker's main thread says.
 *
 * What imports it has put Millrace's own modules where captured modules look for them.
 *
 * @module
 */
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

import { BundleThread } from './bundle/bundle-thread.ts';
import { logConsole } from './bundle/log-console.ts';
import { stackMapper } from './stack-mapper.ts';
import type { BundleThreadData, FromBundleThread, ToBundleThread } from './thread-messages.ts';

const port = parentPort;
if (port === null)
  throw new TypeError('Cannot run bundles as this must be a worker thread: received the main thread');

const data = workerData as BundleThreadData; // what BundleThreadHost started it with
const post = (message: FromBundleThread) =>
  port.postMessage(
    message,
    message.kind === 'output' && message.bytes.length > 0 ? [message.bytes.buffer as ArrayBuffer] : [],
  );
const thread = new BundleThread({
  data,
  post,
  mapStack: stackMapper(data),
  async loadModule(copy) {
    if (data.modulePath === undefined) return {};
    const { href } = pathToFileURL(data.modulePath);
    // Node keeps one module a URL: each query has its own.
    return (await import(copy === 0 ? href : `${href}?copy=${copy}`)) as Readonly<Record<string, unknown>>;
  },
});

logConsole(console, (severity, message) => {
  const { instructionId } = thread;
  post({ kind: 'log', severity, message, ...(instructionId === undefined ? {} : { instructionId }) });
});
process.on('unhandledRejection', (error) => thread.fail(error));
process.on('uncaughtException', (error) => thread.fail(error));
port.on('message', (message: ToBundleThread) => thread.take(message));
void thread.start();
