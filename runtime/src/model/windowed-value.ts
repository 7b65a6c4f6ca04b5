import { NO_FIRING, type PaneInfo } from './pane-info.ts';
import { MIN_TIMESTAMP, type Timestamp } from './timestamp.ts';
import { GLOBAL_WINDOWS, type BoundedWindow } from './window.ts';

/** An element with all that the Beam model knows of it. Operators pass the four fields positionally instead. */
export interface WindowedValue<T> {
  readonly value: T;
  readonly timestamp: Timestamp;
  readonly windows: readonly BoundedWindow[];
  readonly pane: PaneInfo;
}

/** Wraps `value`; in the global window at the earliest timestamp unless told otherwise. */
export function windowedValue<T>(
  value: T,
  rest: Partial<Omit<WindowedValue<T>, 'value'>> = {},
): WindowedValue<T> {
  return { value, timestamp: MIN_TIMESTAMP, windows: GLOBAL_WINDOWS, pane: NO_FIRING, ...rest };
}

/**
 * Takes one element, its four fields positionally: no object per element on the hot path.
 *
 * A promise asks the sender to wait for it before it sends more (back-pressure); undefined means go on.
 */
export type Receiver<T = unknown> = (
  value: T,
  timestamp: Timestamp,
  windows: readonly BoundedWindow[],
  pane: PaneInfo,
) => void | Promise<void>;
