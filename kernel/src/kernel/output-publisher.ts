import type { MessageHeader } from '../protocol/index.ts';
import type { SessionOutput } from '../session/session-output.ts';

/** Sends one message on iopub, under the request that it belongs to. */
export type Publish = (type: string, content: unknown, parent: MessageHeader | undefined) => void;

/** How long text may wait for more of it, in milliseconds. */
const STREAM_DELAY_MS = 10;
/** How much text may wait for more of it, in UTF-16 units. */
const STREAM_LIMIT = 1 << 16;

interface WaitingText {
  readonly name: 'stdout' | 'stderr';
  readonly parts: string[];
  length: number;
  readonly parent: MessageHeader | undefined;
}

/**
 * Turns a cell's outputs into iopub messages, in their order.
 *
 * Text that follows text on one stream goes out as one message: after 64 K characters, after 10 ms, before any
 * other output, and when `flush` is called, which the kernel does before it says "idle".
 */
export class OutputPublisher {
  readonly #publish: Publish;
  #waiting: WaitingText | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(publish: Publish) {
    this.#publish = publish;
  }

  /** Takes one output of the cell of `parent`. */
  output(
    output: SessionOutput,
    context: { readonly parent: MessageHeader | undefined; readonly count: number },
  ): void {
    const { parent, count } = context;
    if (output.kind === 'stream') {
      this.#text(output.name, output.text, parent);
      return;
    }
    this.flush();
    switch (output.kind) {
      case 'display': {
        const { data, metadata, displayId, update } = output;
        const transient = displayId === undefined ? {} : { display_id: displayId };
        this.#publish(update ? 'update_display_data' : 'display_data', { data, metadata, transient }, parent);
        return;
      }
      case 'result':
        this.#publish(
          'execute_result',
          { execution_count: count, data: output.data, metadata: output.metadata },
          parent,
        );
        return;
      case 'clear':
        this.#publish('clear_output', { wait: output.wait }, parent);
        return;
    }
  }

  /** Sends the text that waits for more. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return;
    this.#publish('stream', { name: waiting.name, text: waiting.parts.join('') }, waiting.parent);
  }

  #text(name: 'stdout' | 'stderr', text: string, parent: MessageHeader | undefined): void {
    if (text === '') return;
    if (this.#waiting !== undefined && (this.#waiting.name !== name || this.#waiting.parent !== parent)) {
      this.flush();
    }
    this.#waiting ??= { name, parts: [], length: 0, parent };
    this.#waiting.parts.push(text);
    this.#waiting.length += text.length;
    if (this.#waiting.length >= STREAM_LIMIT) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), STREAM_DELAY_MS);
  }
}
