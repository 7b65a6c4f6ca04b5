import { Heap } from 'heap-js';

import type { DueTimer } from '../../executor/state/user-state.ts';
import { MAX_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';

interface Entry {
  readonly timer: DueTimer;
  readonly id: string;
  /** In which order they were set. */
  readonly number: number;
}

/** Timers of one clock: of each id the one that was set last, earliest first. */
export class TimerHeap {
  readonly #due = new Heap<Entry>(
    (a, b) => a.timer.fireTimestamp - b.timer.fireTimestamp || a.number - b.number,
  );
  readonly #holds = new Heap<Entry>((a, b) => a.timer.holdTimestamp - b.timer.holdTimestamp);
  readonly #set = new Map<string, Entry>();
  #number = 0;

  /** @param id Of its key, window, name and tag. */
  set(id: string, timer: DueTimer): void {
    const entry = { timer, id, number: this.#number++ };
    this.#set.set(id, entry);
    this.#due.push(entry);
    this.#holds.push(entry);
  }

  delete(id: string): void {
    this.#set.delete(id);
  }

  /** When the earliest one fires; undefined if there is none. */
  get earliest(): Timestamp | undefined {
    return this.#top(this.#due)?.timer.fireTimestamp;
  }

  /** True if one fires at `time` or before. */
  isDue(time: Timestamp): boolean {
    const { earliest } = this;
    return earliest !== undefined && earliest <= time;
  }

  /** The earliest output timestamp; MAX_TIMESTAMP if there is none. */
  get hold(): Timestamp {
    return this.#top(this.#holds)?.timer.holdTimestamp ?? MAX_TIMESTAMP;
  }

  /** Takes out the earliest one, if it fires at `time` or before. */
  pop(time: Timestamp): DueTimer | undefined {
    const top = this.#top(this.#due);
    if (top === undefined || top.timer.fireTimestamp > time) return undefined;
    this.#due.pop();
    this.#set.delete(top.id);
    return top.timer;
  }

  /** Forgets the timers for which it is true. */
  deleteIf(isOver: (timer: DueTimer) => boolean): void {
    for (const [id, { timer }] of this.#set) if (isOver(timer)) this.#set.delete(id);
  }

  clear(): void {
    this.#set.clear();
    this.#due.clear();
    this.#holds.clear();
  }

  /** The first that still counts: what was set again or cleared is left out. */
  #top(heap: Heap<Entry>): Entry | undefined {
    for (let top = heap.peek(); top !== undefined; top = heap.peek()) {
      if (this.#set.get(top.id) === top) return top;
      heap.pop();
    }
    return undefined;
  }
}
