import type { SpillCoder } from './spill-coder.ts';
import { SegmentCursor, type KeyHash } from './sorted-segment.ts';
import { SpillGoneError, type Segment, type SpillStore } from './spill-store.ts';

/** Where some of a list's values are. */
export type ListPart =
  /** From this position on, as long as records have this hash, those of the key. */
  | { readonly kind: 'segment'; readonly segment: Segment; readonly position: number; readonly hash: number }
  | { readonly kind: 'memory'; readonly values: readonly unknown[] };

/** What a SpilledList is made of. */
export interface SpilledListOptions {
  readonly store: SpillStore;
  readonly coder: SpillCoder;
  readonly hash: KeyHash;
  readonly key: unknown;
  readonly parts: readonly ListPart[];
}

/**
 * The values of a key that has more than memory should hold: each time that it is gone through it reads them from disk, in
 * their order, and makes new objects. It can be read as long as its run lasts.
 */
export class SpilledList implements Iterable<unknown> {
  readonly #options: SpilledListOptions;

  constructor(options: SpilledListOptions) {
    this.#options = options;
  }

  *[Symbol.iterator](): IterableIterator<unknown> {
    const { store, coder, hash, key, parts } = this.#options;
    if (!store.isOpen) throw new SpillGoneError();
    for (const part of parts) {
      if (part.kind === 'memory') {
        yield* part.values;
        continue;
      }
      const cursor = new SegmentCursor(store, part.segment, part.position);
      while (cursor.next() && cursor.hash === part.hash) {
        if (!hash.isSame(cursor.key(coder), key)) continue;
        while (cursor.hasValue) yield cursor.value(coder);
      }
    }
  }
}
