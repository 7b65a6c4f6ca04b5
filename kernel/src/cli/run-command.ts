import { accessSync, constants } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { NotebookError, type Notebook, type NotebookCell } from '../notebook/nbformat.ts';
import { readNotebook } from '../notebook/read-notebook.ts';
import { countRunnable, runNotebook, type CellFailure } from '../notebook/run-notebook.ts';
import { writeNotebook } from '../notebook/write-notebook.ts';
import { closeSession } from './close-session.ts';
import { TextOutput } from '../repl/text-output.ts';
import { errorMessage } from '../wire/error-message.ts';

/** How many lines of a failing cell are shown. */
const EXCERPT_LINES = 12;

/**
 * `millrace run`: progress goes to stderr, what the cells show to stdout as text.
 *
 * @returns the exit code: 0; 1 if a cell failed; 2 if there is nothing to run or nowhere to write; 130 if interrupted.
 */
export async function runCommand(
  path: string,
  options: { readonly output?: string; readonly timeout?: number },
): Promise<number> {
  const output = options.output === undefined ? undefined : resolve(options.output);
  let notebook: Notebook;
  try {
    notebook = readNotebook(path);
    if (output !== undefined) checkWritable(output);
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    console.error(error.message);
    return 2;
  }
  const { Session } = await import('../session/session.ts');
  const isTerminal = process.stdout.isTTY;
  const text = new TextOutput({
    stdout: process.stdout,
    stderr: process.stderr,
    isTerminal,
    columns: () => process.stdout.columns,
  });
  const session = new Session({
    directory: dirname(resolve(path)),
    onBackgroundOutput: (shown) => text.output(shown),
    onDeath(why, { isTold }) {
      if (!isTold) console.error(why);
    },
  });
  const interrupts = { count: 0 };
  const interrupt = (): void => {
    interrupts.count += 1;
    if (interrupts.count > 1) process.exit(130); // asked twice: do not wait
    session.interrupt();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const total = countRunnable(notebook);
  let done = 0;
  try {
    const result = await runNotebook(notebook, {
      session,
      timeoutMs: options.timeout === undefined ? undefined : options.timeout * 1000,
      onCellStart: (cell) => process.stderr.write(`[${++done}/${total}] ${headline(cell)}\n`),
      onOutput: (shown) => text.output(shown),
      onCellEnd: (_cell, { outcome, elapsedMs }) => {
        text.end({ status: 'ok' });
        const how = outcome.status === 'ok' ? 'done' : outcome.ename;
        process.stderr.write(`[${done}/${total}] ${how} in ${(elapsedMs / 1000).toFixed(2)} s\n`);
      },
    });
    if (output !== undefined) writeNotebook(output, result.notebook);
    if (result.failure === undefined) return 0;
    console.error(describeFailure(result.failure, process.stderr.isTTY));
    // An interrupt ends the cell that ran; the others are not started.
    return interrupts.count > 0 ? 130 : 1;
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    console.error(error.message);
    return 2;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await closeSession(session);
  }
}

/** Better now than after the cells have run. */
function checkWritable(output: string): void {
  try {
    accessSync(dirname(output), constants.W_OK);
  } catch (error) {
    throw new NotebookError(
      `Cannot write the notebook ${output} as its folder must be there and writable: ${errorMessage(error)}`,
      { cause: error },
    );
  }
}

/** The first line of code, shortened. */
function headline({ source }: NotebookCell): string {
  const line =
    source.split('\n').find((part) => part.trim() !== '' && !/^\s*\/\//.test(part)) ?? source.trim();
  const text = line.trim();
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function describeFailure({ cell, number, error }: CellFailure, hasColours: boolean): string {
  const lines = cell.source.split('\n');
  const excerpt = lines
    .slice(0, EXCERPT_LINES)
    .map((line, index) => `${String(index + 1).padStart(4)} | ${line}`);
  if (lines.length > EXCERPT_LINES) excerpt.push(`     | … ${lines.length - EXCERPT_LINES} more lines`);
  const traceback =
    error.traceback.length > 0 ? error.traceback.join('\n') : `${error.ename}: ${error.evalue}`;
  const text = ['', `Cell ${number} failed:`, ...excerpt, '', traceback].join('\n');
  return hasColours ? text : stripVTControlCharacters(text);
}
