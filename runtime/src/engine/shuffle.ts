import { KeyIndex } from '../coders/key-index.ts';
import type { KV } from '../model/kv.ts';
import type { PaneInfo } from '../model/pane-info.ts';
import { GLOBAL_WINDOW, GLOBAL_WINDOWS, maxTimestamp, type BoundedWindow } from '../model/window.ts';
import type { Receiver } from '../model/windowed-value.ts';

/** Brings the values of each key and window together. */
export interface Shuffle {
  /** Takes one { key, value }; the key's first sight is what comes back. */
  readonly add: Receiver<KV<unknown, unknown>>;
  /**
   * Gives { key, value: values } once for each key and window, in the order of first sight, the values in the order of
   * arrival; and forgets all.
   *
   * @throws the signal's reason, once it is aborted.
   */
  read(receiver: Receiver, signal: AbortSignal): Promise<void>;
  /** Frees what it holds. */
  close(): Promise<void>;
}

/** What a Shuffle is made for. */
export interface ShuffleOptions {
  /** Full name of the groupByKey or combinePerKey, for errors. */
  readonly transform: string;
  /** Makes one value of many, where the transform lets it (the accumulators of a combine): less to hold. */
  readonly merge?: (values: readonly unknown[]) => unknown;
}

interface WindowGroups {
  readonly window: BoundedWindow;
  readonly keys: KeyIndex;
  /** By number of the key. */
  values: unknown[][];
}

/** How many values of a key are there before they are merged to one. */
const MERGE_AT = 16;

/** The one pane that a bounded input gives for a key and window. */
const ONLY_PANE: PaneInfo = Object.freeze({
  timing: 'onTime',
  index: 0,
  onTimeIndex: 0,
  isFirst: true,
  isLast: true,
});

/** Holds all groups in memory. */
export class MemoryShuffle implements Shuffle {
  readonly add: Receiver<KV<unknown, unknown>>;
  readonly #transform: string;
  readonly #windows = new Map<string, WindowGroups>();

  constructor({ transform, merge }: ShuffleOptions) {
    this.#transform = transform;
    const addTo = ({ keys, values }: WindowGroups, { key, value }: KV<unknown, unknown>) => {
      const number = keys.numberOf(key);
      const group = values[number];
      if (group === undefined) values.push([value]);
      else if (merge === undefined || group.length < MERGE_AT) group.push(value);
      else values[number] = [merge(group), value];
    };
    const global = this.#groupsOf(GLOBAL_WINDOW);
    this.add = (element, _timestamp, windows) => {
      if (windows === GLOBAL_WINDOWS) {
        addTo(global, element);
      } else {
        for (const window of windows) addTo(this.#groupsOf(window), element);
      }
    };
  }

  async read(receiver: Receiver, signal: AbortSignal): Promise<void> {
    for (const groups of this.#windows.values()) {
      const { window, keys, values } = groups;
      groups.values = [];
      const windows = window.kind === 'global' ? GLOBAL_WINDOWS : [window];
      const timestamp = maxTimestamp(window);
      for (const [number, key] of keys.drain().entries()) {
        const wait = receiver({ key, value: values[number] }, timestamp, windows, ONLY_PANE);
        if (wait !== undefined) {
          await wait;
          signal.throwIfAborted();
        }
      }
    }
  }

  close(): Promise<void> {
    this.#windows.clear();
    return Promise.resolve();
  }

  #groupsOf(window: BoundedWindow): WindowGroups {
    const id = window.kind === 'global' ? 'global' : `${window.start} ${window.end}`;
    const known = this.#windows.get(id);
    if (known !== undefined) return known;
    const groups = { window, keys: new KeyIndex(this.#transform), values: [] };
    this.#windows.set(id, groups);
    return groups;
  }
}
