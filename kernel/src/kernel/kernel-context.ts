import type { JsonObject, MessageHeader } from '../protocol/index.ts';
import type { ExecuteQueue } from './execute-queue.ts';
import type { HistoryStore } from './history-store.ts';
import type { KernelSession } from './kernel-session.ts';
import type { Publish } from './output-publisher.ts';

/** One request, as its handler sees it. */
export interface Request {
  readonly header: MessageHeader;
  readonly content: JsonObject;
}

/** What handlers can reach. */
export interface KernelContext {
  /** The session; started on first use, so that it never delays kernel_info. */
  readonly session: () => Promise<KernelSession>;
  /** The session if it was started; for an interrupt. */
  readonly startedSession: () => KernelSession | undefined;
  readonly executions: ExecuteQueue;
  readonly history: HistoryStore;
  /** Sends on iopub, under the request. */
  readonly publish: Publish;
  /** The process ends once the running answer is sent. */
  readonly shutDown: () => void;
  /** One sentence for the log. */
  readonly notice: (notice: string) => void;
}

/** Answers one type of request: gives the reply's content, or undefined where the protocol has no reply. */
export type Handler = (request: Request, context: KernelContext) => unknown;
