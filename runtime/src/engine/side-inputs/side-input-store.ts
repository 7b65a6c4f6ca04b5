import type { SideInputReader } from '../../executor/side-input-reader.ts';
import type { Timestamp } from '../../model/timestamp.ts';
import { maxTimestamp, windowId, type BoundedWindow } from '../../model/window.ts';
import type { Receiver } from '../../model/windowed-value.ts';
import type { WindowingStrategy } from '../../model/windowing-strategy.ts';
import { sideInputWindow } from '../../windowing/side-input-window.ts';

const NOTHING: readonly unknown[] = Object.freeze([]);

/**
 * Holds the elements of a PCollection that others look at, by window.
 *
 * A window is ready when the watermark has passed its end; with a trigger, as soon as something came out of it.
 */
export class SideInputStore implements SideInputReader {
  readonly windowing: WindowingStrategy;
  readonly add: Receiver;
  readonly #watermark: () => Timestamp;
  readonly #windows = new Map<string, unknown[]>();

  /** @param watermark That of the PCollection. */
  constructor(windowing: WindowingStrategy, watermark: () => Timestamp) {
    this.windowing = windowing;
    this.#watermark = watermark;
    this.add = (value, _, windows) => {
      for (const window of windows) {
        const id = windowId(window);
        const elements = this.#windows.get(id);
        if (elements === undefined) this.#windows.set(id, [value]);
        else elements.push(value);
      }
    };
  }

  isReady(mainWindow: BoundedWindow): boolean {
    const window = sideInputWindow(this.windowing.windowFn, mainWindow);
    if (window === undefined || this.#watermark() > maxTimestamp(window)) return true;
    return this.windowing.trigger.kind !== 'default' && this.#windows.has(windowId(window));
  }

  elements(mainWindow: BoundedWindow): readonly unknown[] {
    const window = sideInputWindow(this.windowing.windowFn, mainWindow);
    return (window === undefined ? undefined : this.#windows.get(windowId(window))) ?? NOTHING;
  }

  close(): void {
    this.#windows.clear();
  }
}
