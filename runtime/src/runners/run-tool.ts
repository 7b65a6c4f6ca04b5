import { spawn } from 'node:child_process';
import { PipelineError } from '../errors.ts';

/** How many of the last lines that a failed tool printed are shown. */
const SHOWN_LINES = 8;

/** How a tool is run. */
export interface ToolOptions {
  /** What is tried: "fetch Prism". */
  readonly action: string;
  readonly hint: string;
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Ends the tool; the call then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Is called with each line that it prints. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/**
 * Runs another program to its end, and gives what it printed on both its streams.
 *
 * @throws {PipelineError} with the last lines that it printed, if it fails.
 */
export async function runTool(
  program: string,
  args: readonly string[],
  options: ToolOptions,
): Promise<string> {
  const { action, hint, cwd, env, signal, onLine } = options;
  signal?.throwIfAborted();
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const abort = (): void => void child.kill();
  signal?.addEventListener('abort', abort, { once: true });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    const add = (line: string): void => {
      lines.push(line);
      onLine?.(line);
    };
    stream.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split(/\r?\n/);
      rest = parts.pop() ?? '';
      parts.forEach(add);
    });
    stream.once('end', () => {
      if (rest !== '') add(rest);
    });
  }
  try {
    const how = await new Promise<string | undefined>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, killedBy) => {
        if (code === 0) resolve(undefined);
        else resolve(killedBy === null ? `exit code ${code}` : `an end by ${killedBy}`);
      });
    });
    signal?.throwIfAborted();
    if (how === undefined) return lines.join('\n');
    const last = lines.slice(-SHOWN_LINES).map((line) => `\n  ${line}`);
    throw new PipelineError(
      `Cannot ${action} as "${program}" must end well: received ${how}${last.join('')}`,
      {
        hint,
      },
    );
  } catch (error) {
    if (error instanceof PipelineError || signal?.aborted === true) throw error;
    throw new PipelineError(`Cannot ${action} as "${program}" must start: received ${String(error)}`, {
      hint,
      cause: error,
    });
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
