import type { RingMemory } from './output-ring.ts';
import type { Outcome } from './session-output.ts';

/** What the session's worker thread is started with. */
export interface ThreadData {
  readonly directory: string;
  readonly ring: RingMemory;
  /** One word, not 0 while packages are loaded: a termination now would leave them broken for good. */
  readonly loading: SharedArrayBuffer;
}

/** One cell for the worker to run. */
export interface RunRequest {
  readonly kind: 'run';
  /** Counts the runs of a worker; unlike the execution count it never repeats. */
  readonly run: number;
  readonly executionCount: number;
  readonly silent: boolean;
  readonly code: string;
  readonly sourceMap: string;
  /** What the user wrote. */
  readonly source: string;
  readonly names: readonly string[];
}

/** From the main thread to the worker. */
export type ToThread = RunRequest | { readonly kind: 'interrupt'; readonly token: number };

/** From the worker to the main thread. Outputs go through the ring; a message that comes after them says so. */
export type FromThread =
  /** There is something in the ring. */
  | { readonly kind: 'wake' }
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'done';
      readonly run: number;
      readonly outcome: Outcome;
      /** Names that the cell assigned. */
      readonly defined: readonly string[];
    }
  /** The worker has heard it, and ends the run. */
  | { readonly kind: 'interrupting'; readonly token: number }
  /** The worker is idle; the run that was interrupted, if any, is over, having assigned `defined`. */
  | { readonly kind: 'interrupted'; readonly token: number; readonly defined: readonly string[] };
