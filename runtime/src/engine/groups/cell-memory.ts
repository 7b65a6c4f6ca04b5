import type { Holder, MemoryAccount } from '../memory/memory-budget.ts';
import type { RunMemory } from '../memory/run-memory.ts';
import { SampledSizes } from '../memory/sampled-sizes.ts';

/** Bytes of a cell with its timers, whether what it holds is in memory or on disk. */
const CELL_BYTES = 600;
/** Of a place in an array that grows. */
const SLOT = 10;

/** Counts what cells and panes hold in memory, by the sizes of sampled elements, and says so to the budget. */
export class CellMemory {
  readonly #account: MemoryAccount | undefined;
  readonly #sizes: SampledSizes;
  #cells = 0;
  /** Elements of which something is in memory, and the bytes that they take. */
  #elements = 0;
  #elementBytes = 0;

  constructor(memory: RunMemory | undefined, holder: Holder) {
    this.#account = memory?.open(holder);
    this.#sizes = new SampledSizes(memory);
  }

  /** So many cells are new, or gone if it is negative. */
  addCells(count: number): void {
    this.#cells += count;
  }

  /** So many more elements are in memory. */
  add(elements: number): void {
    this.#elements += elements;
  }

  /** So many elements are not in memory any more. */
  forget(elements: number): void {
    if (elements === 0) return;
    this.#elementBytes -= (this.#elementBytes * elements) / Math.max(this.#elements, elements);
    this.#elements -= elements;
  }

  /** An element has come, in so many windows; a promise to wait for if somebody has to spill. */
  sample(value: unknown, windows: number): Promise<void> | undefined {
    if (!this.#sizes.isDue()) return undefined;
    this.#elementBytes += this.#sizes.take(value, SLOT) * windows;
    const account = this.#account;
    return account?.grow(Math.max(0, this.#bytes - account.bytes));
  }

  /** Tells the budget what is held no more. */
  shrink(): void {
    const account = this.#account;
    account?.set(Math.min(account.bytes, this.#bytes));
  }

  get #bytes(): number {
    return this.#elementBytes + this.#cells * CELL_BYTES;
  }
}
