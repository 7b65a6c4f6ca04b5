import type { Coder } from '../../../../coders/coder.ts';
import { OutputBytes } from '../../../../coders/output-bytes.ts';
import type { StateLog } from '../../../../executor/state/state-log.ts';
import { storedValues } from '../grouped-values.ts';
import type { StateAccess } from '../state-reader.ts';

/** Bytes that are appended by one request, at most, and one entry. */
const REQUEST_BYTES = 1024 * 1024;

/** A log of state that the runner holds: read when it is first asked for in a bundle, written at the bundle's end. */
export class RunnerLog implements StateLog {
  readonly #access: StateAccess;
  readonly #coder: Coder;
  #stored: Iterable<unknown> | undefined;
  #isCleared = false;
  #added: unknown[] = [];

  constructor(access: StateAccess, coder: Coder) {
    this.#access = access;
    this.#coder = coder;
  }

  read(): Iterable<unknown> {
    const stored = this.#isCleared ? [] : (this.#stored ??= storedValues(this.#access, this.#coder));
    const added = this.#added;
    const { length } = added;
    if (length === 0) return stored;
    return {
      *[Symbol.iterator]() {
        yield* stored;
        for (let index = 0; index < length; index++) yield added[index];
      },
    };
  }

  append(entry: unknown): void {
    this.#added.push(entry);
  }

  clear(): void {
    this.#isCleared = true;
    this.#added = [];
  }

  /** Gives the runner what changed; settles when it has taken it. */
  async write(): Promise<void> {
    const waits: Promise<void>[] = [];
    if (this.#isCleared) waits.push(this.#access.write({ case: 'clear', value: {} }));
    const bytes = new OutputBytes();
    for (const entry of this.#added) {
      this.#coder.encode(entry, bytes);
      if (bytes.length >= REQUEST_BYTES) waits.push(this.#append(bytes));
    }
    if (bytes.length > 0) waits.push(this.#append(bytes));
    await Promise.all(waits);
  }

  #append(bytes: OutputBytes): Promise<void> {
    return this.#access.write({ case: 'append', value: { data: bytes.take() } });
  }
}
