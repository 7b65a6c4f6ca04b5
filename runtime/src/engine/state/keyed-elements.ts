import type { DueTimer, UserState } from '../../executor/state/user-state.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import { maxTimestamp, windowId, type BoundedWindow } from '../../model/window.ts';
import type { WindowingStrategy } from '../../model/windowing-strategy.ts';
import type { Receiver } from '../../model/windowed-value.ts';
import type { DropReason, Groups, Times } from '../groups/groups.ts';
import type { RunMemory } from '../memory/run-memory.ts';
import { HeldElements } from '../side-inputs/held-elements.ts';
import type { SideInputStore } from '../side-inputs/side-input-store.ts';
import { KeyedStateTable, type KeyedUpdate } from './keyed-state-table.ts';
import { TimerHeap } from './timer-heap.ts';

/** What it is made for. */
export interface KeyedElementsOptions {
  /** Full name of the transform, for errors. */
  readonly transform: string;
  /** That of its input. */
  readonly windowing: WindowingStrategy;
  readonly sides: readonly SideInputStore[];
  readonly memory: RunMemory;
  /** Processing time. */
  readonly now: () => Timestamp;
  /** Which timers go by processing time, by the name that the context gives them. */
  readonly isProcessingTime: (family: string) => boolean;
  readonly onDropped: (why: DropReason, count: number) => void;
}

/**
 * What comes to a transform that keeps state: its elements, which wait for side inputs if there are any, and its timers,
 * which fire after the elements that were there, in the order of their times.
 *
 * An element of a window whose lateness is over is dropped, and the window's state with it.
 */
export class KeyedElements implements Groups {
  readonly add: Receiver;
  readonly #held: HeldElements;
  readonly #state: KeyedStateTable;
  readonly #eventTimers = new TimerHeap();
  readonly #processingTimers = new TimerHeap();
  readonly #options: KeyedElementsOptions;
  /** The input watermark, but no later than what waits for side inputs. */
  #watermark: Timestamp = MIN_TIMESTAMP;
  #processingTime: Timestamp = -Infinity;

  constructor(options: KeyedElementsOptions) {
    this.#options = options;
    const { memory, transform } = options;
    this.#held = new HeldElements(options.sides, { memory, transform });
    this.#state = new KeyedStateTable({
      transform,
      memory,
      now: options.now,
      expiryOf: (window) => this.#expiryOf(window),
      onTimer: (update) => this.#setTimer(update),
    });
    this.add = (value, timestamp, windows, pane) => {
      const open = windows.filter((window) => this.#expiryOf(window) >= this.#watermark);
      if (open.length < windows.length)
        options.onDropped('droppedDueToLateness', windows.length - open.length);
      if (open.length > 0)
        return this.#held.add(value, timestamp, open.length === windows.length ? windows : open, pane);
    };
  }

  get userState(): UserState {
    return this.#state;
  }

  endBundle(): void {
    this.#held.endBundle();
  }

  advance({ watermark, processingTime }: Times): void {
    this.#held.advance();
    this.#watermark = Math.max(this.#watermark, Math.min(watermark, this.#held.hold));
    // A batch need not wait for the machine's clock: nothing else will come.
    this.#processingTime =
      watermark >= MAX_TIMESTAMP && this.#held.hold >= MAX_TIMESTAMP ? Infinity : processingTime;
    if (this.isDue) return;
    this.#state.expire(this.#watermark);
    if (watermark < MAX_TIMESTAMP)
      this.#processingTimers.deleteIf(({ window }) => this.#expiryOf(window) < this.#watermark);
  }

  get isDue(): boolean {
    return (
      this.#held.isDue ||
      this.#eventTimers.isDue(this.#watermark) ||
      this.#processingTimers.isDue(this.#processingTime)
    );
  }

  get dueAt(): Timestamp | undefined {
    return this.#processingTimers.earliest;
  }

  get hold(): Timestamp {
    return Math.min(this.#held.hold, this.#eventTimers.hold, this.#processingTimers.hold);
  }

  async fire(
    receiver: Receiver,
    signal: AbortSignal,
    fireTimer?: (timer: DueTimer) => void | Promise<void>,
  ): Promise<void> {
    if (this.#held.isDue) await this.#held.fire(this.#settling(receiver), signal);
    for (let due = this.#nextTimer(); due !== undefined; due = this.#nextTimer()) {
      const wait = fireTimer?.(due);
      if (wait !== undefined) {
        await wait;
        signal.throwIfAborted();
      }
      const settled = this.#state.settle(due);
      if (settled !== undefined) await settled;
    }
  }

  close(): void {
    this.#held.close();
    this.#state.clear();
    this.#eventTimers.clear();
    this.#processingTimers.clear();
  }

  /** A receiver after which state may be written to disk. */
  #settling(receiver: Receiver): Receiver {
    return (value, timestamp, windows, pane) => {
      const wait = receiver(value, timestamp, windows, pane);
      return wait === undefined ? this.#state.settle(value) : wait.then(() => this.#state.settle(value));
    };
  }

  #nextTimer(): DueTimer | undefined {
    return this.#eventTimers.pop(this.#watermark) ?? this.#processingTimers.pop(this.#processingTime);
  }

  #setTimer({ family, tag, key, keyNumber, window, set }: KeyedUpdate): void {
    const timers = this.#options.isProcessingTime(family) ? this.#processingTimers : this.#eventTimers;
    const id = JSON.stringify([keyNumber, windowId(window), family, tag]);
    if (set === undefined) timers.delete(id);
    else timers.set(id, { family, tag, key, window, ...set });
  }

  #expiryOf(window: BoundedWindow): Timestamp {
    const { allowedLateness } = this.#options.windowing;
    return window.kind === 'global'
      ? maxTimestamp(window)
      : Math.min(maxTimestamp(window) + allowedLateness, MAX_TIMESTAMP);
  }
}
