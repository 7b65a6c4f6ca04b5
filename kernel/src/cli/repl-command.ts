import { HistoryStore } from '../kernel/history-store.ts';
import { currentEnvironment, historyPath } from '../kernel/user-state.ts';
import { VERSION } from '../kernel/version.ts';
import { closeSession } from './close-session.ts';
import { Repl } from '../repl/repl.ts';
import { Session } from '../session/session.ts';

/** `millrace repl`; gives the exit code: 1 if it was fed by a pipe and a cell failed. */
export async function replCommand(): Promise<number> {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  if (isTerminal) {
    console.log(`Millrace ${VERSION}: TypeScript cells, on Node ${process.versions.node}. .help says more.`);
  }
  const notice = (text: string): void => console.error(text);
  const session = new Session({
    directory: process.cwd(),
    onBackgroundOutput: (output) => repl.background(output),
    onDeath(why, { isTold }) {
      if (!isTold) notice(why);
    },
  });
  const repl: Repl = new Repl({
    session,
    history: new HistoryStore({
      path: isTerminal ? historyPath(currentEnvironment()) : undefined,
      onNotice: notice,
    }),
    input: process.stdin,
    output: process.stdout,
    error: process.stderr,
    isTerminal,
  });
  const interrupt = (): void => repl.interrupt();
  process.on('SIGINT', interrupt);
  try {
    const { hasFailed } = await repl.run();
    return hasFailed && !isTerminal ? 1 : 0;
  } finally {
    process.off('SIGINT', interrupt);
    await closeSession(session);
  }
}
