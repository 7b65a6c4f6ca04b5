import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { HistoryStore } from '../kernel/history-store.ts';
import type { KernelSession } from '../kernel/kernel-session.ts';
import type { SessionOutput } from '../session/session-output.ts';
import { completeLine } from './complete-line.ts';
import { continuesStatement } from './continues-statement.ts';
import { HELP } from './help.ts';
import { bundleText, TextOutput } from './text-output.ts';

const PROMPT = '> ';
const CONTINUATION = '… ';
/** How many lines of earlier sessions the arrow keys reach. */
const HISTORY_LINES = 1000;

/** What a REPL is made of. */
export interface ReplOptions {
  readonly session: KernelSession;
  readonly history: HistoryStore;
  readonly input: Readable;
  readonly output: Writable & { readonly columns?: number };
  readonly error: Writable;
  /** Input and output are a terminal: it prompts, edits lines, and keeps colours. */
  readonly isTerminal: boolean;
}

/**
 * A session in a terminal, or fed by a pipe: reads lines until they make a cell, runs it, prints what it shows.
 *
 * Lines are taken by one loop, in their order, so that pasted text and pipes do not overtake a running cell.
 */
export class Repl {
  readonly #options: ReplOptions;
  readonly #readline: Interface;
  readonly #text: TextOutput;
  #lines: string[] = [];
  #cell: string[] = [];
  #count = 0;
  #isRunning = false;
  #isClosed = false;
  #hasFailed = false;
  #wake: (() => void) | undefined;

  constructor(options: ReplOptions) {
    const { session, history, input, output, isTerminal } = options;
    this.#options = options;
    this.#text = new TextOutput({
      stdout: output,
      stderr: options.error,
      isTerminal,
      columns: () => output.columns ?? 80,
    });
    this.#readline = createInterface({
      input,
      // Without a terminal nothing is echoed or prompted.
      ...(isTerminal ? { output } : {}),
      terminal: isTerminal,
      prompt: PROMPT,
      history: isTerminal ? earlierLines(history) : [],
      historySize: HISTORY_LINES,
      removeHistoryDuplicates: true,
      completer: (line, callback) => {
        const before = this.#cell.map((part) => `${part}\n`).join('');
        completeLine({ session, before, line, cursor: this.#readline.cursor }).then(
          (result) => callback(null, result),
          () => callback(null, [[], line]), // a completion that failed is none
        );
      },
    });
    this.#readline.on('line', (line) => this.#enqueue(line));
    this.#readline.on('SIGINT', () => this.interrupt());
    this.#readline.on('close', () => this.#close());
  }

  /** Runs until `.exit`, Ctrl-D or the end of the input. */
  async run(): Promise<{ readonly hasFailed: boolean }> {
    this.#prompt();
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) await this.#take(line);
      else if (this.#isClosed) break;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    // What the input ended in the middle of is run as it is: its error says what is missing.
    if (!this.#options.isTerminal && this.#cell.length > 0) await this.#execute();
    return { hasFailed: this.#hasFailed };
  }

  /** Ctrl-C: ends the running cell; else drops the text that was typed. */
  interrupt(): void {
    if (this.#isRunning) {
      this.#options.session.interrupt();
      return;
    }
    if (!this.#options.isTerminal) {
      this.#lines = [];
      this.#cell = [];
      this.#readline.close();
      return;
    }
    const isEmpty = this.#cell.length === 0 && this.#readline.line === '';
    this.#cell = [];
    // As Node's own REPL does: what was typed stays on the screen, and is not what Enter would run.
    Object.assign(this.#readline, { line: '', cursor: 0, prevRows: 0 });
    this.#options.output.write(isEmpty ? '\n(Ctrl-D or .exit leaves)\n' : '^C\n');
    this.#prompt();
  }

  /** Prints what a timer of an earlier cell shows, above the line that is being typed. */
  background(output: SessionOutput): void {
    if (this.#isRunning || !this.#options.isTerminal) {
      this.#text.output(output);
      return;
    }
    this.#options.output.write('\r\x1b[K');
    if (output.kind === 'stream') this.#text.output(output);
    else if (output.kind !== 'clear') this.#options.output.write(`${bundleText(output.data)}\n`);
    this.#readline.prompt(true);
  }

  #enqueue(line: string): void {
    this.#lines.push(line);
    this.#wake?.();
  }

  #close(): void {
    this.#isClosed = true;
    if (this.#options.isTerminal) {
      this.#options.output.write('\n');
      // Ctrl-D leaves, whatever runs or waits.
      this.#lines = [];
      this.#cell = [];
      this.#options.session.interrupt();
    }
    this.#wake?.();
  }

  async #take(line: string): Promise<void> {
    if (this.#cell.length === 0) {
      if (line.trim() === '') {
        this.#prompt();
        return;
      }
      if (this.#command(line.trim())) return;
    }
    this.#cell.push(line);
    const next = this.#lines[0];
    if (next !== undefined && continuesStatement(next)) return;
    const { status, indent } = await this.#options.session.isComplete(this.#cell.join('\n'));
    if (status === 'incomplete') this.#prompt(indent ?? '');
    else await this.#execute();
  }

  /** Does what a line such as `.help` says; false if it is none. */
  #command(line: string): boolean {
    if (!/^\.[A-Za-z]/.test(line)) return false;
    switch (line) {
      case '.exit':
        this.#lines = [];
        this.#readline.close();
        return true;
      case '.help':
        this.#options.output.write(HELP);
        break;
      default:
        this.#options.error.write(`Cannot do ${line} as it is not a command: .help says which there are\n`);
    }
    this.#prompt();
    return true;
  }

  async #execute(): Promise<void> {
    const { session, history } = this.#options;
    const code = this.#cell.join('\n');
    this.#cell = [];
    this.#count += 1;
    this.#isRunning = true;
    let result: string | null = null;
    const outcome = await session.execute(code, {
      executionCount: this.#count,
      onOutput: (output) => {
        if (output.kind === 'result') result = bundleText(output.data);
        this.#text.output(output);
      },
    });
    this.#isRunning = false;
    this.#hasFailed ||= outcome.status === 'error';
    this.#text.end(outcome);
    history.add({ line: this.#count, input: code, output: result });
    this.#prompt();
  }

  #prompt(indent?: string): void {
    if (!this.#options.isTerminal || this.#isClosed || this.#lines.length > 0) return;
    this.#readline.setPrompt(this.#cell.length === 0 ? PROMPT : CONTINUATION);
    this.#readline.prompt();
    if (indent !== undefined && indent !== '') this.#readline.write(indent);
  }
}

/** The newest line first, as readline has it; cells of several lines are split. */
function earlierLines(history: HistoryStore): string[] {
  const cells = history.query({ hist_access_type: 'tail', output: false, n: HISTORY_LINES });
  const lines = cells.flatMap(([, , input]) => (typeof input === 'string' ? input.split('\n') : []));
  return lines
    .filter((line) => line.trim() !== '')
    .slice(-HISTORY_LINES)
    .reverse();
}
