import { PipelineError } from '../../errors.ts';
import type { AppliedPTransform } from '../../model/applied-ptransform.ts';
import { describeValue } from '../../model/describe-value.ts';
import { restrictionOf, watermarkEstimatorOf } from '../../model/is-splittable.ts';
import type { RestrictionTracker } from '../../model/restriction.ts';
import type { WatermarkEstimator } from '../../model/watermark-estimator.ts';
import { isIterable } from '../emission.ts';
import { userError, type OperatorOptions } from '../operator.ts';
import type { RestrictionWork } from './restriction-driver.ts';

/** Calls the providers of a splittable DoFn; what they throw names the transform, the method and the element. */
export class Splittable {
  /** False if the work for an element need not end. */
  readonly isBounded: boolean;
  readonly #provider;
  readonly #estimators;
  readonly #options: Pick<OperatorOptions, 'name' | 'transform'>;

  /**
   * @param transform A parDo that asks for a restriction.
   * @param name Its full name.
   */
  constructor(transform: AppliedPTransform, name: string) {
    const context = transform.spec?.kind === 'parDo' ? transform.spec.context : {};
    const options = { transform, name };
    const param = restrictionOf(context);
    if (param === undefined) {
      throw new TypeError(`Cannot split "${options.name}" as it must ask for a restriction: received none`);
    }
    this.#provider = param.provider;
    this.#estimators = watermarkEstimatorOf(context)?.provider;
    this.#options = options;
    this.isBounded = param.provider.isBounded !== false;
  }

  /** All of the work for an element. */
  async begin(element: unknown): Promise<RestrictionWork> {
    const restriction = await this.#call('initialRestriction', element, () =>
      this.#provider.initialRestriction(element),
    );
    const estimatorState = await this.#call('initialEstimatorState', element, () =>
      this.#estimators?.initialEstimatorState(element, restriction),
    );
    return { element, restriction, estimatorState };
  }

  /** Its initial splits, each with the watermark of the whole. */
  async split(work: RestrictionWork): Promise<readonly RestrictionWork[]> {
    const { element, restriction } = work;
    if (this.#provider.split === undefined) return [work];
    const parts: unknown = await this.#call('split', element, () =>
      this.#provider.split?.(element, restriction),
    );
    if (!isIterable(parts)) {
      throw new PipelineError(
        `Cannot split the work of "${this.#options.name}" as split must return an iterable of restrictions: ` +
          `received ${describeValue(parts)} for ${describeValue(element)}`,
        {
          transform: this.#options.name,
          hint: 'Return an array of restrictions that are the whole together',
        },
      );
    }
    // A generator of the user's runs here.
    const restrictions = await this.#call('split', element, () => [...parts]);
    return restrictions.map((part) => ({ ...work, restriction: part }));
  }

  /** How much work it is, 0 or more. */
  async sizeOf({ element, restriction }: RestrictionWork): Promise<number> {
    const said: unknown = await this.#call('restrictionSize', element, () =>
      this.#provider.restrictionSize === undefined
        ? this.#provider.createTracker(restriction).currentProgress().remaining
        : this.#provider.restrictionSize(element, restriction),
    );
    if (typeof said === 'number' && said >= 0) return Math.min(said, Number.MAX_SAFE_INTEGER);
    throw new PipelineError(
      `Cannot tell the size of a restriction of "${this.#options.name}" as it must be a number, 0 or more: ` +
        `received ${describeValue(said)} for ${describeValue(element)}`,
      { transform: this.#options.name, hint: 'See restrictionSize() of its provider' },
    );
  }

  /** What is left to do of it when a job is drained; undefined for nothing. */
  async truncate(work: RestrictionWork): Promise<RestrictionWork | undefined> {
    const { element, restriction } = work;
    if (this.#provider.truncate === undefined) return this.isBounded ? work : undefined;
    const left = await this.#call('truncate', element, () => this.#provider.truncate?.(element, restriction));
    return left === undefined ? undefined : { ...work, restriction: left };
  }

  /** What follows work on it. */
  open({ element, restriction, estimatorState }: RestrictionWork): {
    readonly tracker: RestrictionTracker<unknown, unknown>;
    readonly estimator: WatermarkEstimator<unknown> | undefined;
  } {
    try {
      return {
        tracker: this.#provider.createTracker(restriction),
        estimator: this.#estimators?.createWatermarkEstimator(estimatorState),
      };
    } catch (cause) {
      throw userError(this.#options, 'createTracker', { cause, element });
    }
  }

  async #call<T>(method: string, element: unknown, call: () => T | PromiseLike<T>): Promise<T> {
    try {
      return await call();
    } catch (cause) {
      throw userError(this.#options, method, { cause, element });
    }
  }
}
