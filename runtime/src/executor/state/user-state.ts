import type { PaneInfo } from '../../model/pane-info.ts';
import type { StateSpec } from '../../model/state.ts';
import type { Timestamp } from '../../model/timestamp.ts';
import type { BoundedWindow } from '../../model/window.ts';
import type { StateCell } from './state-cell.ts';

/** A timer of a key and window, as it is set or cleared. */
export interface TimerUpdate {
  /** The name that the context gives it. */
  readonly family: string;
  readonly tag: string;
  /** undefined: it is cleared. */
  readonly set:
    | { readonly fireTimestamp: Timestamp; readonly holdTimestamp: Timestamp; readonly pane: PaneInfo }
    | undefined;
}

/** A timer that is due. */
export interface DueTimer {
  readonly family: string;
  readonly tag: string;
  readonly key: unknown;
  readonly window: BoundedWindow;
  readonly fireTimestamp: Timestamp;
  readonly holdTimestamp: Timestamp;
  readonly pane: PaneInfo;
}

/** The state and timers of one key and window. */
export interface KeyedState {
  /** The state of a spec; the same one each time, while the key and window have it. */
  cell(name: string, spec: StateSpec<unknown>): StateCell;
  setTimer(update: TimerUpdate): void;
}

/** What a driver gives to a transform that keeps state. */
export interface UserState {
  /** @throws {NonDeterministicKeyError} for a key without a deterministic encoding. */
  of(key: unknown, window: BoundedWindow): KeyedState;
  /** Processing time, milliseconds since the epoch. */
  now(): Timestamp;
  /** Nothing of a window is kept after this event time. */
  expiryOf(window: BoundedWindow): Timestamp;
}
