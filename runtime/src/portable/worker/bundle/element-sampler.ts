import type { Coder } from '../../../coders/coder.ts';
import { OutputBytes } from '../../../coders/output-bytes.ts';
import type { Distribution } from './monitoring-infos.ts';

/** Elements that are kept of a PCollection. */
const MOST_KEPT = 10;
/** A kept element is replaced no more often. */
const KEEP_EVERY_MS = 1000;
/** Larger ones are measured and not kept. */
const MOST_KEPT_BYTES = 64 * 1024;
/** So many of each PCollection are looked at whatever it takes: of a small one something is always kept. */
const ALWAYS_LOOKED_AT = 3;
/** Sampling may take this part of the time, */
const MOST_SHARE = 0.02;
/** and this much at any time, in milliseconds. */
const FREE_MS = 20;

/** One element as it was when it came by. */
export interface KeptElement {
  /** By the PCollection's coder, in the nested context. */
  readonly bytes: Uint8Array;
  readonly coder: Coder;
  /** When, in milliseconds since the epoch. */
  readonly takenAt: number;
}

/**
 * Measures and keeps a few elements of each PCollection that passes through a thread: the last ten, one a second at
 * most once these are there.
 *
 * Elements are encoded at once, as a user's function may change them later. It takes no more than a fiftieth of the
 * time: of large elements few are looked at, but always the first three.
 */
export class ElementSampler {
  readonly #kept = new Map<string, KeptElement[]>();
  /** Up to ALWAYS_LOOKED_AT. */
  readonly #looked = new Map<string, number>();
  readonly #out = new OutputBytes();
  readonly #now: () => number;
  readonly #startedAt: number;
  #spentMs = 0;

  /** @param now A clock in milliseconds, of which only differences matter. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#startedAt = now();
  }

  /**
   * Looks at one element of a PCollection.
   *
   * @returns its encoded size, or undefined if it was passed over.
   */
  look(pcollection: string, coder: Coder, value: unknown): number | undefined {
    const start = this.#now();
    const looked = this.#looked.get(pcollection) ?? 0;
    const isDear = this.#spentMs > FREE_MS + (start - this.#startedAt) * MOST_SHARE;
    if (isDear && looked >= ALWAYS_LOOKED_AT) return undefined;
    if (looked < ALWAYS_LOOKED_AT) this.#looked.set(pcollection, looked + 1);
    try {
      coder.encode(value, this.#out);
      const size = this.#out.length;
      this.#keep(pcollection, coder, size);
      return size;
    } catch {
      // What has no encoding is the sink's to refuse; not every PCollection has one.
      return undefined;
    } finally {
      this.#out.truncate(0);
      this.#spentMs += this.#now() - start;
    }
  }

  /** What is kept, oldest first; of all PCollections if no ids are given. */
  kept(pcollections: readonly string[] = []): ReadonlyMap<string, readonly KeptElement[]> {
    const ids = pcollections.length === 0 ? [...this.#kept.keys()] : pcollections;
    return new Map(ids.map((id) => [id, this.#kept.get(id) ?? []]));
  }

  #keep(pcollection: string, coder: Coder, size: number): void {
    if (size > MOST_KEPT_BYTES) return;
    const kept = this.#kept.get(pcollection) ?? [];
    this.#kept.set(pcollection, kept);
    const now = Date.now();
    if (kept.length >= MOST_KEPT) {
      if (now - (kept.at(-1)?.takenAt ?? 0) < KEEP_EVERY_MS) return;
      kept.shift();
    }
    kept.push({ bytes: new Uint8Array(this.#out.view()), coder, takenAt: now });
  }
}

/** Adds one number to a distribution. */
export function added(to: Distribution | undefined, value: number): Distribution {
  if (to === undefined) return { count: 1, sum: value, min: value, max: value };
  return {
    count: to.count + 1,
    sum: to.sum + value,
    min: Math.min(to.min, value),
    max: Math.max(to.max, value),
  };
}
