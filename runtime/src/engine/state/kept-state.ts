import type { KeyIdentity } from '../../coders/key-identity.ts';
import { MemoryLog, NO_LOG } from '../../executor/state/state-log.ts';
import { stateCell, type StateCell } from '../../executor/state/state-cell.ts';
import type { StateSpec } from '../../model/state.ts';
import type { Spillable } from '../memory/spillable.ts';

/** The state of one spec, key and window: in memory, or on disk until somebody asks for it. */
export class KeptState {
  readonly #spec: StateSpec<unknown>;
  readonly #identity: KeyIdentity;
  #cell: StateCell | undefined;
  #spilled: { readonly held: unknown } | undefined;

  constructor(spec: StateSpec<unknown>, identity: KeyIdentity) {
    this.#spec = spec;
    this.#identity = identity;
  }

  /** The state, which is in memory from then on. */
  cell(list: Spillable): StateCell {
    if (this.#cell !== undefined) return this.#cell;
    const stored = this.#spilled === undefined ? [] : (list.whole(this.#spilled.held) as Iterable<unknown>); // a list
    this.#spilled = undefined;
    const { stateKind } = this.#spec;
    // A bag and a list are what their log has; the others read it once, and keep what they hold themselves.
    const isLog = stateKind === 'bag' || stateKind === 'orderedList';
    const log = isLog ? new MemoryLog(stored) : { ...NO_LOG, read: () => stored };
    this.#cell = stateCell(this.#spec, { log, identity: this.#identity });
    return this.#cell;
  }

  /** What is in memory of it, as it would be written; undefined if nothing is. */
  get entries(): readonly unknown[] | undefined {
    return this.#cell && [...this.#cell.entries()];
  }

  /** Lets go of what is in memory: `spill` has written it. */
  spill(spill: (entries: readonly unknown[]) => unknown): void {
    const { entries } = this;
    if (entries === undefined) return;
    this.#cell = undefined;
    this.#spilled = entries.length === 0 ? undefined : { held: spill(entries) };
  }

  /** Lets go of it for good. */
  drop(list: Spillable): void {
    if (this.#spilled !== undefined) list.drop(this.#spilled.held);
  }
}
