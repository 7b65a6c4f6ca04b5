import { stripVTControlCharacters } from 'node:util';
import type { Outcome, SessionOutput } from '../session/session-output.ts';

/** A place that text goes to; process.stdout is one. */
export interface TextSink {
  write(text: string): unknown;
}

/** Where a cell's outputs are printed. */
export interface TextOutputOptions {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** stdout is a terminal: displays are updated in place, colours are kept. */
  readonly isTerminal: boolean;
  /** Width of the terminal, in columns. */
  readonly columns?: () => number;
}

/** Prints what cells show as text: in a terminal, a pipe or a log. */
export class TextOutput {
  readonly #options: TextOutputOptions;
  /** What each display shows now, and whether that was printed. */
  readonly #displays = new Map<string, { text: string; isPrinted: boolean }>();
  /** The display that was printed last and with nothing after it: it can be replaced. */
  #replaceable: string | undefined;
  #isAtLineStart = true;

  constructor(options: TextOutputOptions) {
    this.#options = options;
  }

  /** Prints one output. */
  output(output: SessionOutput): void {
    switch (output.kind) {
      case 'stream':
        this.#write(output.name, output.text);
        return;
      case 'result':
        this.#line(bundleText(output.data));
        return;
      case 'display':
        this.#display(output);
        return;
      case 'clear':
        return; // what was printed stays
    }
  }

  /** The cell has ended: prints the last state of displays that could not be updated in place, and its error. */
  end(outcome: Outcome): void {
    for (const display of this.#displays.values()) {
      if (!display.isPrinted) this.#line(display.text);
    }
    this.#displays.clear();
    this.#replaceable = undefined;
    if (outcome.status === 'error') {
      const { ename, evalue, traceback } = outcome;
      const text = traceback.length > 0 ? traceback.join('\n') : `${ename}: ${evalue}`;
      this.#startLine('stderr');
      this.#write('stderr', `${text}\n`);
    }
    this.#startLine('stdout');
  }

  #display(output: Extract<SessionOutput, { readonly kind: 'display' }>): void {
    const text = bundleText(output.data);
    const id = output.displayId;
    if (id === undefined) {
      this.#line(text);
      return;
    }
    const before = this.#displays.get(id);
    if (before === undefined || !output.update) {
      this.#line(text);
      this.#displays.set(id, { text, isPrinted: true });
      this.#replaceable = id;
    } else if (this.#options.isTerminal && this.#replaceable === id) {
      this.#options.stdout.write(eraseLines(this.#rows(before.text)));
      this.#line(text);
      this.#displays.set(id, { text, isPrinted: true });
      this.#replaceable = id;
    } else {
      this.#displays.set(id, { text, isPrinted: before.isPrinted && before.text === text });
    }
  }

  #line(text: string): void {
    if (text === '') return;
    this.#startLine('stdout');
    this.#write('stdout', text.endsWith('\n') ? text : `${text}\n`);
  }

  #startLine(name: 'stdout' | 'stderr'): void {
    if (!this.#isAtLineStart) this.#write(name, '\n');
  }

  #write(name: 'stdout' | 'stderr', text: string): void {
    if (text === '') return;
    this.#replaceable = undefined;
    this.#isAtLineStart = text.endsWith('\n');
    this.#options[name].write(this.#options.isTerminal ? text : stripVTControlCharacters(text));
  }

  #rows(text: string): number {
    if (text === '') return 0;
    const columns = this.#options.columns?.() ?? 80;
    return stripVTControlCharacters(text)
      .replace(/\n$/, '')
      .split('\n')
      .reduce((rows, line) => rows + Math.max(1, Math.ceil(line.length / columns)), 0);
  }
}

/** What a MIME bundle says in plain text; a bundle without text is named by its types. */
export function bundleText(data: Readonly<Record<string, unknown>>): string {
  for (const type of ['text/plain', 'text/markdown']) {
    const value = data[type];
    if (typeof value === 'string') return value;
  }
  const types = Object.keys(data);
  return types.length === 0 ? '' : `[${types.join(', ')}]`;
}

/** ANSI: up one row and clear it, `rows` times. */
function eraseLines(rows: number): string {
  return '\x1b[1A\x1b[2K'.repeat(rows);
}
