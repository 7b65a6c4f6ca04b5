import { KeyIndex } from '../../coders/key-index.ts';
import type { KV } from '../../model/kv.ts';
import type { PaneInfo } from '../../model/pane-info.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import { GLOBAL_WINDOWS, maxTimestamp, type BoundedWindow } from '../../model/window.ts';
import type { Receiver } from '../../model/windowed-value.ts';
import type { Groups, GroupsOptions, Times } from './groups.ts';

/** The groups of one window; what is held of a key is under the key's number. */
interface WindowGroup {
  readonly windows: readonly BoundedWindow[];
  /** Its window's last timestamp. */
  readonly latest: Timestamp;
  readonly keys: KeyIndex;
  held: unknown[];
}

/** The one pane of a window that takes no late elements. */
export const ONLY_PANE: PaneInfo = Object.freeze({
  timing: 'onTime',
  index: 0,
  onTimeIndex: 0,
  isFirst: true,
  isLast: true,
});

/**
 * Groups in windows that do not merge, each of which is emitted once, when the watermark passes its end: the default
 * trigger without allowed lateness, and so all of batch.
 *
 * Keys are numbered for each window, so that what is held is a flat array, and a window that is due is emitted and
 * forgotten as a whole. Windows come out by their ends, keys in the order of first sight.
 */
export class WindowGroups implements Groups {
  readonly add: Receiver<KV<unknown, unknown>>;
  readonly hold = MAX_TIMESTAMP;
  readonly dueAt = undefined;
  readonly #options: GroupsOptions;
  /** By the window's last timestamp, which few windows share. */
  readonly #groups = new Map<Timestamp, WindowGroup[]>();
  #watermark: Timestamp = MIN_TIMESTAMP;
  /** The earliest of these. */
  #next = Infinity;

  constructor(options: GroupsOptions) {
    this.#options = options;
    const { accumulation } = options;
    let last: WindowGroup | undefined;
    const addTo = (group: WindowGroup, { key, value }: KV<unknown, unknown>) => {
      const number = group.keys.numberOf(key);
      const { held } = group;
      if (number === held.length) held.push(accumulation.of(value));
      else held[number] = accumulation.add(held[number], value);
    };
    this.add = (element, _timestamp, windows) => {
      if (windows === last?.windows && last.keys.size > 0) {
        addTo(last, element);
        return;
      }
      for (const window of windows) {
        const group = this.#groupOf(window, windows);
        if (group === undefined) continue;
        addTo(group, element);
        if (windows.length === 1) last = group;
      }
    };
  }

  endBundle(): void {
    // Only the watermark makes windows due.
  }

  advance({ watermark }: Times): void {
    this.#watermark = watermark;
  }

  get isDue(): boolean {
    return this.#next < this.#watermark;
  }

  async fire(receiver: Receiver, signal: AbortSignal): Promise<void> {
    const due = [...this.#groups.keys()].filter((latest) => latest < this.#watermark).sort((a, b) => a - b);
    for (const latest of due) {
      const groups = this.#groups.get(latest) ?? [];
      this.#groups.delete(latest);
      for (const group of groups) await emit(group, receiver, signal);
    }
    this.#next = Infinity;
    for (const latest of this.#groups.keys()) this.#next = Math.min(this.#next, latest);
  }

  close(): void {
    this.#groups.clear();
  }

  /** Undefined if the window has ended: its elements are too late. */
  #groupOf(window: BoundedWindow, windows: readonly BoundedWindow[]): WindowGroup | undefined {
    const latest = maxTimestamp(window);
    const sameEnd = this.#groups.get(latest);
    const known = sameEnd?.find((group) => isSame(group.windows[0], window));
    if (known !== undefined) return known;
    if (latest < this.#watermark) {
      this.#options.onDropped('droppedDueToLateness', 1);
      return undefined;
    }
    const keys = new KeyIndex(this.#options.transform);
    const only = windows.length === 1 ? windows : window.kind === 'global' ? GLOBAL_WINDOWS : [window];
    const group = { windows: only, latest, keys, held: [] };
    if (sameEnd === undefined) this.#groups.set(latest, [group]);
    else sameEnd.push(group);
    this.#next = Math.min(this.#next, latest);
    return group;
  }
}

function isSame(a: BoundedWindow | undefined, b: BoundedWindow): boolean {
  if (a?.kind !== 'interval' || b.kind !== 'interval') return a?.kind === b.kind;
  return a.start === b.start && a.end === b.end;
}

async function emit({ windows, latest, keys, held }: WindowGroup, receiver: Receiver, signal: AbortSignal) {
  let number = 0;
  for (const key of keys.drain()) {
    const wait = receiver({ key, value: held[number++] }, latest, windows, ONLY_PANE);
    if (wait !== undefined) {
      await wait;
      signal.throwIfAborted();
    }
  }
}
