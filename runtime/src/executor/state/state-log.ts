/**
 * Where a piece of state is kept: entries, which mean what the state's kind says, in the order in which they were
 * appended. A driver has its own: the engine keeps them in memory, a worker reads them from the runner and writes them back.
 */
export interface StateLog {
  /** All entries there are now. */
  read(): Iterable<unknown>;
  append(entry: unknown): void;
  clear(): void;
}

/** Keeps entries in memory, as they are. */
export class MemoryLog implements StateLog {
  #entries: unknown[];

  constructor(entries: Iterable<unknown> = []) {
    this.#entries = [...entries];
  }

  /** What is there now: entries that come later are not seen by who goes through it. */
  read(): Iterable<unknown> {
    const entries = this.#entries;
    const { length } = entries;
    return {
      *[Symbol.iterator]() {
        for (let index = 0; index < length; index++) yield entries[index];
      },
    };
  }

  append(entry: unknown): void {
    this.#entries.push(entry);
  }

  clear(): void {
    this.#entries = [];
  }
}

/** Keeps nothing: for state that stays in memory with the cell that reads it. */
export const NO_LOG: StateLog = {
  read: () => [],
  append: () => undefined,
  clear: () => undefined,
};
