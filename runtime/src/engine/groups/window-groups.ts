import { KeyIndex } from '../../coders/key-index.ts';
import type { KV } from '../../model/kv.ts';
import type { PaneInfo } from '../../model/pane-info.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import { GLOBAL_WINDOWS, maxTimestamp, type BoundedWindow } from '../../model/window.ts';
import type { Receiver } from '../../model/windowed-value.ts';
import type { Holder, MemoryAccount } from '../memory/memory-budget.ts';
import { joinSegments, mergeSegments, MOST_SEGMENTS, type MergeOptions } from '../memory/merge-segments.ts';
import type { RunMemory } from '../memory/run-memory.ts';
import { SampledSizes } from '../memory/sampled-sizes.ts';
import { sizeOf } from '../memory/size-of.ts';
import { KeyHash, writeSorted } from '../memory/sorted-segment.ts';
import { SpillCoder } from '../memory/spill-coder.ts';
import type { Segment } from '../memory/spill-store.ts';
import type { Groups, GroupsOptions, Times } from './groups.ts';

/** The groups of one window; what is held of a key is under the key's number. */
interface WindowGroup {
  readonly windows: readonly BoundedWindow[];
  /** Its window's last timestamp. */
  readonly latest: Timestamp;
  readonly keys: KeyIndex;
  held: unknown[];
  /** What was held of it before, and is on disk: each has keys by their hashes. */
  segments: Segment[];
}

/** Bytes of an entry in the table of keys, and of an array or accumulator that is not a number. */
const KEY_BYTES = 64;
const HELD_BYTES = 48;
/** Of a place in an array that grows. */
const SLOT = 10;
/** Emitted keys are let go of in lots of so many. */
const LOT = 1024;

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
 *
 * Over the memory budget, what is held is written to disk by the keys' hashes, and merged when the window is due: keys come out in
 * the order of these then. Cost: each element is written and read once, and once more for each 64 times that its window was spilled.
 */
export class WindowGroups implements Groups {
  readonly add: Receiver<KV<unknown, unknown>>;
  readonly hold = MAX_TIMESTAMP;
  readonly dueAt = undefined;
  readonly #options: GroupsOptions;
  readonly #spills: Spills | undefined;
  readonly #sizes: SampledSizes;
  /** Since the last sample. */
  #newKeys = 0;
  /** By the window's last timestamp, which few windows share. */
  readonly #groups = new Map<Timestamp, WindowGroup[]>();
  #watermark: Timestamp = MIN_TIMESTAMP;
  /** The earliest of these. */
  #next = Infinity;
  /** Bytes of what is being emitted, which cannot spill. */
  #emitting = 0;

