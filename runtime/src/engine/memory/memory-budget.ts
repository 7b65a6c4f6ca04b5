import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { PipelineError } from '../../errors.ts';

/** A part of the budget that is worth a spill: less would make too many small pieces. */
const LEAST_SPILL = 1 / 16;
/** Beyond this part more than the budget, what cannot spill is refused. */
const MOST_OVER = 0.5;
/** The heap is measured each time that so large a part of the budget was added. */
const LOOK_EVERY = 1 / 32;

/** Who holds elements: groups, side inputs, state. */
export interface Holder {
  /** Full name of the transform, for errors. */
  readonly transform: string;
  /** Writes what it can to disk, and says by `set` what is left; nobody adds to it meanwhile. */
  spill(): Promise<void>;
  /** Counts anew what it holds, in bytes, where what was added up may be too much. */
  refine?(): number;
}

/** What a run came to take. */
export interface MemoryUse {
  /** Bytes that it might hold. */
  readonly budget: number;
  /** Most bytes that holders said they held. */
  readonly heldPeak: number;
  /** Most bytes that V8's heap and what is beside it had grown by, garbage included, where it was looked at. */
  readonly measuredPeak: number;
  readonly spills: number;
}

/**
 * The bytes that a run may hold: `memoryBudget`, or a quarter of the machine's memory; in either case no more than half of
 * what V8's heap may take, as most of it is there.
 *
 * @throws {RangeError} if it is not positive.
 */
export function budgetBytes(memoryBudget = totalmem() / 4): number {
  if (!(memoryBudget > 0)) {
    throw new RangeError(
      `Cannot run as memoryBudget must be a positive number of bytes: received ${String(memoryBudget)}`,
    );
  }
  return Math.floor(Math.min(memoryBudget, getHeapStatistics().heap_size_limit / 2));
}

/** V8's heap and what is beside it: process.memoryUsage() has the same, and takes longer. */
function measureHeap(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/**
 * Shares the memory of a run among those who hold elements: each says what it holds, and the largest spill when all together
 * are over the budget, or when the heap is by half more than that.
 *
 * Holders estimate by sampled sizes. As these may be wrong, the heap is measured too, now and then and at the end of bundles;
 * it has garbage in it, and what others hold, so that it counts with that allowance only.
 */
export class MemoryBudget {
  readonly bytes: number;
  readonly #measure: () => number;
  readonly #base: number;
  readonly #accounts = new Set<MemoryAccount>();
  #held = 0;
  #lookedAt = 0;
  #heldPeak = 0;
  #measuredPeak = 0;
  #spills = 0;
  #spilling: Promise<void> | undefined;

  /** @param bytes See budgetBytes. */
  constructor(bytes: number, measure: () => number = measureHeap) {
    this.bytes = bytes;
    this.#measure = measure;
    this.#base = measure();
  }

  /** An account for one who holds elements. */
  open(holder: Holder): MemoryAccount {
    const account = new MemoryAccount(holder, {
      grow: (by) => this.#grow(by),
      set: (by) => {
        this.#held += by;
        this.#lookedAt = Math.min(this.#lookedAt, this.#held);
      },
    });
    this.#accounts.add(account);
    return account;
  }

  /** Measures the heap: a bundle has ended. A promise to wait for if somebody has to spill. */
  look(): Promise<void> | undefined {
    this.#lookedAt = this.#held;
    const measured = this.#measure() - this.#base;
    this.#measuredPeak = Math.max(this.#measuredPeak, measured);
    const isOver = measured > this.bytes * (1 + MOST_OVER) && this.#held > this.bytes / 4;
    return isOver || this.#held > this.bytes ? this.#relieve() : undefined;
  }

  get use(): MemoryUse {
    return {
      budget: this.bytes,
      heldPeak: this.#heldPeak,
      measuredPeak: this.#measuredPeak,
      spills: this.#spills,
    };
  }

  #grow(by: number): Promise<void> | undefined {
    this.#held += by;
    if (this.#held > this.#heldPeak) this.#heldPeak = this.#held;
    const isOver = this.#held > this.bytes;
    return isOver || this.#held - this.#lookedAt > this.bytes * LOOK_EVERY ? this.look() : undefined;
  }

  #relieve(): Promise<void> {
    this.#spilling ??= this.#spillLargest().finally(() => (this.#spilling = undefined));
    return this.#spilling;
  }

  async #spillLargest(): Promise<void> {
    const largest = [...this.#accounts].sort((a, b) => b.bytes - a.bytes);
    for (const account of largest) {
      if (account.bytes < this.bytes * LEAST_SPILL) break;
      const refined = account.holder.refine?.();
      if (refined !== undefined) {
        account.set(refined);
        if (this.#held <= this.bytes / 2) return;
      }
      const before = account.bytes;
      await account.holder.spill();
      if (account.bytes < before) this.#spills += 1;
      if (this.#held <= this.bytes / 2) return;
    }
    const [first] = largest.sort((a, b) => b.bytes - a.bytes);
    if (first === undefined || this.#held <= this.bytes * (1 + MOST_OVER)) return;
    throw new MemoryBudgetError(first.holder.transform, { needed: this.#held, budget: this.bytes });
  }
}

/** What one holder holds, as it says itself. */
export class MemoryAccount {
  readonly holder: Holder;
  readonly #onGrow: (by: number) => Promise<void> | undefined;
  readonly #onSet: (by: number) => void;
  #bytes = 0;

  /** @param on What is told of changes: by `grow`, and by `set`. */
  constructor(
    holder: Holder,
    on: { readonly grow: (by: number) => Promise<void> | undefined; readonly set: (by: number) => void },
  ) {
    this.holder = holder;
    this.#onGrow = on.grow;
    this.#onSet = on.set;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** So many more bytes are held; a promise to wait for, before more is added, if somebody has to spill. */
  grow(by: number): Promise<void> | undefined {
    this.#bytes += by;
    return this.#onGrow(by);
  }

  /** So many bytes are held now; no more than before, or what was counted anew. */
  set(bytes: number): void {
    this.#onSet(bytes - this.#bytes);
    this.#bytes = bytes;
  }
}

/** What must be in memory is more than the budget allows. */
export class MemoryBudgetError extends PipelineError {
  constructor(transform: string, { needed, budget }: { readonly needed: number; readonly budget: number }) {
    super(
      `Cannot hold what "${transform}" needs in memory at once as the run must keep within its memory budget of ${megabytes(budget)}: received ${megabytes(needed)}`,
      {
        transform,
        hint: 'Raise memoryBudget (ib.options.memoryBudget, or run({ memoryBudget })), or have it hold fewer keys and windows',
      },
    );
  }
}

/** "512 MB" */
export function megabytes(bytes: number): string {
  const mb = bytes / 2 ** 20;
  return mb >= 1 ? `${Math.round(mb)} MB` : `${bytes} bytes`;
}
