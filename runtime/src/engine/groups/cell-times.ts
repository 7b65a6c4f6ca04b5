import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import { maxTimestamp, type BoundedWindow } from '../../model/window.ts';
import type { TriggerContext } from '../../windowing/triggers/trigger-machine.ts';
import type { Cell } from './cell.ts';
import type { Times } from './groups.ts';
import { Timers } from './timers.ts';

/** The latest time at which a window can be over: the watermark passes it when the input has ended. */
const LAST_EXPIRY = MAX_TIMESTAMP - 2; // the next number that there is at that size

/** Where time stands for cells, and what they wait for: their windows' ends and lateness, processing time, panes to come. */
export class CellTimes {
  readonly #allowedLateness: number;
  readonly #ends = new Timers((cell, time) => !cell.isGone && time === maxTimestamp(cell.window));
  readonly #expiries = new Timers((cell) => !cell.isGone);
  readonly #due = new Timers((cell, time) => !cell.isGone && cell.dueAt === time);
  readonly #holds = new Timers((cell, time) => !cell.isGone && cell.time === time);
  #watermark: Timestamp = MIN_TIMESTAMP;
  #processingTime: Timestamp = -Infinity;

  /** @param allowedLateness In milliseconds. */
  constructor(allowedLateness: number) {
    this.#allowedLateness = allowedLateness;
  }

  /** No pane that comes out later has an older timestamp. */
  get hold(): Timestamp {
    return this.#holds.earliest ?? MAX_TIMESTAMP;
  }

  /** When processing time comes to what a cell waits for; undefined if none does. */
  get dueAt(): Timestamp | undefined {
    return this.#due.earliest;
  }

  advance({ watermark, processingTime }: Times): void {
    this.#watermark = watermark;
    this.#processingTime = processingTime;
  }

  /** What a trigger is told. */
  context(window: BoundedWindow): TriggerContext {
    return { window, watermark: this.#watermark, processingTime: this.#processingTime };
  }

  /** True if the watermark has passed a window's end and its lateness. */
  isOver(window: BoundedWindow): boolean {
    return this.#expiryOf(window) < this.#watermark;
  }

  /** A cell is new: it waits for its window's end, and for its lateness. */
  open(cell: Cell): void {
    const end = maxTimestamp(cell.window);
    if (end >= this.#watermark) this.#ends.set(cell, end);
    this.#expiries.set(cell, this.#expiryOf(cell.window));
  }

  /** Sets the timestamp of a cell's next pane, which holds the watermark back. */
  setTime(cell: Cell, time: Timestamp | undefined): void {
    if (time === cell.time) return;
    cell.time = time;
    if (time !== undefined) this.#holds.set(cell, time);
  }

  /** Has processing time come back to a cell. */
  setDue(cell: Cell, dueAt: Timestamp | undefined): void {
    if (dueAt === cell.dueAt) return;
    cell.dueAt = dueAt;
    if (dueAt !== undefined) this.#due.set(cell, dueAt);
  }

  /** The next cell whose window's end the watermark has passed. */
  popEnded(): Cell | undefined {
    return this.#ends.popBefore(this.#watermark)?.cell;
  }

  /** The next one whose lateness is over. */
  popOver(): Cell | undefined {
    return this.#expiries.popBefore(this.#watermark)?.cell;
  }

  /** The next one to which processing time has come: due at the very time, not after it. */
  popDue(): Cell | undefined {
    if ((this.#due.earliest ?? Infinity) > this.#processingTime) return undefined;
    const cell = this.#due.popBefore(Infinity)?.cell;
    if (cell !== undefined) cell.dueAt = undefined;
    return cell;
  }

  clear(): void {
    for (const timers of [this.#ends, this.#expiries, this.#due, this.#holds]) timers.clear();
  }

  #expiryOf(window: BoundedWindow): Timestamp {
    return Math.min(maxTimestamp(window) + this.#allowedLateness, LAST_EXPIRY);
  }
}
