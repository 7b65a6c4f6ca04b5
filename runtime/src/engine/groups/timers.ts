import { Heap } from 'heap-js';
import type { Timestamp } from '../../model/timestamp.ts';
import type { Cell } from './cell.ts';

interface Entry {
  readonly time: Timestamp;
  /** In which order they were set. */
  readonly number: number;
  readonly cell: Cell;
}

/** Cells by a time, earliest first; those of one time in the order in which they were set. */
export class Timers {
  readonly #heap = new Heap<Entry>((a, b) => a.time - b.time || a.number - b.number);
  readonly #isCurrent: (cell: Cell, time: Timestamp) => boolean;
  #set = 0;

  /** @param isCurrent Whether the time still counts for the cell: one that does not is left out. */
  constructor(isCurrent: (cell: Cell, time: Timestamp) => boolean) {
    this.#isCurrent = isCurrent;
  }

  set(cell: Cell, time: Timestamp): void {
    this.#heap.push({ time, number: this.#set++, cell });
  }

  /** The earliest time that counts; undefined if there is none. */
  get earliest(): Timestamp | undefined {
    for (let top = this.#heap.peek(); top !== undefined; top = this.#heap.peek()) {
      if (this.#isCurrent(top.cell, top.time)) return top.time;
      this.#heap.pop();
    }
    return undefined;
  }

  /** Takes the earliest cell out, if its time is before `time`. */
  popBefore(time: Timestamp): { readonly time: Timestamp; readonly cell: Cell } | undefined {
    const { earliest } = this;
    return earliest === undefined || earliest >= time ? undefined : this.#heap.pop();
  }

  clear(): void {
    this.#heap.clear();
  }
}
