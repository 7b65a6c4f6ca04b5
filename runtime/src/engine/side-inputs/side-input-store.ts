import type { SideInputReader } from '../../executor/side-input-reader.ts';
import type { Timestamp } from '../../model/timestamp.ts';
import { maxTimestamp, windowId, type BoundedWindow } from '../../model/window.ts';
import type { Receiver } from '../../model/windowed-value.ts';
import type { WindowingStrategy } from '../../model/windowing-strategy.ts';
import { sideInputWindow } from '../../windowing/side-input-window.ts';
import { LIST } from '../groups/accumulations.ts';
import { MemoryBudgetError, type MemoryAccount } from '../memory/memory-budget.ts';
import type { RunMemory } from '../memory/run-memory.ts';
import { SampledSizes } from '../memory/sampled-sizes.ts';
import { Spillable } from '../memory/spillable.ts';

const NOTHING: readonly unknown[] = Object.freeze([]);
/** Of a place in an array that grows. */
const SLOT = 10;

/** The elements of one window. */
interface WindowElements {
  /** What the spillable list holds. */
  held: unknown;
  /** What was given out of it: the same until something comes to it, or it is spilled. */
  view: Iterable<unknown> | undefined;
}

/**
 * Holds the elements of a PCollection that others look at, by window.
 *
 * A window is ready when the watermark has passed its end; with a trigger, as soon as something came out of it. Over the memory
 * budget elements are written to disk, and read each time that they are gone through.
 */
export class SideInputStore implements SideInputReader {
  readonly windowing: WindowingStrategy;
  readonly add: Receiver;
  readonly #watermark: () => Timestamp;
  readonly #memory: RunMemory;
  readonly #list: Spillable;
  readonly #account: MemoryAccount;
  readonly #windows = new Map<string, WindowElements>();

  constructor(
    windowing: WindowingStrategy,
    {
      watermark,
      memory,
      name,
    }: {
      /** That of the PCollection. */
      readonly watermark: () => Timestamp;
      readonly memory: RunMemory;
      /** What errors call the PCollection: the full name of its producer. */
      readonly name: string;
    },
  ) {
    this.windowing = windowing;
    this.#watermark = watermark;
    this.#memory = memory;
    this.#list = new Spillable(LIST, { memory, transform: name });
    this.#account = memory.open({ transform: name, spill: () => this.#spill() });
    const sizes = new SampledSizes(memory);
    this.add = (value, _, windows) => {
      for (const window of windows) {
        const id = windowId(window);
        const elements = this.#windows.get(id);
        if (elements === undefined) {
          this.#windows.set(id, { held: this.#list.of(value), view: undefined });
        } else {
          elements.held = this.#list.add(elements.held, value);
          elements.view = undefined;
        }
      }
      return sizes.isDue() ? this.#account.grow(sizes.take(value, SLOT) * windows.length) : undefined;
    };
  }

  isReady(mainWindow: BoundedWindow): boolean {
    const window = sideInputWindow(this.windowing.windowFn, mainWindow);
    if (window === undefined || this.#watermark() > maxTimestamp(window)) return true;
    return this.windowing.trigger.kind !== 'default' && this.#windows.has(windowId(window));
  }

  elements(mainWindow: BoundedWindow): Iterable<unknown> {
    const found = this.#at(mainWindow);
    if (found === undefined) return NOTHING;
    return (found.view ??= this.#list.view(found.held));
  }

  requireInMemory(mainWindow: BoundedWindow, transform: string): void {
    const needed = this.#list.spilledBytes(this.#at(mainWindow)?.held);
    const budget = this.#memory.budget.bytes;
    if (needed > budget / 2) throw new MemoryBudgetError(transform, { needed, budget });
  }

  close(): void {
    this.#windows.clear();
  }

  #at(mainWindow: BoundedWindow): WindowElements | undefined {
    const window = sideInputWindow(this.windowing.windowFn, mainWindow);
    return window === undefined ? undefined : this.#windows.get(windowId(window));
  }

  async #spill(): Promise<void> {
    const lot = this.#list.begin();
    if (lot === undefined) return;
    for (const elements of this.#windows.values()) {
      elements.held = lot.spill(elements.held);
      elements.view = undefined;
      const wait = this.#memory.pacer.pause();
      if (wait !== undefined) await wait;
    }
    lot.end();
    this.#account.set(0);
  }
}
