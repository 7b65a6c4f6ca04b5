import { describeValue } from './describe-value.ts';
import type { ParDoParam } from './par-do-param.ts';
import { MIN_TIMESTAMP, type Timestamp } from './timestamp.ts';

/** Says how far event time is in what a splittable DoFn emits for one restriction. */
export interface WatermarkEstimator<S> {
  /** No element that comes later will be older: milliseconds since the epoch. It never goes back. */
  currentWatermark(): Timestamp;
  /** What the next one is made of, when the rest of the restriction is worked on: plain data, encodable as elements are. */
  getEstimatorState(): S;
  /** Told of the timestamp of each element that `process` emits. */
  observeTimestamp?(timestamp: Timestamp): void;
}

/** Makes watermark estimators; the name is Beam's. */
export interface WatermarkEstimatorProvider<T, R, S, E extends WatermarkEstimator<S>> {
  /** For the first of an element's restrictions. */
  initialEstimatorState(element: T, restriction: R): S;
  createWatermarkEstimator(state: S): E;
}

/** A request for the watermark estimator of a splittable DoFn; `process` gets the estimator itself. */
export interface WatermarkEstimatorParam<E> extends ParDoParam<E> {
  readonly paramKind: 'watermarkEstimator';
  readonly provider: WatermarkEstimatorProvider<unknown, unknown, unknown, WatermarkEstimator<unknown>>;
}

/** A watermark that `process` sets. */
export interface ManualWatermarkEstimator extends WatermarkEstimator<Timestamp> {
  /** @throws {RangeError} if it goes back, or is no timestamp. */
  setWatermark(watermark: Timestamp): void;
}

/** A watermark that `process` sets with `setWatermark`: the earliest time until then. */
export function manualWatermarkEstimator(): WatermarkEstimatorProvider<
  unknown,
  unknown,
  Timestamp,
  ManualWatermarkEstimator
> {
  return {
    initialEstimatorState: () => MIN_TIMESTAMP,
    createWatermarkEstimator: (state) => new ManualEstimator(state),
  };
}

/** The timestamp of the last element, where timestamps do not go back. An older element does not move it. */
export function monotonicWatermarkEstimator(): WatermarkEstimatorProvider<
  unknown,
  unknown,
  Timestamp,
  WatermarkEstimator<Timestamp>
> {
  return {
    initialEstimatorState: () => MIN_TIMESTAMP,
    createWatermarkEstimator: (state) => new MonotonicEstimator(state),
  };
}

/** The machine's clock, for elements whose timestamp is the time at which they are read. It never goes back, whatever the clock does. */
export function walltimeWatermarkEstimator(): WatermarkEstimatorProvider<
  unknown,
  unknown,
  Timestamp,
  WatermarkEstimator<Timestamp>
> {
  return {
    initialEstimatorState: () => MIN_TIMESTAMP,
    createWatermarkEstimator: (state) => new WalltimeEstimator(state),
  };
}

/**
 * Asks for a watermark estimator, beside a restriction: `{ work: beam.restrictionParam(…), watermark:
 * beam.watermarkEstimatorParam(beam.manualWatermarkEstimator()) }`, and in process `watermark.setWatermark(…)`.
 *
 * The watermark of what comes out is that of the input, held back by the estimators of restrictions that are not done.
 * Without one, a restriction that is not done holds it back at the timestamp of its element.
 *
 * @throws {TypeError} if it is no provider.
 */
export function watermarkEstimatorParam<T, R, S, E extends WatermarkEstimator<S>>(
  provider: WatermarkEstimatorProvider<T, R, S, E>,
): WatermarkEstimatorParam<E> {
  const received: unknown = provider; // the types do not hold in plain JavaScript
  for (const method of ['initialEstimatorState', 'createWatermarkEstimator'] as const) {
    if (typeof received === 'object' && received !== null && method in received) continue;
    throw new TypeError(
      `Cannot ask for a watermark estimator as its provider must have the method ${method}: received ${describeValue(received)}`,
    );
  }
  return {
    paramKind: 'watermarkEstimator',
    name: 'watermark estimator',
    // The executor gives it back what it made itself.
    provider: provider,
  };
}

export function isWatermarkEstimatorParam(
  value: unknown,
): value is WatermarkEstimatorParam<WatermarkEstimator<unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'paramKind' in value &&
    value.paramKind === 'watermarkEstimator'
  );
}

class ManualEstimator implements ManualWatermarkEstimator {
  #watermark: Timestamp;

  constructor(watermark: Timestamp) {
    this.#watermark = watermark;
  }

  currentWatermark(): Timestamp {
    return this.#watermark;
  }

  getEstimatorState(): Timestamp {
    return this.#watermark;
  }

  setWatermark(watermark: Timestamp): void {
    if (!(watermark >= this.#watermark)) {
      throw new RangeError(
        `Cannot set the watermark as it must be a timestamp, and must not go back: received ${describeValue(watermark)} after ${this.#watermark}`,
      );
    }
    this.#watermark = watermark;
  }
}

class MonotonicEstimator implements WatermarkEstimator<Timestamp> {
  #watermark: Timestamp;

  constructor(watermark: Timestamp) {
    this.#watermark = watermark;
  }

  currentWatermark(): Timestamp {
    return this.#watermark;
  }

  getEstimatorState(): Timestamp {
    return this.#watermark;
  }

  observeTimestamp(timestamp: Timestamp): void {
    this.#watermark = Math.max(this.#watermark, timestamp);
  }
}

class WalltimeEstimator implements WatermarkEstimator<Timestamp> {
  #watermark: Timestamp;

  constructor(watermark: Timestamp) {
    this.#watermark = watermark;
  }

  currentWatermark(): Timestamp {
    this.#watermark = Math.max(this.#watermark, Date.now());
    return this.#watermark;
  }

  getEstimatorState(): Timestamp {
    return this.#watermark;
  }
}
