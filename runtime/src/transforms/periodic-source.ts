import { MAX_TIMESTAMP, type Timestamp } from '../model/timestamp.ts';
import type { Polled, PollOptions, UnboundedSource } from '../model/unbounded-source.ts';

/** Event times at equal distances, in milliseconds. */
export interface Period {
  /** The first one; undefined for when reading begins. */
  readonly start: Timestamp | undefined;
  /** All are before it; Infinity where there is no end. */
  readonly stop: Timestamp;
  readonly interval: number;
}

/** Which sequence it is of the source's, and the event time that comes next. */
export interface PeriodicPosition {
  readonly sequence: number;
  readonly next: Timestamp;
}

/** Emits event times when they come: what `periodicImpulse` and `periodicSequence` read. */
export class PeriodicSource implements UnboundedSource<Timestamp, PeriodicPosition> {
  readonly sequences: readonly Period[];

  constructor(sequences: readonly Period[]) {
    this.sequences = sequences;
  }

  start(now: Timestamp): Promise<readonly PeriodicPosition[]> {
    return Promise.resolve(this.sequences.map(({ start = now }, sequence) => ({ sequence, next: start })));
  }

  async poll(
    { sequence, next }: PeriodicPosition,
    { emit, now, limit, signal }: PollOptions<Timestamp>,
  ): Promise<Polled<PeriodicPosition>> {
    const { interval, stop } = this.sequences[sequence] ?? { interval: 1, stop: -Infinity };
    for (let left = limit; left > 0 && next <= now && next < stop; left--) {
      if (signal.aborted) throw signal.reason;
      const wait = emit(next, next);
      if (wait !== undefined) await wait;
      next += interval;
    }
    return next < stop
      ? { position: { sequence, next }, watermark: next, resumeAt: next }
      : { position: undefined, watermark: MAX_TIMESTAMP, resumeAt: now };
  }
}
