import type { DueTimer } from '../../executor/state/user-state.ts';
import type { Timestamp } from '../../model/timestamp.ts';
import type { Receiver } from '../../model/windowed-value.ts';

/** What is known of how much is read, for progress. */
export interface ReadProgress {
  /** All bytes of the source; undefined when it does not say. */
  totalBytes?: number | undefined;
  bytes?: number | undefined;
}

/** Whom a stage's input is given to. */
export interface InputReceiver {
  readonly receive: Receiver;
  /** Calls the transform that the stage begins with for a timer that is due. */
  readonly fireTimer?: (timer: DueTimer) => void | Promise<void>;
  /** Ends the running bundle, if it has elements: what follows is a bundle of its own. */
  endBundle(): Promise<void>;
}

/**
 * Where a stage's bundles come from, one after the other: a root, an available PCollection, or groups.
 *
 * The element manager looks at it, and says when `read` is called.
 */
export interface BundleSource {
  /** Nothing that comes out later will be older; MAX_TIMESTAMP once it has ended. It never goes back. */
  readonly watermark: Timestamp;
  /** Nothing more will come out. */
  readonly isEnded: boolean;
  /** When there is something to read, in processing time: one that has passed means now; undefined if nothing is known. */
  readonly readyAt: Timestamp | undefined;
  /** The input watermark and processing time come to these; neither goes back. Roots have a watermark of their own. */
  advance(times: { readonly watermark: Timestamp; readonly processingTime: Timestamp }): void;
  /** Reads what is there now; it is emitted before this returns. */
  read(to: InputReceiver, signal: AbortSignal): Promise<void>;
  /** Ends it although there may be more: nothing else is read. Only what need not end can be cut. */
  cut?(): void;
}
