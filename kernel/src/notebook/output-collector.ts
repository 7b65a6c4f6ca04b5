import type { SessionOutput } from '../session/session-output.ts';
import type { MimeData, NotebookOutput } from './nbformat.ts';

/** The data of one display id, which may stand in several cells; an update changes all of them. */
interface Shown {
  data: MimeData;
  metadata: MimeData;
}

type Slot =
  | { readonly kind: 'fixed'; readonly output: NotebookOutput }
  | { readonly kind: 'stream'; readonly name: 'stdout' | 'stderr'; readonly parts: string[] }
  | { readonly kind: 'shown'; readonly shown: Shown };

/** Turns what cells show into what a notebook keeps: streams merged, displays updated in place, clears obeyed. */
export class OutputCollector {
  readonly #shown = new Map<string, Shown>();

  /** Outputs of one more cell; its `outputs()` may still change while later cells run. */
  cell(executionCount: number): CellOutputs {
    return new CellOutputs(executionCount, this.#shown);
  }
}

/** The outputs of one cell. */
export class CellOutputs {
  readonly #executionCount: number;
  readonly #shown: Map<string, Shown>;
  #slots: Slot[] = [];
  #clearsOnNext = false;

  constructor(executionCount: number, shown: Map<string, Shown>) {
    this.#executionCount = executionCount;
    this.#shown = shown;
  }

  /** Takes the next output. */
  add(output: SessionOutput): void {
    if (output.kind === 'clear') {
      if (output.wait) this.#clearsOnNext = true;
      else this.#slots = [];
      return;
    }
    if (output.kind === 'display' && output.update) {
      const shown = output.displayId === undefined ? undefined : this.#shown.get(output.displayId);
      if (shown !== undefined) Object.assign(shown, { data: output.data, metadata: output.metadata });
      return;
    }
    if (this.#clearsOnNext) this.#slots = [];
    this.#clearsOnNext = false;
    switch (output.kind) {
      case 'stream':
        this.#stream(output.name, output.text);
        return;
      case 'result':
        this.#slots.push({
          kind: 'fixed',
          output: {
            output_type: 'execute_result',
            execution_count: this.#executionCount,
            data: output.data,
            metadata: output.metadata,
          },
        });
        return;
      case 'display': {
        const shown: Shown = { data: output.data, metadata: output.metadata };
        if (output.displayId !== undefined) this.#display(output.displayId, shown);
        else this.#slots.push({ kind: 'shown', shown });
        return;
      }
    }
  }

  /** Takes the error that ended the cell. */
  fail(error: {
    readonly ename: string;
    readonly evalue: string;
    readonly traceback: readonly string[];
  }): void {
    const { ename, evalue, traceback } = error;
    this.#slots.push({ kind: 'fixed', output: { output_type: 'error', ename, evalue, traceback } });
  }

  /** All outputs, in their order. */
  outputs(): NotebookOutput[] {
    return this.#slots.map((slot) => {
      switch (slot.kind) {
        case 'fixed':
          return slot.output;
        case 'stream':
          return { output_type: 'stream', name: slot.name, text: slot.parts.join('') };
        case 'shown':
          return { output_type: 'display_data', data: slot.shown.data, metadata: slot.shown.metadata };
      }
    });
  }

  /** A second display of an id also renews those that stand already. */
  #display(id: string, { data, metadata }: Shown): void {
    const known = this.#shown.get(id);
    const shown = Object.assign(known ?? { data, metadata }, { data, metadata });
    this.#shown.set(id, shown);
    this.#slots.push({ kind: 'shown', shown });
  }

  #stream(name: 'stdout' | 'stderr', text: string): void {
    const last = this.#slots.at(-1);
    if (last?.kind === 'stream' && last.name === name) last.parts.push(text);
    else this.#slots.push({ kind: 'stream', name, parts: [text] });
  }
}
