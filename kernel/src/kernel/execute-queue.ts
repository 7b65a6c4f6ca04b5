import type {
  ErrorReply,
  ExecuteReply,
  ExpressionReply,
  MessageHeader,
  RequestContents,
} from '../protocol/index.ts';
import type { HistoryStore } from './history-store.ts';
import type { Outcome, SessionOutput } from '../session/session-output.ts';
import type { KernelSession } from './kernel-session.ts';
import type { OutputPublisher, Publish } from './output-publisher.ts';

type ExecuteRequest = RequestContents['execute_request'];

/** What the queue needs of the kernel around it. */
export interface ExecuteQueueOptions {
  readonly session: () => Promise<KernelSession>;
  readonly history: HistoryStore;
  readonly outputs: OutputPublisher;
  readonly publish: Publish;
  /** A promise while too much waits to be sent: the cell then waits as well. */
  readonly pressure?: (() => Promise<void> | undefined) | undefined;
  /** Lets the requests that have already arrived be taken in; a failed cell aborts those as well. */
  readonly settle?: () => Promise<void>;
}

/** One cell that waits for its turn. */
export interface QueuedCell {
  readonly header: MessageHeader;
  readonly content: ExecuteRequest;
  /** Its turn has come: says busy. */
  readonly begin: () => void;
  /** Sends the reply, and says idle. */
  readonly answer: (reply: ExecuteReply) => void;
}

/** Runs cells one at a time, in the order of their requests. */
export class ExecuteQueue {
  readonly #options: ExecuteQueueOptions;
  #waiting: QueuedCell[] = [];
  #isDraining = false;
  #count = 0;
  #closed = false;
  #last: MessageHeader | undefined;
  #running: MessageHeader | undefined;

  constructor(options: ExecuteQueueOptions) {
    this.#options = options;
  }

  /** Takes a cell; the reply comes when it was run, or aborted. */
  enqueue(cell: QueuedCell): void {
    if (this.#closed) {
      this.#abort([cell]);
      return;
    }
    this.#waiting.push(cell);
    if (!this.#isDraining) void this.#drain();
  }

  /** Takes an output that no running cell made: it is shown under the cell that ran last. */
  background(output: SessionOutput): void {
    this.#options.outputs.output(output, { parent: this.#last, count: this.#count });
  }

  /** The request of the cell that runs now. */
  get running(): MessageHeader | undefined {
    return this.#running;
  }

  /** Aborts what waits, and takes no more cells. */
  close(): void {
    this.#closed = true;
    this.#abort(this.#waiting.splice(0));
  }

  /** Runs what waits; never rejects, as #run does not. */
  async #drain(): Promise<void> {
    this.#isDraining = true;
    for (let cell = this.#waiting.shift(); cell !== undefined; cell = this.#waiting.shift()) {
      this.#running = cell.header;
      cell.begin();
      const reply = await this.#run(cell);
      this.#options.outputs.flush();
      const stops = reply.status === 'error' && cell.content.stop_on_error && !cell.content.silent;
      if (stops) await (this.#options.settle ?? nextTurn)();
      const aborted = stops ? this.#waiting.splice(0) : [];
      this.#running = undefined;
      cell.answer(reply);
      this.#abort(aborted);
    }
    this.#isDraining = false;
  }

  #abort(cells: readonly QueuedCell[]): void {
    for (const cell of cells) {
      cell.begin();
      cell.answer({ status: 'aborted', execution_count: this.#count });
    }
  }

  async #run({ header, content }: QueuedCell): Promise<ExecuteReply> {
    const { code, silent, store_history: stores } = content;
    if (stores) this.#count += 1;
    const count = this.#count;
    this.#last = header;
    if (!silent) this.#options.publish('execute_input', { code, execution_count: count }, header);
    let result: string | null = null;
    const onOutput = (output: SessionOutput): void | Promise<void> => {
      if (silent && output.kind === 'result') return;
      if (output.kind === 'result') result = plainText(output.data);
      this.#options.outputs.output(output, { parent: header, count });
      return this.#options.pressure?.();
    };
    const outcome = await this.#execute(code, { executionCount: count, silent, onOutput });
    if (stores) this.#options.history.add({ line: count, input: code, output: result });
    if (outcome.status === 'error') {
      const { ename, evalue, traceback } = outcome;
      this.#options.outputs.flush();
      if (!silent) this.#options.publish('error', { ename, evalue, traceback }, header);
      return { status: 'error', execution_count: count, ename, evalue, traceback };
    }
    const expressions = Object.entries(content.user_expressions);
    const evaluated: Record<string, ExpressionReply> = {};
    for (const [name, expression] of expressions) evaluated[name] = await this.#evaluate(expression, header);
    return { status: 'ok', execution_count: count, user_expressions: evaluated, payload: [] };
  }

  /** One of user_expressions: a cell of its own whose result goes into the reply. */
  async #evaluate(expression: string, parent: MessageHeader): Promise<ExpressionReply> {
    let reply: ExpressionReply = { status: 'ok', data: { 'text/plain': 'undefined' }, metadata: {} };
    const outcome = await this.#execute(expression, {
      executionCount: this.#count,
      onOutput: (output) => {
        if (output.kind === 'result') reply = { status: 'ok', data: output.data, metadata: output.metadata };
        else this.#options.outputs.output(output, { parent, count: this.#count });
      },
    });
    if (outcome.status === 'ok') return reply;
    return outcome satisfies ErrorReply;
  }

  /** A cell's error is an outcome; what is thrown here is a fault of ours, and must not stop the queue. */
  async #execute(code: string, options: Parameters<KernelSession['execute']>[1]): Promise<Outcome> {
    try {
      const session = await this.#options.session();
      return await session.execute(code, options);
    } catch (error) {
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
      return { status: 'error', ename: name, evalue: message, traceback: (stack ?? message).split('\n') };
    }
  }
}

function plainText(data: Readonly<Record<string, unknown>>): string | null {
  const text = data['text/plain'];
  return typeof text === 'string' ? text : null;
}

/** Two turns of the event loop: in the first one the sockets are read, in the second one their messages are taken. */
async function nextTurn(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}