  constructor(options: GroupsOptions) {
    this.#options = options;
    const { accumulation, memory, transform } = options;
    this.#sizes = new SampledSizes(memory);
    this.#spills = memory && openSpills(memory, transform, this);
    let last: WindowGroup | undefined;
    const addTo = (group: WindowGroup, { key, value }: KV<unknown, unknown>) => {
      const number = group.keys.numberOf(key);
      const { held } = group;
      if (number === held.length) {
        held.push(accumulation.of(value));
        this.#newKeys += 1;
      } else {
        held[number] = accumulation.add(held[number], value);
      }
    };
    this.add = (element, _timestamp, windows) => {
      if (windows === last?.windows && last.keys.size > 0) {
        addTo(last, element);
        return this.#sizes.isDue() ? this.#grow(last, element) : undefined;
      }
      let wait: Promise<void> | undefined;
      for (const window of windows) {
        const group = this.#groupOf(window, windows);
        if (group === undefined) continue;
        addTo(group, element);
        if (windows.length === 1) last = group;
        if (this.#sizes.isDue()) wait = this.#grow(group, element) ?? wait;
      }
      return wait;
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
      for (const group of groups) await this.#emit(group, receiver, signal);
    }
    this.#next = Infinity;
    for (const latest of this.#groups.keys()) this.#next = Math.min(this.#next, latest);
  }

  close(): void {
    this.#groups.clear();
  }

  /** Writes all that is held to disk. What a window that is being emitted has in memory stays. */
  async spill(): Promise<void> {
    if (this.#spills === undefined) return;
    for (const group of [...this.#groups.values()].flat()) {
      if (group.keys.size === 0) continue;
      if (group.segments.length >= MOST_SEGMENTS) {
        group.segments = [await joinSegments(group.segments, this.#spills)];
      }
      const { held } = group;
      const keys = group.keys.drain();
      group.held = [];
      const { store } = this.#spills;
      const { isList } = this.#options.accumulation;
      group.segments.push(await writeSorted(store.begin(), { keys, held }, { ...this.#spills, isList }));
    }
    this.#spills.account.set(this.#emitting);
  }

  /** Accumulators may not have grown by what was added to them: counts them. */
  refine(): number {
    const { accumulation } = this.#options;
    if (accumulation.isList) return this.#spills?.account.bytes ?? 0;
    let bytes = this.#emitting;
    for (const { held, keys } of [...this.#groups.values()].flat()) {
      for (const each of held) bytes += KEY_BYTES + sizeOf(each);
      if (keys.size > 0) bytes += sizeOf(keys.at(0)) * keys.size;
    }
    return bytes;
  }

  /** Counts what came since the last sample, as if all were like this element. */
  #grow(group: WindowGroup, { key, value }: KV<unknown, unknown>): Promise<void> | undefined {
    const { isList } = this.#options.accumulation;
    let bytes = this.#newKeys * (sizeOf(key) + KEY_BYTES + HELD_BYTES);
    this.#newKeys = 0;
    const number = group.keys.find(key) ?? 0;
    // What is added to a number or a string takes no more room.
    const isGrowing = isList || typeof group.held[number] === 'object';
    bytes += this.#sizes.take(value, SLOT) * (isGrowing ? 1 : 0);
    return this.#spills?.account.grow(bytes);
  }

  async #emit(group: WindowGroup, receiver: Receiver, signal: AbortSignal): Promise<void> {
    const { windows, latest, segments, held } = group;
    const keys = group.keys.drain();
    const account = this.#spills?.account;
    const share = keys.length / Math.max(1, this.#keys() + keys.length);
    const perKey = keys.length === 0 ? 0 : ((account?.bytes ?? 0) * share) / keys.length;
    this.#emitting = perKey * keys.length;
    if (this.#spills !== undefined && segments.length > 0) {
      const { memory, accumulation } = this.#options;
      const emit = (key: unknown, value: unknown) => {
        const wait = receiver({ key, value }, latest, windows, ONLY_PANE);
        return wait?.then(() => signal.throwIfAborted());
      };
      const { hasLarge } = await mergeSegments({ segments, rest: { keys, held } }, emit, {
        ...this.#spills,
        merge: accumulation.isList ? undefined : (own, other) => accumulation.merge(own, other),
        largest: memory?.largestList ?? Infinity,
      });
      // Who has a large group may go through it again, until the run ends.
      if (!hasLarge) for (const segment of segments) this.#spills.store.release(segment);
      this.#release(this.#emitting);
      return;
    }
    for (let number = 0; number < keys.length; number++) {
      const wait = receiver({ key: keys[number], value: held[number] }, latest, windows, ONLY_PANE);
      held[number] = undefined;
      if (number % LOT === LOT - 1) this.#release(perKey * LOT);
      if (wait !== undefined) {
        await wait;
        signal.throwIfAborted();
      }
    }
    this.#release(this.#emitting);
  }

  #release(bytes: number): void {
    const account = this.#spills?.account;
    this.#emitting -= bytes;
    account?.set(Math.max(0, account.bytes - bytes));
  }

  #keys(): number {
    let count = 0;
    for (const groups of this.#groups.values()) for (const { keys } of groups) count += keys.size;
    return count;
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
    const group = { windows: only, latest, keys, held: [], segments: [] };
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

/** What spilling needs, where there is a budget. */
interface Spills extends MergeOptions {
  readonly account: MemoryAccount;
}

function openSpills(memory: RunMemory, transform: string, holder: Pick<Holder, 'spill' | 'refine'>): Spills {
  return {
    store: memory.store,
    coder: new SpillCoder(transform),
    hash: new KeyHash(transform),
    pacer: memory.pacer,
    account: memory.open({
      transform,
      spill: () => holder.spill(),
      refine: () => holder.refine?.() ?? 0,
    }),
  };
}
