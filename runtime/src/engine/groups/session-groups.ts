import { KeyIndex } from '../../coders/key-index.ts';
import type { KV } from '../../model/kv.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import type { IntervalWindow } from '../../model/window.ts';
import type { Receiver } from '../../model/windowed-value.ts';
import type { Groups, GroupsOptions, Times } from './groups.ts';
import { ONLY_PANE } from './window-groups.ts';

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
 */
export class SessionGroups implements Groups {
  readonly add: Receiver<KV<unknown, unknown>>;
  readonly hold = MAX_TIMESTAMP;
  readonly dueAt = undefined;
  readonly #options: GroupsOptions;
  readonly #keys: KeyIndex;
  /** By number of the key. */
  #byKey: KeySessions[] = [];
  #watermark: Timestamp = MIN_TIMESTAMP;
  /** No open session ends before this; some may have grown since. */
  #nextEnd = Infinity;

  constructor(options: GroupsOptions) {
    this.#options = options;
    this.#keys = new KeyIndex(options.transform);
    this.add = (element, _timestamp, windows) => {
      const number = this.#keys.numberOf(element.key);
      const key = this.#byKey[number] ?? (this.#byKey[number] = emptyKey(this.#keys.at(number)));
      for (const window of windows) {
        if (window.kind === 'interval') this.#addTo(key, window, element.value);
      }
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
    for (const entry of this.#byKey) {
      const { key, starts, ends, held } = entry;
      // Ends are in the same order as starts.
      const open = ends.findIndex((end) => end > this.#watermark);
      const due = open === -1 ? ends.length : open;
      if (due > 0) {
        entry.starts = starts.slice(due);
        entry.ends = ends.slice(due);
        entry.held = held.slice(due);
      }
      nextEnd = Math.min(nextEnd, entry.ends[0] ?? Infinity);
      for (let index = 0; index < due; index++) {
        const start = starts[index] ?? 0;
        const end = ends[index] ?? 0;
        const window: IntervalWindow = { kind: 'interval', start, end };
        const wait = receiver({ key, value: held[index] }, end - 1, [window], ONLY_PANE);
        if (wait !== undefined) {
          await wait;
          signal.throwIfAborted();
        }
      }
    }
    this.#nextEnd = nextEnd;
    this.#forgetKeys();
  }

  close(): void {
    this.#byKey = [];
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
    const { accumulation } = this.#options;
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
      held[into] = this.#options.accumulation.merge(held[into], held[at]);
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
