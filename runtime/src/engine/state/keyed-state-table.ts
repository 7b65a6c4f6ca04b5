import { KeyIdentity } from '../../coders/key-identity.ts';
import { KeyIndex } from '../../coders/key-index.ts';
import type { StateCell } from '../../executor/state/state-cell.ts';
import type { KeyedState, TimerUpdate, UserState } from '../../executor/state/user-state.ts';
import type { StateSpec } from '../../model/state.ts';
import type { Timestamp } from '../../model/timestamp.ts';
import { windowId, type BoundedWindow } from '../../model/window.ts';
import { LIST } from '../groups/accumulations.ts';
import type { MemoryAccount } from '../memory/memory-budget.ts';
import type { RunMemory } from '../memory/run-memory.ts';
import { SampledSizes } from '../memory/sampled-sizes.ts';
import { sizeOf } from '../memory/size-of.ts';
import { Spillable } from '../memory/spillable.ts';
import { KeptState } from './kept-state.ts';

/** Of a piece of state beside what it holds. */
const STATE_BYTES = 200;

/** What a window keeps: the state of each key that has some, by its number and by the state's name. */
interface WindowState {
  readonly expiry: Timestamp;
  readonly keys: Map<number, Map<string, KeptState>>;
}

/** A timer of a key and window, as it was set or cleared. */
export interface KeyedUpdate extends TimerUpdate {
  readonly key: unknown;
  readonly keyNumber: number;
  readonly window: BoundedWindow;
}

/** What a table is made of. */
export interface KeyedStateTableOptions {
  /** Full name of the transform whose state it is, for errors. */
  readonly transform: string;
  readonly memory: RunMemory;
  readonly now: () => Timestamp;
  readonly expiryOf: (window: BoundedWindow) => Timestamp;
  readonly onTimer: (update: KeyedUpdate) => void;
}

/**
 * The state of one transform, by window and key. Over the memory budget it is written to disk, but for that of the element
 * under way, and read back key by key.
 */
export class KeyedStateTable implements UserState {
  readonly now: () => Timestamp;
  readonly expiryOf: (window: BoundedWindow) => Timestamp;
  readonly #onTimer: (update: KeyedUpdate) => void;
  readonly #keys: KeyIndex;
  readonly #identity: KeyIdentity;
  readonly #list: Spillable;
  readonly #account: MemoryAccount;
  readonly #sizes: SampledSizes;
  /** By the name of the window. */
  readonly #windows = new Map<string, WindowState>();
  /** What the element under way was given. */
  readonly #inUse = new Set<KeptState>();

  constructor({ transform, memory, now, expiryOf, onTimer }: KeyedStateTableOptions) {
    this.now = now;
    this.expiryOf = expiryOf;
    this.#onTimer = onTimer;
    this.#keys = new KeyIndex(transform);
    this.#identity = new KeyIdentity(transform);
    this.#list = new Spillable(LIST, { memory, transform });
    this.#sizes = new SampledSizes(memory);
    this.#account = memory.open({
      transform,
      spill: () => this.#spill(memory),
      refine: () => this.#sizeOfAll(),
    });
  }

  of(key: unknown, window: BoundedWindow): KeyedState {
    const keyNumber = this.#keys.numberOf(key);
    return {
      cell: (name, spec) => this.#cell(window, keyNumber, { name, spec }),
      setTimer: (update) => this.#onTimer({ ...update, key: this.#keys.at(keyNumber), keyNumber, window }),
    };
  }

  /** An element was processed: its state may have grown by what it holds. A promise asks to wait until some of it is on disk. */
  settle(element: unknown): Promise<void> | undefined {
    this.#inUse.clear();
    return this.#sizes.isDue() ? this.#account.grow(this.#sizes.take(element, STATE_BYTES)) : undefined;
  }

  /** Forgets the windows that are over. */
  expire(watermark: Timestamp): void {
    for (const [id, { expiry, keys }] of this.#windows) {
      if (expiry >= watermark) continue;
      for (const states of keys.values()) for (const state of states.values()) state.drop(this.#list);
      this.#windows.delete(id);
    }
    if (this.#windows.size === 0) this.#account.set(0);
  }

  clear(): void {
    this.#windows.clear();
    this.#keys.drain();
  }

  #cell(
    window: BoundedWindow,
    key: number,
    { name, spec }: { readonly name: string; readonly spec: StateSpec<unknown> },
  ): StateCell {
    const id = windowId(window);
    const ofWindow = this.#windows.get(id) ?? {
      expiry: this.expiryOf(window),
      keys: new Map<number, Map<string, KeptState>>(),
    };
    this.#windows.set(id, ofWindow);
    const states = ofWindow.keys.get(key) ?? new Map<string, KeptState>();
    ofWindow.keys.set(key, states);
    const state = states.get(name) ?? new KeptState(spec, this.#identity);
    states.set(name, state);
    this.#inUse.add(state);
    return state.cell(this.#list);
  }

  *#all(): Generator<KeptState> {
    for (const { keys } of this.#windows.values()) for (const states of keys.values()) yield* states.values();
  }

  #sizeOfAll(): number {
    let bytes = 0;
    for (const { entries } of this.#all()) if (entries !== undefined) bytes += STATE_BYTES + sizeOf(entries);
    return bytes;
  }

  async #spill({ pacer }: RunMemory): Promise<void> {
    const lot = this.#list.begin();
    if (lot === undefined) return;
    for (const state of this.#all()) {
      if (this.#inUse.has(state)) continue;
      state.spill((entries) => lot.spill(entries));
      const wait = pacer.pause();
      if (wait !== undefined) await wait;
    }
    lot.end();
    this.#account.set(0);
  }
}
