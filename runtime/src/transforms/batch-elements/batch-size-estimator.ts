import { fitLine, fitLineWithoutOutliers, type Timing } from './fit-line.ts';

/** What a batch may be, and should come to. */
export interface BatchTargets {
  readonly minBatchSize: number;
  readonly maxBatchSize: number;
  /** Which part of a batch's time its fixed cost should be; above 0, up to 1. */
  readonly overhead: number | undefined;
  /** Milliseconds of a batch, without its fixed cost. */
  readonly duration: number | undefined;
  /** Milliseconds of a batch. */
  readonly durationWithFixedCost: number | undefined;
  /** By which part of itself a size may differ from the one that was found, so that others are tried. */
  readonly variance: number;
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

const MOST_TIMINGS = 100;
/** A size is at most so many times the last one. */
const GROWTH = 2;

/**
 * Finds the best size of batches from what those so far took, on the assumption that this is a fixed cost and one for each element.
 *
 * @see Beam Python's _BatchSizeEstimator
 */
export class BatchSizeEstimator {
  readonly #targets: BatchTargets;
  #timings: Timing[] = [];
  #ignoresNext = false;
  /** Tried again, as it was not timed. */
  #again: number | undefined;

  constructor(targets: BatchTargets) {
    this.#targets = targets;
  }

  /** The next time is not representative: the first one of a bundle has others to set up. */
  ignoreNext(): void {
    this.#ignoresNext = true;
  }

  /** Notes what a batch took, in milliseconds. */
  record(size: number, ms: number): void {
    if (this.#ignoresNext) {
      this.#ignoresNext = false;
      this.#again = Math.min(size, this.#targets.maxBatchSize);
      return;
    }
    this.#timings.push({ size, ms });
    if (this.#timings.length >= MOST_TIMINGS) this.#thin();
  }

  nextSize(): number {
    const again = this.#again;
    this.#again = undefined;
    return again ?? this.#bestSize();
  }

  #bestSize(): number {
    const { minBatchSize, maxBatchSize, overhead, duration, durationWithFixedCost, variance, random } =
      this.#targets;
    const last = this.#timings.at(-1);
    if (minBatchSize === maxBatchSize || last === undefined) return minBatchSize;
    // Two sizes at least are needed for a line.
    if (this.#timings.length < 2)
      return Math.max(Math.min(maxBatchSize, minBatchSize * GROWTH), minBatchSize + 1);
    const count = this.#timings.length;
    // The largest are noisy, and weigh most.
    const sorted = [...this.#timings].sort((a, b) => a.size - b.size || a.ms - b.ms);
    const trimmed = sorted.slice(0, Math.max(20, Math.floor((count * 4) / 5)));
    const line = count < 10 ? fitLine(trimmed) : fitLineWithoutOutliers(trimmed);
    const fixed = Math.max(line.fixed, 1e-7);
    const each = Math.max(line.each, 1e-17);
    let target = maxBatchSize;
    if (durationWithFixedCost !== undefined)
      target = Math.min(target, (durationWithFixedCost - fixed) / each);
    if (duration !== undefined) target = Math.min(target, duration / each);
    if (overhead !== undefined) target = Math.min(target, (fixed / each) * (1 / overhead - 1));
    if (count > 10) target += Math.trunc(target * variance * 2 * (random() - 0.5));
    const most = Math.min(last.size * GROWTH, maxBatchSize);
    // One more every other time, as a line cannot be drawn through one size.
    return Math.trunc(Math.min(maxBatchSize, Math.max(minBatchSize + (count % 2), Math.min(target, most))));
  }

  /** Forgets two, rather older ones. An even number, as every other size is one more. */
  #thin(): void {
    const { random } = this.#targets;
    const { length } = this.#timings;
    this.#timings.splice(Math.floor(random() * Math.floor(length / 4)), 1);
    this.#timings.splice(Math.floor(random() * Math.floor((length - 1) / 2)), 1);
  }
}
