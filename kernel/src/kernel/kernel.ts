import type { MessageHeader, Message } from '../protocol/index.ts';
import { ExecuteQueue } from './execute-queue.ts';
import { HANDLERS } from './handlers/table.ts';
import { errorReply, unsupported } from './handlers/unsupported.ts';
import type { HistoryStore } from './history-store.ts';
import type { KernelContext, Request } from './kernel-context.ts';
import type { SessionOutput } from '../session/session-output.ts';
import type { KernelSession } from './kernel-session.ts';
import { MessageFactory } from './message-factory.ts';
import { OutputPublisher } from './output-publisher.ts';
import { executeContent, MalformedRequestError } from './request-content.ts';

/** What a kernel is made of. */
export interface KernelOptions {
  /** Starts the session, once; called when the first request needs it. */
  readonly startSession: () => Promise<KernelSession>;
  readonly history: HistoryStore;
  /** Sends on iopub. */
  readonly publish: (message: Message<unknown>) => void;
  /** A promise while too much waits to be sent: the running cell then waits as well. */
  readonly pressure?: () => Promise<void> | undefined;
  /** A shutdown_request was answered: end the process. */
  readonly onShutdown: () => void;
  /** One sentence for the log. */
  readonly onNotice: (notice: string) => void;
}

/** Sends a reply to the client that asked. */
export type Reply = (message: Message<unknown>) => void;

/** Takes requests, keeps the table `msg_type → handler`, and says busy and idle around each. */
export class Kernel {
  readonly #options: KernelOptions;
  readonly #messages = new MessageFactory();
  readonly #outputs: OutputPublisher;
  readonly #executions: ExecuteQueue;
  readonly #context: KernelContext;
  #starting: Promise<KernelSession> | undefined;
  #session: KernelSession | undefined;
  #isShuttingDown = false;

  constructor(options: KernelOptions) {
    this.#options = options;
    const publish = (type: string, content: unknown, parent: MessageHeader | undefined): void =>
      options.publish(this.#messages.make(type, { parent, content }));
    const session = (): Promise<KernelSession> => this.session();
    const { history, pressure, onNotice } = options;
    this.#outputs = new OutputPublisher(publish);
    this.#executions = new ExecuteQueue({ session, history, outputs: this.#outputs, publish, pressure });
    this.#context = {
      session,
      startedSession: () => this.#session,
      executions: this.#executions,
      history,
      publish,
      shutDown: () => {
        this.#isShuttingDown = true;
      },
      notice: onNotice,
    };
  }

  /** The session; started by the first call. A start that failed is tried again by the next one. */
  session(): Promise<KernelSession> {
    this.#starting ??= this.#options.startSession().then(
      (session) => (this.#session = session),
      (error: unknown) => {
        this.#starting = undefined;
        throw error;
      },
    );
    return this.#starting;
  }

  /** Tells that the kernel is there. */
  starting(): void {
    this.#publishStatus('starting', undefined);
  }

  /** Answers a subscription to iopub (protocol 5.4, JEP 65). */
  welcome(topic: string): void {
    this.#context.publish('iopub_welcome', { subscription: topic }, undefined);
  }

  /** Takes one request; `reply` gets its answer. Never throws. */
  take(message: Message, reply: Reply): void {
    const { header, content } = message;
    if (header.msg_type === 'execute_request') this.#execute(message, reply);
    else void this.#handle({ header, content }, reply);
  }

  /** Takes an output that no running cell made: a timer's, of a cell that has ended. */
  background(output: SessionOutput): void {
    this.#executions.background(output);
  }

  /** Ends the running cell, keeping its state. */
  interrupt(): void {
    this.#session?.interrupt();
  }

  /** Aborts the cells that wait, and closes the session. */
  async close(): Promise<void> {
    this.#executions.close();
    this.#outputs.flush();
    await this.#session?.close();
  }

  #execute({ header, content }: Message, reply: Reply): void {
    const begin = (): void => this.#publishStatus('busy', header);
    const answer = (replyContent: unknown): void => {
      reply(this.#messages.make('execute_reply', { parent: header, content: replyContent }));
      this.#publishStatus('idle', header);
    };
    try {
      this.#executions.enqueue({ header, content: executeContent(content), begin, answer });
    } catch (error) {
      begin();
      answer(this.#failure(header, error));
    }
  }

  async #handle(request: Request, reply: Reply): Promise<void> {
    const { header } = request;
    const handler = HANDLERS.get(header.msg_type);
    const isRequest = header.msg_type.endsWith('_request');
    if (handler === undefined) {
      this.#options.onNotice(
        `Cannot handle ${JSON.stringify(header.msg_type)} as it is not a known message type`,
      );
      if (!isRequest) return;
    }
    this.#publishStatus('busy', header);
    let content: unknown;
    try {
      content = await (handler ?? unsupported)(request, this.#context);
    } catch (error) {
      content = this.#failure(header, error);
    }
    if (isRequest) {
      const type = header.msg_type.replace(/_request$/, '_reply');
      reply(this.#messages.make(type, { parent: header, content }));
    }
    this.#publishStatus('idle', header);
    // A client shows the status that came last: a running cell is still busy.
    if (this.#executions.running !== undefined) this.#publishStatus('busy', this.#executions.running);
    if (this.#isShuttingDown) this.#options.onShutdown();
  }

  #failure(header: MessageHeader, error: unknown): unknown {
    const { name, message } = error instanceof Error ? error : new TypeError(String(error));
    if (!(error instanceof MalformedRequestError)) {
      const stack = error instanceof Error ? error.stack : undefined;
      this.#options.onNotice(`Cannot answer ${header.msg_type}: ${stack ?? message}`);
    }
    return errorReply(name, message);
  }

  #publishStatus(state: 'starting' | 'busy' | 'idle', parent: MessageHeader | undefined): void {
    this.#context.publish('status', { execution_state: state }, parent);
  }
}
