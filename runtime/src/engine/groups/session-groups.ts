import { KeyIndex } from '../../coders/key-index.ts';
import type { KV } from '../../model/kv.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import type { IntervalWindow } from '../../model/window.ts';
import type { Receiver } from '../../model/windowed-value.ts';
import type { MemoryAccount } from '../memory/memory-budget.ts';
import type { RunMemory } from '../memory/run-memory.ts';
import { SampledSizes } from '../memory/sampled-sizes.ts';
import { Spillable } from '../memory/spillable.ts';
import type { Groups, GroupsOptions, Times } from './groups.ts';
import { ONLY_PANE } from './window-groups.ts';

/** Bytes of a session beside its values, in memory, and of one whose values are on disk. */
const SESSION_BYTES = 100;
const SPILLED_BYTES = 300;
/** Of a place in an array that grows. */
const SLOT = 10;

/**
 * A key with its sessions that are still open: earliest first, none overlaps another. Flat arrays of numbers take less
 * room than an object for each session, and are faster to look through.
 */
interface KeySessions {
  readonly key: unknown;
  starts: number[];
  ends: number[];
  held: unknown[];
}

/**
 * Groups in sessions, each of which is emitted once, when the watermark passes its end: the default trigger without
 * allowed lateness.
 *
 * Windows that overlap are one from the moment in which they do, so that a session is held once. Cost of an element:
 * O(1) at the end of its key's sessions, else O(log n) to find its place and O(n) to make room there.
 *
 * Over the memory budget, what sessions hold is written to disk; keys and times stay in memory, about 300 bytes for each session.
 */
export class SessionGroups implements Groups {
  readonly add: Receiver<KV<unknown, unknown>>;
  readonly hold = MAX_TIMESTAMP;
  readonly dueAt = undefined;
  readonly #options: GroupsOptions;
  readonly #accumulation: Spillable;
  readonly #account: MemoryAccount | undefined;
  readonly #sizes: SampledSizes;
  readonly #keys: KeyIndex;
  #sessions = 0;
  /** By number of the key. */
  #byKey: KeySessions[] = [];
  #watermark: Timestamp = MIN_TIMESTAMP;
  /** No open session ends before this; some may have grown since. */
  #nextEnd = Infinity;

  constructor(options: GroupsOptions) {
    this.#options = options;
    const { memory, transform } = options;
    this.#accumulation = new Spillable(options.accumulation, { memory, transform });
    this.#account = memory?.open({ transform, spill: () => this.#spill(memory) });
    this.#sizes = new SampledSizes(memory);
    this.#keys = new KeyIndex(options.transform);
    this.add = (element, _timestamp, windows) => {
      const number = this.#keys.numberOf(element.key);
      const key = this.#byKey[number] ?? (this.#byKey[number] = emptyKey(this.#keys.at(number)));
      for (const window of windows) {
        if (window.kind === 'interval') this.#addTo(key, window, element.value);
      }
      return this.#sizes.isDue() ? this.#account?.grow(this.#sizes.take(element.value, SLOT)) : undefined;
    };
  }

  endBundle(): void {
    // Only the watermark makes sessions due.
  }

  advance({ watermark }: Times): void {
    this.#watermark = watermark;
  }

  get isDue(): boolean {
    return this.#nextEnd <= this.#watermark;
  }

  async fire(receiver: Receiver, signal: AbortSignal): Promise<void> {
    let nextEnd = Infinity;
    const before = this.#sessions;
    for (const entry of this.#byKey) {
      const { key, starts, ends, held } = entry;
      // Ends are in the same order as starts.
      const open = ends.findIndex((end) => end > this.#watermark);
      const due = open === -1 ? ends.length : open;
      if (due > 0) {
        entry.starts = starts.slice(due);
        entry.ends = ends.slice(due);
        entry.held = held.slice(due);
        this.#sessions -= due;
      }
      nextEnd = Math.min(nextEnd, entry.ends[0] ?? Infinity);
      for (let index = 0; index < due; index++) {
        const start = starts[index] ?? 0;
        const end = ends[index] ?? 0;
        const window: IntervalWindow = { kind: 'interval', start, end };
        const wait = receiver(
          { key, value: this.#accumulation.whole(held[index]) },
          end - 1,
          [window],
          ONLY_PANE,
        );
        if (wait !== undefined) {
          await wait;
          signal.throwIfAborted();
        }
      }
    }
    this.#nextEnd = nextEnd;
    if (before > 0) this.#account?.set((this.#account.bytes * this.#sessions) / before);
    this.#forgetKeys();
  }

  close(): void {
    this.#byKey = [];
  }

  async #spill({ pacer }: RunMemory): Promise<void> {
    const lot = this.#accumulation.begin();
    if (lot === undefined) return;
    for (const { held } of [...this.#byKey]) {
      for (let index = 0; index < held.length; index++) held[index] = lot.spill(held[index]);
      const wait = pacer.pause();
      if (wait !== undefined) await wait;
    }
    lot.end();
    this.#account?.set(Math.min(this.#account.bytes, this.#sessions * SPILLED_BYTES));
  }

  /** Forgets keys without a session once they are the most, so that a stream of ever new keys takes no more room. */
  #forgetKeys(): void {
    const open = this.#byKey.filter(({ starts }) => starts.length > 0);
    if (open.length * 2 > this.#byKey.length) return;
    this.#keys.drain();
    for (const { key } of open) this.#keys.numberOf(key);
    this.#byKey = open;
  }

  #addTo(key: KeySessions, { start, end }: IntervalWindow, value: unknown): void {
    if (end <= this.#watermark) {
      this.#options.onDropped('droppedDueToLateness', 1);
      return;
    }
    const accumulation = this.#accumulation;
    const { starts, ends, held } = key;
    const at = placeOf(start, starts);
    const endBefore = at === 0 ? -Infinity : (ends[at - 1] ?? -Infinity);
    if (start < endBefore) {
      held[at - 1] = accumulation.add(held[at - 1], value);
      if (end <= endBefore) return;
      ends[at - 1] = end;
      this.#takeIn(key, at);
      return;
    }
    this.#nextEnd = Math.min(this.#nextEnd, end);
    this.#sessions += 1;
    void this.#account?.grow(SESSION_BYTES);
    if (at === starts.length) {
      starts.push(start);
      ends.push(end);
      held.push(accumulation.of(value));
      return;
    }
    starts.splice(at, 0, start);
    ends.splice(at, 0, end);
    held.splice(at, 0, accumulation.of(value));
    this.#takeIn(key, at + 1);
  }

  /** Makes one of the session before `at` and those after it that it reaches now. */
  #takeIn({ starts, ends, held }: KeySessions, at: number): void {
    const into = at - 1;
    while (at < starts.length && (starts[at] ?? Infinity) < (ends[into] ?? -Infinity)) {
      ends[into] = Math.max(ends[into] ?? -Infinity, ends[at] ?? -Infinity);
      held[into] = this.#accumulation.merge(held[into], held[at]);
      this.#sessions -= 1;
      starts.splice(at, 1);
      ends.splice(at, 1);
      held.splice(at, 1);
    }
  }
}

function emptyKey(key: unknown): KeySessions {
  return { key, starts: [], ends: [], held: [] };
}

/** How many sessions begin at `start` or before. */
function placeOf(start: Timestamp, starts: readonly number[]): number {
  const { length } = starts;
  if (length === 0 || (starts[length - 1] ?? Infinity) <= start) return length;
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? Infinity) <= start) low = middle + 1;
    else high = middle;
  }
  return low;
}
