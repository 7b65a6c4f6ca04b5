import { KeyIndex } from '../../coders/key-index.ts';
import { windowId, type IntervalWindow } from '../../model/window.ts';
import type { Cell } from './cell.ts';

/** Tables with fewer keys than this are not worth clearing up. */
const FEW_KEYS = 64;

/** The cells of each key by their windows. Keys without cells are forgotten once they are the most. */
export class Cells {
  readonly #keys: KeyIndex;
  #byKey: Map<string, Cell>[] = [];
  /** Keys that have no cell. */
  #empty = 0;

  /** @param transform Full name, for the error that refuses a key. */
  constructor(transform: string) {
    this.#keys = new KeyIndex(transform);
  }

  /**
   * The number of a key, which holds until `forgetKeys` is called.
   *
   * @throws {NonDeterministicKeyError}
   */
  numberOf(key: unknown): number {
    const number = this.#keys.numberOf(key);
    if (number === this.#byKey.length) {
      this.#byKey.push(new Map());
      this.#empty += 1;
    }
    return number;
  }

  /** The key with this number. */
  keyOf(number: number): unknown {
    return this.#keys.at(number);
  }

  get(key: number, id: string): Cell | undefined {
    return this.#byKey[key]?.get(id);
  }

  add(cell: Cell): void {
    const cells = this.#byKey[cell.key];
    if (cells?.size === 0) this.#empty -= 1;
    cells?.set(windowId(cell.window), cell);
  }

  remove(cell: Cell): void {
    cell.isGone = true;
    const cells = this.#byKey[cell.key];
    if (cells?.delete(windowId(cell.window)) === true && cells.size === 0) this.#empty += 1;
  }

  /** All cells that there are. */
  all(): readonly Cell[] {
    return this.#byKey.flatMap((cells) => [...cells.values()]);
  }

  /** The interval windows of a key that have cells, earliest start first. */
  windowsOf(key: number): IntervalWindow[] {
    const windows: IntervalWindow[] = [];
    for (const { window } of this.#byKey[key]?.values() ?? []) {
      if (window.kind === 'interval') windows.push(window);
    }
    return windows.sort((a, b) => a.start - b.start || a.end - b.end);
  }

  /** Forgets keys without cells, if they are the most; the others get new numbers. */
  forgetKeys(): void {
    if (this.#byKey.length < FEW_KEYS || this.#empty * 2 <= this.#byKey.length) return;
    const keys = this.#keys.drain();
    const kept: Map<string, Cell>[] = [];
    for (const [number, cells] of this.#byKey.entries()) {
      if (cells.size === 0) continue;
      const key = this.#keys.numberOf(keys[number]);
      kept.push(cells);
      for (const cell of cells.values()) cell.key = key;
    }
    this.#byKey = kept;
    this.#empty = 0;
  }

  clear(): void {
    this.#keys.drain();
    this.#byKey = [];
    this.#empty = 0;
  }
}
