import type { AppliedPTransform } from './applied-ptransform.ts';
import { asksForState } from './is-stateful.ts';
import { isRestrictionParam } from './restriction.ts';
import { isWatermarkEstimatorParam } from './watermark-estimator.ts';

/**
 * A restriction is for a parDo, which has one of them, and no state.
 *
 * @throws {TypeError} for anything else.
 */
export function requireSplittable({ spec, label }: AppliedPTransform): void {
  if (spec === undefined || !('context' in spec)) return;
  const requests = Object.values(spec.context);
  const restrictions = requests.filter(isRestrictionParam).length;
  const estimators = requests.filter(isWatermarkEstimatorParam).length;
  if (restrictions === 0 && estimators === 0) return;
  const refuse = (why: string) => new TypeError(`Cannot apply "${label}" as ${why}`);
  if (spec.kind !== 'parDo') {
    throw refuse(
      `restrictions and watermark estimators are for a DoFn: received them in the context of ${spec.kind}; use parDo()`,
    );
  }
  if (restrictions === 0) {
    throw refuse(
      'a watermark estimator is for a splittable DoFn: received one without a restriction; add a restrictionParam()',
    );
  }
  if (restrictions > 1) throw refuse(`a DoFn has one restriction: received ${restrictions}`);
  if (estimators > 1) throw refuse(`a DoFn has one watermark estimator: received ${estimators}`);
  if (asksForState(spec.context)) {
    throw refuse(
      'a splittable DoFn keeps no state and sets no timers: received both; keep state in a parDo before or after it',
    );
  }
}
