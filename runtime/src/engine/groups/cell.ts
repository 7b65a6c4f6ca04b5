import type { Timestamp } from '../../model/timestamp.ts';
import { maxTimestamp, type BoundedWindow } from '../../model/window.ts';
import type { TimestampCombiner } from '../../model/windowing-strategy.ts';

/** What is held of one key and window. */
export interface Cell {
  /** The key's number. */
  key: number;
  readonly window: BoundedWindow;
  /** What the accumulation made of the elements since the last pane, or of all of them; undefined if it has none. */
  held: { readonly value: unknown } | undefined;
  /** Elements have come since the last pane. */
  hasNew: boolean;
  /** Elements of which something is in memory. */
  inMemory: number;
  /** Of the trigger's machine. */
  trigger: unknown;
  /** The next pane's timestamp, which holds the watermark back; undefined if no element in time has come for it. */
  time: Timestamp | undefined;
  /** Panes so far, and those of them that were not early. */
  panes: number;
  onTimePanes: number;
  /** A pane that says that it is the last has come out. */
  hasLast: boolean;
  /** The trigger has finished: what comes is dropped. */
  isClosed: boolean;
  /** It was merged into another, or its window is over. */
  isGone: boolean;
  /** For when processing time was last asked to come back to it. */
  dueAt: Timestamp | undefined;
}

/** A cell without elements. */
export function emptyCell(key: number, window: BoundedWindow, trigger: unknown): Cell {
  return {
    key,
    window,
    held: undefined,
    hasNew: false,
    inMemory: 0,
    trigger,
    time: undefined,
    panes: 0,
    onTimePanes: 0,
    hasLast: false,
    isClosed: false,
    isGone: false,
    dueAt: undefined,
  };
}

/** The timestamp that one element gives to its pane. */
export function outputTime(
  combiner: TimestampCombiner,
  window: BoundedWindow,
  timestamp: Timestamp,
): Timestamp {
  return combiner === 'endOfWindow' ? maxTimestamp(window) : timestamp;
}

/** The timestamp of a pane, from that of two parts of it. */
export function combineTimes(
  combiner: TimestampCombiner,
  a: Timestamp | undefined,
  b: Timestamp | undefined,
): Timestamp | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return combiner === 'earliest' ? Math.min(a, b) : Math.max(a, b);
}
