import type { NotebookHost } from 'millrace/interactive';
import type { SessionOutput } from '../session-output.ts';
import { checkedBundle } from './mime-bundle.ts';
import type { SourceText } from './stack-traces.ts';

/** What an interrupt rejects with, and aborts with. The runtime's InterruptedError has the same name. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';

  constructor() {
    super('Interrupted by the user');
  }
}

/** What Notebook needs. */
export interface NotebookOptions {
  readonly send: (output: SessionOutput) => void;
  /** The names of the cells. */
  readonly cells: Readonly<Record<string, unknown>>;
  /** The text behind a script that V8 knows by a URL. */
  readonly textOf: (url: string) => SourceText | undefined;
}

/** The notebook as the runtime sees it: `globalThis[Symbol.for('millrace.notebook')]`. */
export class Notebook implements NotebookHost {
  readonly #send: (output: SessionOutput) => void;
  readonly #cells: Readonly<Record<string, unknown>>;
  readonly #textOf: (url: string) => SourceText | undefined;
  #controller = new AbortController();
  #executionCount = 0;

  constructor({ send, cells, textOf }: NotebookOptions) {
    this.#send = send;
    this.#cells = cells;
    this.#textOf = textOf;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get executionCount(): number {
    return this.#executionCount;
  }

  /** A cell starts. */
  begin(executionCount: number): void {
    this.#controller = new AbortController();
    this.#executionCount = executionCount;
  }

  /** The running cell was interrupted. */
  abort(reason: InterruptedError): void {
    this.#controller.abort(reason);
  }

  display(
    bundle: {
      readonly data: Readonly<Record<string, unknown>>;
      readonly metadata?: Readonly<Record<string, unknown>>;
    },
    { displayId, update = false }: { readonly displayId?: string; readonly update?: boolean } = {},
  ): void {
    if (update && displayId === undefined) {
      throw new TypeError('Cannot update a display as its displayId must be given: received none');
    }
    const data = checkedBundle(bundle.data);
    const metadata = { ...bundle.metadata };
    this.#send({ kind: 'display', data, metadata, update, ...(displayId !== undefined && { displayId }) });
  }

  clearOutput({ wait = false }: { readonly wait?: boolean } = {}): void {
    this.#send({ kind: 'clear', wait });
  }

  variableName(value: unknown): string | undefined {
    return Object.keys(this.#cells).find((name) => this.#cells[name] === value);
  }

  sourceOf(url: string): SourceText | undefined {
    return this.#textOf(url);
  }
}
