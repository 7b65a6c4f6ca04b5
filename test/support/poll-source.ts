import { isDeepStrictEqual } from 'node:util';
import { MIN_TIMESTAMP } from '../../runtime/src/model/timestamp.ts';
import type { UnboundedSource } from '../../runtime/src/model/unbounded-source.ts';

/** How pollSource polls. */
export interface PollSourceOptions {
  /** Processing time at the start, milliseconds since the epoch; 0 unless told otherwise. */
  readonly now?: number;
  /** Stops polling when processing time has come this far. */
  readonly until?: number;
  /** The most elements of each poll in turn, over and over; 1,000 unless told otherwise. */
  readonly limits?: readonly number[];
  /** Called before each poll with processing time: what happens in the world meanwhile. */
  readonly beforePoll?: (now: number) => void;
  readonly signal?: AbortSignal;
}

/** What a source gave. */
export interface PolledElements<T> {
  readonly elements: readonly { readonly value: T; readonly timestamp: number }[];
  /** After each poll. */
  readonly watermarks: readonly number[];
  /** Processing time of each poll. */
  readonly polledAt: readonly number[];
  readonly isEnded: boolean;
  /** The last of each place that has not ended. */
  readonly positions: readonly unknown[];
}

/**
 * Polls an unbounded source until it ends, on a clock that goes on only while there is nothing to read.
 *
 * It holds the source to its contract: positions survive JSON, no poll emits more than its limit or while a promise of
 * `emit` is open, watermarks never go back, and no element is older than the watermark before it.
 */
export async function pollSource<T>(
  source: UnboundedSource<T>,
  options: PollSourceOptions = {},
): Promise<PolledElements<T>> {
  const { until = Infinity, limits = [1000], beforePoll, signal = new AbortController().signal } = options;
  let now = options.now ?? 0;
  let count = 0;
  const elements: { value: T; timestamp: number }[] = [];
  const watermarks: number[] = [];
  const polledAt: number[] = [];
  beforePoll?.(now);
  let places = (await source.start(now)).map((position) => ({
    position: throughJson(position),
    watermark: MIN_TIMESTAMP,
    resumeAt: now,
  }));
  while (places.length > 0 && now <= until) {
    const left: typeof places = [];
    for (const place of places) {
      if (place.resumeAt > now) {
        left.push(place);
        continue;
      }
      const limit = limits[count++ % limits.length] ?? 1;
      const emission = new Emission(place.watermark, limit);
      const polled = await source.poll(place.position, {
        emit: (value: T, timestamp: number) => {
          elements.push({ value, timestamp });
          return emission.add(timestamp);
        },
        now,
        limit,
        signal,
      });
      emission.end();
      if (polled.watermark < place.watermark) {
        throw new RangeError(`The watermark went back from ${place.watermark} to ${polled.watermark}`);
      }
      watermarks.push(polled.watermark);
      polledAt.push(now);
      if (polled.position !== undefined) left.push({ ...polled, position: throughJson(polled.position) });
    }
    places = left;
    const next = Math.min(...places.map(({ resumeAt }) => resumeAt));
    if (places.length === 0 || next > until) break;
    now = Math.max(now, next);
    beforePoll?.(now);
  }
  return {
    elements,
    watermarks,
    polledAt,
    isEnded: places.length === 0,
    positions: places.map(({ position }) => position),
  };
}

/** What one poll emits; every third emit asks for a wait. */
class Emission {
  readonly #watermark: number;
  readonly #limit: number;
  #count = 0;
  #isWaiting = false;

  constructor(watermark: number, limit: number) {
    this.#watermark = watermark;
    this.#limit = limit;
  }

  add(timestamp: number): void | Promise<void> {
    if (this.#isWaiting) throw new TypeError('The source emitted while it was asked to wait');
    if (timestamp < this.#watermark)
      throw new RangeError(`An element at ${timestamp} is older than the watermark ${this.#watermark}`);
    this.#count += 1;
    if (this.#count > this.#limit) throw new RangeError(`A poll emitted more than ${this.#limit} elements`);
    if (this.#count % 3 !== 0) return;
    this.#isWaiting = true;
    return new Promise((resolve) =>
      setImmediate(() => {
        this.#isWaiting = false;
        resolve();
      }),
    );
  }

  end(): void {
    if (this.#isWaiting) throw new TypeError('A poll ended before its last element was taken');
  }
}

function throughJson(position: unknown): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(position));
  if (!isDeepStrictEqual(copy, position))
    throw new TypeError('A position must be plain data, that JSON keeps');
  return copy;
}
