import { ConnectionFileError, readConnectionFile } from '../wire/connection-file.ts';
import { errorMessage } from '../wire/error-message.ts';
import { KernelSockets } from '../wire/kernel-sockets.ts';
import { HistoryStore } from './history-store.ts';
import { Kernel } from './kernel.ts';
import type { KernelSession } from './kernel-session.ts';
import { watchParent } from './parent-watch.ts';
import { currentEnvironment, historyPath } from './user-state.ts';

/** When the session is started if nobody has asked for it yet, in milliseconds after the sockets are bound. */
const WARM_UP_MS = 50;
/** How long closing may take before the process ends anyway, in milliseconds. */
const CLOSE_MS = 2000;

/**
 * Runs a kernel until it is shut down: by a shutdown_request, by SIGTERM, or when its parent has ended.
 *
 * The session is imported after the sockets are bound, so that kernel_info does not wait for TypeScript.
 *
 * @param connectionFile Path of the file that names ports and key.
 */
export async function runKernel(connectionFile: string): Promise<void> {
  const notice = (text: string): void => void process.stderr.write(`[millrace] ${text}\n`);
  let sockets: KernelSockets | undefined;
  let ending: Promise<void> | undefined;
  const end = (code: number): void => {
    ending ??= close(code);
  };
  const kernel: Kernel = new Kernel({
    startSession: () => startSession(() => kernel),
    history: new HistoryStore({ path: historyPath(currentEnvironment()), onNotice: notice }),
    publish: (message) => sockets?.publish(Buffer.from(message.header.msg_type), message),
    pressure: () => sockets?.pressure(),
    onShutdown: () => end(0),
    onNotice: notice,
  });
  const close = async (code: number): Promise<void> => {
    setTimeout(() => process.exit(code), CLOSE_MS).unref();
    try {
      await kernel.close();
      await sockets?.close();
    } catch (error) {
      notice(`Cannot close cleanly: ${errorMessage(error)}`);
    }
    process.exit(code);
  };

  try {
    sockets = await KernelSockets.bind(readConnectionFile(connectionFile), {
      onMessage: (channel, { identities, message }) =>
        kernel.take(message, (reply) => sockets?.reply(channel, identities, reply)),
      onSubscribe: (topic) => kernel.welcome(Buffer.from(topic).toString()),
      onNotice: notice,
    });
  } catch (error) {
    const where = error instanceof ConnectionFileError ? '' : 'Cannot bind the sockets: ';
    notice(`${where}${errorMessage(error)}`);
    process.exitCode = 1;
    return;
  }
  process.on('SIGINT', () => kernel.interrupt());
  process.on('SIGTERM', () => end(0));
  // A fault of ours must not take the user's state with it.
  process.on('uncaughtException', (error) => notice(`Internal error: ${error.stack ?? error.message}`));
  process.on('unhandledRejection', (reason) => {
    notice(`Internal error: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`);
  });
  watchParent({ given: process.env.JPY_PARENT_PID, parentId: () => process.ppid, onGone: () => end(1) });
  kernel.starting();
  // A client asks for kernel_info first and then for cells: be ready for them, without being late for the first.
  setTimeout(() => void kernel.session().catch((error: unknown) => notice(errorMessage(error))), WARM_UP_MS);
}

async function startSession(kernel: () => Kernel): Promise<KernelSession> {
  const { Session } = await import('../session/session.ts');
  return new Session({
    directory: process.cwd(),
    onBackgroundOutput: (output) => kernel().background(output),
    onDeath(why, { isTold }) {
      if (!isTold) kernel().background({ kind: 'stream', name: 'stderr', text: `${why}\n` });
    },
  });
}
