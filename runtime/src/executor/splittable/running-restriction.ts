import { PipelineError } from '../../errors.ts';
import { describeValue } from '../../model/describe-value.ts';
import type { Restriction, RestrictionProgress, RestrictionTracker } from '../../model/restriction.ts';
import type { Timestamp } from '../../model/timestamp.ts';
import type { WatermarkEstimator } from '../../model/watermark-estimator.ts';
import type { WindowedValue } from '../../model/windowed-value.ts';
import { userError, type OperatorOptions } from '../operator.ts';
import type { RestrictionDriver, RestrictionResidual, RestrictionWork } from './restriction-driver.ts';
import type { Splittable } from './splittable.ts';

/** A restriction that a DoFn works on: the DoFn claims positions of it, its driver may split off what is not claimed. */
export class RunningRestriction {
  /** What the DoFn sees of it. */
  readonly view: Restriction<unknown, unknown>;
  readonly estimator: WatermarkEstimator<unknown> | undefined;
  readonly isBounded: boolean;
  readonly #work: WindowedValue<RestrictionWork>;
  readonly #tracker: RestrictionTracker<unknown, unknown>;
  readonly #driver: RestrictionDriver;
  readonly #options: Pick<OperatorOptions, 'name' | 'transform'>;
  #deferred: RestrictionResidual | undefined;

  constructor(
    work: WindowedValue<RestrictionWork>,
    {
      splittable,
      driver,
      options,
    }: {
      readonly splittable: Splittable;
      readonly driver: RestrictionDriver;
      readonly options: Pick<OperatorOptions, 'name' | 'transform'>;
    },
  ) {
    const { tracker, estimator } = splittable.open(work.value);
    this.estimator = estimator;
    this.isBounded = splittable.isBounded;
    this.#work = work;
    this.#tracker = tracker;
    this.#driver = driver;
    this.#options = options;
    this.view = {
      currentRestriction: () => tracker.currentRestriction(),
      tryClaim: (position) => this.#deferred === undefined && tracker.tryClaim(position),
      deferRemainder: (delayMs = 0) => this.#defer(delayMs),
    };
    driver.begin(this);
  }

  /** The DoFn has made an element, which is about to go on. */
  emitted(timestamp: Timestamp): void {
    this.estimator?.observeTimestamp?.(timestamp);
    this.#driver.emitted(this);
  }

  /**
   * Splits off some of what is not claimed; undefined if there is nothing to split off, or the DoFn has deferred it.
   *
   * @param fractionOfRemainder 0 for all of it.
   */
  split(
    fractionOfRemainder: number,
  ):
    { readonly primary: WindowedValue<RestrictionWork>; readonly residual: RestrictionResidual } | undefined {
    if (this.#deferred !== undefined) return undefined;
    const parts = this.#call('trySplit', () => this.#tracker.trySplit(fractionOfRemainder));
    if (parts === undefined) return undefined;
    return {
      primary: this.#part(parts.primary),
      residual: this.#residual(parts.residual, this.#driver.now()),
    };
  }

  progress(): RestrictionProgress {
    return this.#call('currentProgress', () => this.#tracker.currentProgress());
  }

  /** The DoFn has returned. @throws {PipelineError} if it left work undone that was not handed back. */
  finish(): void {
    this.#call('checkDone', () => this.#tracker.checkDone());
    if (this.#deferred !== undefined) this.#driver.handBack(this.#deferred);
    this.#driver.done(this);
  }

  #defer(delayMs: number): void {
    if (!(delayMs >= 0 && delayMs < Infinity)) {
      const { name } = this.#options;
      throw new PipelineError(
        `Cannot defer the work of "${name}" as the delay must be a number of milliseconds, 0 or more: received ${describeValue(delayMs)}`,
        { transform: name, hint: 'deferRemainder() goes on at once' },
      );
    }
    if (this.#deferred !== undefined) return;
    const parts = this.#tracker.trySplit(0);
    if (parts !== undefined) this.#deferred = this.#residual(parts.residual, this.#driver.now() + delayMs);
  }

  #residual(restriction: unknown, resumeAt: Timestamp): RestrictionResidual {
    return {
      work: this.#part(restriction),
      watermark: this.estimator?.currentWatermark(),
      resumeAt,
    };
  }

  #part(restriction: unknown): WindowedValue<RestrictionWork> {
    const { element } = this.#work.value;
    const estimatorState = this.estimator?.getEstimatorState();
    return { ...this.#work, value: { element, restriction, estimatorState } };
  }

  #call<T>(method: string, call: () => T): T {
    try {
      return call();
    } catch (cause) {
      throw userError(this.#options, method, { cause, element: this.#work.value.element });
    }
  }
}
