import type { Coder } from '../../../../coders/coder.ts';
import { KeyIdentity } from '../../../../coders/key-identity.ts';
import { OutputBytes } from '../../../../coders/output-bytes.ts';
import { stateCell, type StateCell } from '../../../../executor/state/state-cell.ts';
import type { KeyedState, TimerUpdate, UserState } from '../../../../executor/state/user-state.ts';
import type { Timestamp } from '../../../../model/timestamp.ts';
import { maxTimestamp, windowId, type BoundedWindow } from '../../../../model/window.ts';
import type { StateAccess, StateKeyType } from '../state-reader.ts';
import { RunnerLog } from './runner-log.ts';

/** What it is made of. */
export interface RunnerUserStateOptions {
  /** Id of the transform in the descriptor, and its full name. */
  readonly transformId: string;
  readonly name: string;
  readonly keyCoder: Coder;
  readonly windowCoder: Coder<BoundedWindow>;
  /** The coder of a state's entries, by the name that the context gives it. */
  readonly coderOf: (state: string) => Coder;
  readonly allowedLateness: number;
  readonly now: () => Timestamp;
  readonly openState: (key: StateKeyType, what: string) => StateAccess;
  readonly setTimer: (
    update: TimerUpdate & { readonly key: unknown; readonly window: BoundedWindow },
  ) => void;
}

/** The state of one transform in one bundle at a time: the runner holds it, and takes what changed at the end. */
export class RunnerUserState implements UserState {
  readonly now: () => Timestamp;
  readonly #options: RunnerUserStateOptions;
  readonly #identity: KeyIdentity;
  /** By key, window and name: of the bundle under way. */
  #cells = new Map<string, { readonly cell: StateCell; readonly log: RunnerLog }>();

  constructor(options: RunnerUserStateOptions) {
    this.#options = options;
    this.now = options.now;
    this.#identity = new KeyIdentity(options.name);
  }

  /** A bundle begins: what is with the runner may have changed since. */
  begin(): void {
    this.#cells = new Map();
  }

  of(key: unknown, window: BoundedWindow): KeyedState {
    const { keyCoder, setTimer } = this.#options;
    let keyBytes: Uint8Array<ArrayBuffer> | undefined;
    return {
      cell: (name, spec) => {
        keyBytes ??= encoded(keyCoder, key);
        const id = `${Buffer.from(keyBytes).toString('latin1')} ${windowId(window)} ${name}`;
        const known = this.#cells.get(id);
        if (known !== undefined) return known.cell;
        const log = this.#open(name, { key: keyBytes, window });
        const cell = stateCell(spec, { log, identity: this.#identity });
        this.#cells.set(id, { cell, log });
        return cell;
      },
      setTimer: (update) => setTimer({ ...update, key, window }),
    };
  }

  expiryOf(window: BoundedWindow): Timestamp {
    return window.kind === 'global'
      ? maxTimestamp(window)
      : maxTimestamp(window) + this.#options.allowedLateness;
  }

  /** Gives the runner all that the bundle changed. */
  async commit(): Promise<void> {
    for (const { cell } of this.#cells.values()) cell.commit?.();
    await Promise.all([...this.#cells.values()].map(({ log }) => log.write()));
    this.#cells = new Map();
  }

  #open(
    name: string,
    { key, window }: { readonly key: Uint8Array<ArrayBuffer>; readonly window: BoundedWindow },
  ): RunnerLog {
    const { transformId, windowCoder, coderOf, openState } = this.#options;
    const value = { transformId, userStateId: name, window: encoded(windowCoder, window), key };
    return new RunnerLog(
      openState({ case: 'bagUserState', value }, `the state "${name}" of "${this.#options.name}"`),
      coderOf(name),
    );
  }
}

function encoded<T>(coder: Coder<T>, value: T): Uint8Array<ArrayBuffer> {
  const bytes = new OutputBytes();
  coder.encode(value, bytes);
  return bytes.take();
}
