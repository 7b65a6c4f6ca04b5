import { MIN_TIMESTAMP, type Timestamp } from '../model/timestamp.ts';
import { maxTimestamp, type BoundedWindow } from '../model/window.ts';
import type { WindowFn } from '../model/window-fn.ts';

/**
 * The window of a side input that a main element's window sees: of those that the side input's WindowFn puts the main
 * window's end in, the earliest. A WindowFn of one's own gets no element then.
 *
 * @returns undefined if that WindowFn drops what is there.
 * @see Beam's WindowFn.getDefaultWindowMappingFn
 */
export function sideInputWindow(windowFn: WindowFn, mainWindow: BoundedWindow): BoundedWindow | undefined {
  // Beam's own look at no element.
  const [first, ...others] = windowFn.assign(maxTimestamp(mainWindow), undefined as never);
  return others.reduce((earliest, next) => (startOf(next) < startOf(earliest) ? next : earliest), first);
}

function startOf(window: BoundedWindow | undefined): Timestamp {
  return window?.kind === 'interval' ? window.start : MIN_TIMESTAMP;
}
