import type { RestrictionProgress, RestrictionTracker } from './restriction.ts';

/** Whole numbers from `start` up to, and without, `stop`; a stop of Infinity is one that is not known. */
export interface OffsetRange {
  readonly start: number;
  readonly stop: number;
}

/** Makes a range. @throws {RangeError} if they are no whole numbers, or the stop is before the start. */
export function offsetRange(start: number, stop: number): OffsetRange {
  const isWhole = Number.isSafeInteger(start) && (Number.isSafeInteger(stop) || stop === Infinity);
  if (isWhole && start <= stop) return { start, stop };
  throw new RangeError(
    `Cannot make an offset range as it must go from a whole number to one that is not before it: received ${String(start)} to ${String(stop)}`,
  );
}

/**
 * Cuts a range in parts of `size` offsets; the last one may be up to a quarter larger, so that none is very small.
 *
 * @throws {RangeError} for a size below 1, and a range without an end.
 */
export function splitOffsetRange({ start, stop }: OffsetRange, size: number): OffsetRange[] {
  if (!(size >= 1) || stop === Infinity) {
    throw new RangeError(
      `Cannot split an offset range as it must have an end, and parts of 1 offset or more: received ${start} to ${stop} in parts of ${size}`,
    );
  }
  const parts: OffsetRange[] = [];
  for (let from = start; from < stop;) {
    const end = from + Math.floor(size);
    const to = stop - end < Math.floor(size / 4) || end >= stop ? stop : end;
    parts.push({ start: from, stop: to });
    from = to;
  }
  return parts;
}

/**
 * Tracks a range of offsets: claims rise, and may leave some out.
 *
 * @see Beam Python's OffsetRestrictionTracker
 */
export class OffsetRangeTracker implements RestrictionTracker<OffsetRange, number> {
  #range: OffsetRange;
  #lastAttempt: number | undefined;

  constructor(range: OffsetRange) {
    this.#range = offsetRange(range.start, range.stop);
  }

  currentRestriction(): OffsetRange {
    return this.#range;
  }

  tryClaim(position: number): boolean {
    const { start, stop } = this.#range;
    const before = this.#lastAttempt;
    if (!Number.isSafeInteger(position) || position < start || (before !== undefined && position <= before)) {
      const least = before === undefined ? `not before ${start}` : `after ${before}, which was claimed`;
      throw new RangeError(
        `Cannot claim an offset as it must be a whole number ${least}: received ${String(position)}`,
      );
    }
    this.#lastAttempt = position;
    return position < stop;
  }

  trySplit(
    fractionOfRemainder: number,
  ): { readonly primary: OffsetRange; readonly residual: OffsetRange } | undefined {
    const { start, stop } = this.#range;
    const current = this.#lastAttempt ?? start - 1;
    const at =
      stop === Infinity && fractionOfRemainder > 0
        ? Infinity // all that is left is without an end: none of it can be kept and the rest given away
        : current +
          Math.max(1, Math.floor(fractionOfRemainder === 0 ? 0 : (stop - current) * fractionOfRemainder));
    if (at >= stop) return undefined;
    this.#range = { start, stop: at };
    return { primary: this.#range, residual: { start: at, stop } };
  }

  checkDone(): void {
    const { start, stop } = this.#range;
    if (start === stop || (this.#lastAttempt !== undefined && this.#lastAttempt >= stop - 1)) return;
    throw new RangeError(
      `Cannot end the work on offsets ${start} to ${stop} as all of them must be claimed: received claims up to ${this.#lastAttempt ?? 'none'}`,
    );
  }

  currentProgress(): RestrictionProgress {
    const { start, stop } = this.#range;
    const done = Math.min((this.#lastAttempt ?? start - 1) + 1, stop);
    return { completed: done - start, remaining: stop - done };
  }
}
