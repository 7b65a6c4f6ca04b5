import type { BoundedWindow } from '../model/window.ts';
import type { WindowingStrategy } from '../model/windowing-strategy.ts';

/** Gives a driver's elements of one side input of one transform. */
export interface SideInputReader {
  readonly windowing: WindowingStrategy;
  /** Those that a main window sees; the same object as long as they are the same. */
  elements(mainWindow: BoundedWindow): Iterable<unknown>;
  /** Refuses a window whose elements are too many for memory, where all of them must be there at once. */
  requireInMemory?(mainWindow: BoundedWindow, transform: string): void;
}
