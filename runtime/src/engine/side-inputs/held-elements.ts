import { MAX_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import { GLOBAL_WINDOWS, windowId, type BoundedWindow } from '../../model/window.ts';
import type { Receiver } from '../../model/windowed-value.ts';
import { LIST } from '../groups/accumulations.ts';
import type { Groups } from '../groups/groups.ts';
import type { MemoryAccount } from '../memory/memory-budget.ts';
import type { RunMemory } from '../memory/run-memory.ts';
import { SampledSizes } from '../memory/sampled-sizes.ts';
import { Spillable } from '../memory/spillable.ts';
import type { SideInputStore } from './side-input-store.ts';

type Element = Parameters<Receiver>;

/** Of an element beside its value. */
const ELEMENT_BYTES = 90;

interface Waiting {
  readonly window: BoundedWindow;
  /** What the spillable list holds: elements. */
  held: unknown;
  count: number;
  /** Of its elements. */
  earliest: Timestamp;
}

/**
 * Holds the main input of a transform back until the side inputs of its windows are ready: like a grouping, whose panes
 * are the elements as they came.
 *
 * An element in several windows goes on in each of them alone. Over the memory budget elements are written to disk.
 */
export class HeldElements implements Groups {
  readonly add: Receiver;
  readonly dueAt = undefined;
  readonly #sides: readonly SideInputStore[];
  /** By the name of their window. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #list: Spillable;
  readonly #account: MemoryAccount;
  /** Helds of windows. */
  #ready: unknown[] = [];
  /** Elements, also those that are ready. */
  #count = 0;

  constructor(
    sides: readonly SideInputStore[],
    { memory, transform }: { readonly memory: RunMemory; readonly transform: string },
  ) {
    this.#sides = sides;
    this.#list = new Spillable(LIST, { memory, transform });
    this.#account = memory.open({ transform, spill: () => this.#spill(memory) });
    const sizes = new SampledSizes(memory);
    this.add = (value, timestamp, windows, pane) => {
      for (const window of windows) {
        const only = windows.length === 1 ? windows : [window];
        this.#hold(window, [value, timestamp, only, pane]);
      }
      return sizes.isDue()
        ? this.#account.grow(sizes.take(value, ELEMENT_BYTES) * windows.length)
        : undefined;
    };
  }

  endBundle(): void {
    this.#release();
  }

  advance(): void {
    this.#release();
  }

  get isDue(): boolean {
    return this.#ready.length > 0;
  }

  get hold(): Timestamp {
    let earliest = MAX_TIMESTAMP;
    for (const waiting of this.#waiting.values()) earliest = Math.min(earliest, waiting.earliest);
    return earliest;
  }

  async fire(receiver: Receiver, signal: AbortSignal): Promise<void> {
    const ready = this.#ready;
    this.#ready = [];
    for (const held of ready) {
      for (const element of this.#list.whole(held) as Iterable<Element>) {
        const [value, timestamp, windows, pane] = element;
        const wait = receiver(value, timestamp, asShared(windows), pane);
        if (wait !== undefined) {
          await wait;
          signal.throwIfAborted();
        }
      }
    }
    let left = 0;
    for (const { count } of this.#waiting.values()) left += count;
    if (this.#count > 0) this.#account.set((this.#account.bytes * left) / this.#count);
    this.#count = left;
  }

  close(): void {
    this.#waiting.clear();
    this.#ready = [];
  }

  #hold(window: BoundedWindow, element: Element): void {
    this.#count += 1;
    const id = windowId(window);
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) {
      this.#waiting.set(id, { window, held: this.#list.of(element), count: 1, earliest: element[1] });
    } else {
      waiting.held = this.#list.add(waiting.held, element);
      waiting.count += 1;
      waiting.earliest = Math.min(waiting.earliest, element[1]);
    }
  }

  #release(): void {
    for (const [id, { window, held }] of this.#waiting) {
      if (!this.#sides.every((side) => side.isReady(window))) continue;
      this.#waiting.delete(id);
      this.#ready.push(held);
    }
  }

  async #spill({ pacer }: RunMemory): Promise<void> {
    const lot = this.#list.begin();
    if (lot === undefined) return;
    for (const waiting of this.#waiting.values()) {
      waiting.held = lot.spill(waiting.held);
      const wait = pacer.pause();
      if (wait !== undefined) await wait;
    }
    this.#ready = this.#ready.map((held) => lot.spill(held));
    lot.end();
    this.#account.set(0);
  }
}

/** Who compares windows looks at the object first; what comes from disk has another. */
function asShared(windows: readonly BoundedWindow[]): readonly BoundedWindow[] {
  return windows.length === 1 && windows[0]?.kind === 'global' ? GLOBAL_WINDOWS : windows;
}
