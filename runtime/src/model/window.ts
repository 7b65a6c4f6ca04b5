import { END_OF_GLOBAL_WINDOW, type Timestamp } from './timestamp.ts';

/** The one window that holds all of event time. */
export interface GlobalWindow {
  readonly kind: 'global';
}

/** A half-open span of event time, `[start, end)`, in milliseconds since the epoch. */
export interface IntervalWindow {
  readonly kind: 'interval';
  readonly start: Timestamp;
  readonly end: Timestamp;
}

/** What an element can be in: Beam's BoundedWindow. */
export type BoundedWindow = GlobalWindow | IntervalWindow;

export const GLOBAL_WINDOW: GlobalWindow = Object.freeze({ kind: 'global' });

/** The windows of an element that was never windowed; shared, so that the hot path compares by identity. */
export const GLOBAL_WINDOWS: readonly BoundedWindow[] = Object.freeze([GLOBAL_WINDOW]);

/** The last event time that is in `window`, in milliseconds since the epoch. */
export function maxTimestamp(window: BoundedWindow): Timestamp {
  switch (window.kind) {
    case 'global':
      return END_OF_GLOBAL_WINDOW;
    case 'interval':
      return window.end - 1;
  }
}

/** Names a window: windows with the same bounds have the same name. */
export function windowId(window: BoundedWindow): string {
  return window.kind === 'global' ? 'global' : `${window.start} ${window.end}`;
}
