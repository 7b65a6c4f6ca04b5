import { Pacer } from '../../executor/pacer.ts';
import {
  budgetBytes,
  MemoryBudget,
  type Holder,
  type MemoryAccount,
  type MemoryUse,
} from './memory-budget.ts';
import { defaultSpillFolder, SpillStore, type SpillFiles } from './spill-store.ts';

/** What a run may be told of memory. */
export interface MemoryOptions {
  /** Bytes that groups, state and side inputs may hold together; a quarter of the machine's memory unless told. */
  readonly memoryBudget?: number | undefined;
  /** Where to spill what is beyond; a folder of the system's for temporary files unless told. */
  readonly spillFolder?: string | undefined;
  /** The file system to spill to; node:fs unless told. */
  readonly spillFiles?: SpillFiles | undefined;
}

/** The memory of one run: its budget, and the files that it spills to. Who holds elements opens an account. */
export class RunMemory {
  readonly budget: MemoryBudget;
  readonly store: SpillStore;
  /** Lets the event loop run while much is written or read; throws once the run is aborted. */
  readonly pacer: Pacer;

  constructor(
    { memoryBudget, spillFolder = defaultSpillFolder(), spillFiles }: MemoryOptions,
    signal: AbortSignal,
  ) {
    this.budget = new MemoryBudget(budgetBytes(memoryBudget));
    this.store = new SpillStore(spillFolder, spillFiles);
    this.pacer = new Pacer(signal);
  }

  open(holder: Holder): MemoryAccount {
    return this.budget.open(holder);
  }

  /** A group that is spilled and has more bytes than this is read each time that it is gone through. */
  get largestList(): number {
    return this.budget.bytes / 8;
  }

  get use(): MemoryUse & { readonly spilledBytes: number } {
    return { ...this.budget.use, spilledBytes: this.store.bytes };
  }

  /** Removes what was spilled. */
  close(): void {
    this.store.close();
  }
}
