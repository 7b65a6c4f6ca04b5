import { KeyIdentity } from '../../coders/key-identity.ts';
import { KeyIndex } from '../../coders/key-index.ts';
import { MemoryLog, NO_LOG } from '../../executor/state/state-log.ts';
import { stateCell, type StateCell } from '../../executor/state/state-cell.ts';
import type { KeyedState, TimerUpdate, UserState } from '../../executor/state/user-state.ts';
import type { StateSpec } from '../../model/state.ts';
import type { Timestamp } from '../../model/timestamp.ts';
import { windowId, type BoundedWindow } from '../../model/window.ts';

/** What a window keeps: the state of each key that has some, by its number. */
interface WindowState {
  readonly expiry: Timestamp;
  readonly keys: Map<number, Map<string, StateCell>>;
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
  readonly now: () => Timestamp;
  readonly expiryOf: (window: BoundedWindow) => Timestamp;
  readonly onTimer: (update: KeyedUpdate) => void;
}

/** The state of one transform, by window and key, in memory. */
export class KeyedStateTable implements UserState {
  readonly now: () => Timestamp;
  readonly expiryOf: (window: BoundedWindow) => Timestamp;
  readonly #onTimer: (update: KeyedUpdate) => void;
  readonly #keys: KeyIndex;
  readonly #identity: KeyIdentity;
  /** By the name of the window. */
  readonly #windows = new Map<string, WindowState>();

  constructor({ transform, now, expiryOf, onTimer }: KeyedStateTableOptions) {
    this.now = now;
    this.expiryOf = expiryOf;
    this.#onTimer = onTimer;
    this.#keys = new KeyIndex(transform);
    this.#identity = new KeyIdentity(transform);
  }

  of(key: unknown, window: BoundedWindow): KeyedState {
    const keyNumber = this.#keys.numberOf(key);
    return {
      cell: (name, spec) => this.#cell(window, keyNumber, { name, spec }),
      setTimer: (update) => this.#onTimer({ ...update, key: this.#keys.at(keyNumber), keyNumber, window }),
    };
  }

  /** Forgets the windows that are over. */
  expire(watermark: Timestamp): void {
    for (const [id, { expiry }] of this.#windows) if (expiry < watermark) this.#windows.delete(id);
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
    const kept = this.#windows.get(id) ?? {
      expiry: this.expiryOf(window),
      keys: new Map<number, Map<string, StateCell>>(),
    };
    this.#windows.set(id, kept);
    const cells = kept.keys.get(key) ?? new Map<string, StateCell>();
    kept.keys.set(key, cells);
    const known = cells.get(name);
    if (known !== undefined) return known;
    // A bag and a list are what their log has; the others keep what they hold themselves.
    const log = spec.stateKind === 'bag' || spec.stateKind === 'orderedList' ? new MemoryLog() : NO_LOG;
    const cell = stateCell(spec, { log, identity: this.#identity });
    cells.set(name, cell);
    return cell;
  }
}
