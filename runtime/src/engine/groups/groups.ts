import type { DueTimer } from '../../executor/state/user-state.ts';
import type { KV } from '../../model/kv.ts';
import type { Timestamp } from '../../model/timestamp.ts';
import type { Receiver } from '../../model/windowed-value.ts';
import type { WindowingStrategy } from '../../model/windowing-strategy.ts';
import type { RunMemory } from '../memory/run-memory.ts';
import type { Accumulation } from './accumulation.ts';

/**
 * Holds what comes to a groupByKey or combinePerKey until the panes of its windows are due.
 *
 * It has no clock: the engine says how far event time and processing time are. Panes come out as
 * `{ key, value: held }`, where `held` is what the accumulation made.
 */
export interface Groups {
  /**
   * Takes one { key, value }, in its windows. What is too late is dropped, and counted.
   *
   * @throws {NonDeterministicKeyError} for a key without a deterministic encoding.
   */
  readonly add: Receiver<KV<unknown, unknown>>;
  /** The bundle that added has ended: triggers that its elements set off are due. */
  endBundle(): void;
  /** The input watermark and processing time come to these; neither goes back. */
  advance(times: Times): void;
  /** True if there are panes to emit. */
  readonly isDue: boolean;
  /**
   * Emits all panes that are due.
   *
   * @param fireTimer Takes the timers that are due, of what keeps state.
   * @throws the signal's reason, once it is aborted.
   */
  fire(
    receiver: Receiver,
    signal: AbortSignal,
    fireTimer?: (timer: DueTimer) => void | Promise<void>,
  ): Promise<void>;
  /** Nothing that comes out later will have an older timestamp; MAX_TIMESTAMP if nothing is held. */
  readonly hold: Timestamp;
  /** When processing time will make a pane due; undefined if it will not. */
  readonly dueAt: Timestamp | undefined;
  /** Frees what it holds. */
  close(): void;
}

/** Where time stands, in milliseconds since the epoch. */
export interface Times {
  readonly watermark: Timestamp;
  readonly processingTime: Timestamp;
}

/** What Groups are made for. */
export interface GroupsOptions {
  /** Full name of the groupByKey or combinePerKey, for errors. */
  readonly transform: string;
  /** That of its input. */
  readonly windowing: WindowingStrategy;
  readonly accumulation: Accumulation;
  /** Whose budget it keeps within; without one all is held in memory. */
  readonly memory?: RunMemory | undefined;
  readonly onDropped: (why: DropReason, count: number) => void;
}

/** Why elements are dropped, in the names of Beam's counters. */
export type DropReason = 'droppedDueToLateness' | 'droppedDueToClosedWindow';
