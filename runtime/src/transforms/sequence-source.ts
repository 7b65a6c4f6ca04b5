import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../model/timestamp.ts';
import type { Polled, PollOptions, UnboundedSource } from '../model/unbounded-source.ts';
import { requireTimestamp } from './require-timestamp.ts';

/** Where a sequence is. */
export interface SequencePosition {
  readonly next: number;
  /** When reading began: processing time, milliseconds since the epoch. */
  readonly startedAt: Timestamp;
}

/** What a SequenceSource counts; the fields are those of GenerateSequenceOptions, in milliseconds. */
export interface SequenceSourceOptions {
  readonly first: number;
  /** Infinity where it need not end. */
  readonly stop: number;
  readonly rate: { readonly elements: number; readonly perMs: number } | undefined;
  readonly timestampFn: ((element: number) => Timestamp) | undefined;
  readonly maxReadTimeMs: number;
}

/**
 * Counts: what `generateSequence` reads.
 *
 * With a rate, an element is due so long after reading began as its place says, whenever it is asked for; so the same
 * elements and timestamps come out however it is polled.
 */
export class SequenceSource implements UnboundedSource<number, SequencePosition> {
  readonly first: number;
  readonly stop: number;
  readonly rate: SequenceSourceOptions['rate'];
  readonly timestampFn: SequenceSourceOptions['timestampFn'];
  readonly maxReadTimeMs: number;

  constructor(options: SequenceSourceOptions) {
    this.first = options.first;
    this.stop = options.stop;
    this.rate = options.rate;
    this.timestampFn = options.timestampFn;
    this.maxReadTimeMs = options.maxReadTimeMs;
  }

  start(now: Timestamp): Promise<readonly SequencePosition[]> {
    return Promise.resolve([{ next: this.first, startedAt: now }]);
  }

  async poll(
    { next, startedAt }: SequencePosition,
    { emit, now, limit, signal }: PollOptions<number>,
  ): Promise<Polled<SequencePosition>> {
    const deadline = startedAt + this.maxReadTimeMs;
    const dueAt = (element: number) => this.#dueAt(element, startedAt) ?? now;
    let due = dueAt(next);
    let before = this.timestampFn && next > this.first ? this.#timestampOf(next - 1, due) : MIN_TIMESTAMP;
    for (let left = limit; left > 0 && next < this.stop && due <= now && due < deadline; left--) {
      if (signal.aborted) throw signal.reason;
      const timestamp = this.#timestampOf(next, due);
      requireNotOlder(timestamp, before, next);
      const wait = emit(next, timestamp);
      if (wait !== undefined) await wait;
      before = timestamp;
      next += 1;
      due = dueAt(next);
    }
    if (next >= this.stop || due >= deadline) {
      return { position: undefined, watermark: MAX_TIMESTAMP, resumeAt: now };
    }
    const watermark = this.#timestampOf(next, due);
    requireNotOlder(watermark, before, next);
    return { position: { next, startedAt }, watermark, resumeAt: due };
  }

  /** Undefined without a rate: at any time. */
  #dueAt(element: number, startedAt: Timestamp): Timestamp | undefined {
    if (this.rate === undefined) return undefined;
    return startedAt + Math.ceil(((element - this.first) * this.rate.perMs) / this.rate.elements);
  }

  #timestampOf(element: number, due: Timestamp): Timestamp {
    const { timestampFn } = this;
    if (timestampFn === undefined) return this.#isTimeless() ? MIN_TIMESTAMP : due;
    return requireTimestamp(timestampFn(element), 'generate a sequence', `the timestamp of ${element}`);
  }

  /** It reads no clock, and could not say what time it is. */
  #isTimeless(): boolean {
    return this.rate === undefined && this.stop !== Infinity && this.maxReadTimeMs === Infinity;
  }
}

function requireNotOlder(timestamp: Timestamp, before: Timestamp, element: number): void {
  if (timestamp >= before) return;
  throw new RangeError(
    `Cannot generate a sequence as timestampFn must not go back: received ${timestamp} for ${element} after ${before}`,
  );
}
