import type { LanguagePlaces } from './language-host.ts';
import type { CommittedCell, Preparation } from './cell-service.ts';
import type { Completion } from './completion.ts';
import type { Inspection } from './inspection.ts';
import type { Completeness } from './is-complete.ts';

/** What the language thread is started with. */
export interface ThreadData {
  readonly places: LanguagePlaces;
  /** What was committed to a thread that is no more. */
  readonly committed: readonly CommittedCell[];
}

/** What the thread can be asked, as functions. */
export interface ThreadMethods {
  prepare(cell: { readonly id: number; readonly code: string }): Preparation;
  /** Returns the serial numbers of the cells that are still referred to. */
  commit(cell: CommittedCell): readonly number[];
  complete(at: { readonly code: string; readonly cursor: number }): Completion;
  inspect(at: {
    readonly code: string;
    readonly cursor: number;
    readonly detail: 0 | 1;
  }): Inspection | undefined;
  isComplete(code: string): Completeness;
}

/** A question to the thread. */
export interface ThreadRequest<M extends keyof ThreadMethods = keyof ThreadMethods> {
  readonly id: number;
  readonly method: M;
  readonly argument: Parameters<ThreadMethods[M]>[0];
}

/** Its answer, or why there is none. */
export type ThreadReply =
  { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };
