import { MAX_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import { windowId, type BoundedWindow } from '../../model/window.ts';
import type { Receiver } from '../../model/windowed-value.ts';
import type { Groups } from '../groups/groups.ts';
import type { SideInputStore } from './side-input-store.ts';

type Element = Parameters<Receiver>;

interface Waiting {
  readonly window: BoundedWindow;
  readonly elements: Element[];
  /** Of its elements. */
  earliest: Timestamp;
}

/**
 * Holds the main input of a transform back until the side inputs of its windows are ready: like a grouping, whose panes
 * are the elements as they came.
 *
 * An element in several windows goes on in each of them alone.
 */
export class HeldElements implements Groups {
  readonly add: Receiver;
  readonly dueAt = undefined;
  readonly #sides: readonly SideInputStore[];
  /** By the name of their window. */
  readonly #waiting = new Map<string, Waiting>();
  #ready: Element[] = [];

  constructor(sides: readonly SideInputStore[]) {
    this.#sides = sides;
    this.add = (value, timestamp, windows, pane) => {
      for (const window of windows) {
        const only = windows.length === 1 ? windows : [window];
        this.#hold(window, [value, timestamp, only, pane]);
      }
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
    for (const [value, timestamp, windows, pane] of ready) {
      const wait = receiver(value, timestamp, windows, pane);
      if (wait !== undefined) {
        await wait;
        signal.throwIfAborted();
      }
    }
  }

  close(): void {
    this.#waiting.clear();
    this.#ready = [];
  }

  #hold(window: BoundedWindow, element: Element): void {
    const id = windowId(window);
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) {
      this.#waiting.set(id, { window, elements: [element], earliest: element[1] });
    } else {
      waiting.elements.push(element);
      waiting.earliest = Math.min(waiting.earliest, element[1]);
    }
  }

  #release(): void {
    for (const [id, { window, elements }] of this.#waiting) {
      if (!this.#sides.every((side) => side.isReady(window))) continue;
      this.#waiting.delete(id);
      if (this.#ready.length === 0) this.#ready = elements;
      else for (const element of elements) this.#ready.push(element);
    }
  }
}
