import type { AppliedPTransform, PrimitiveSpec } from './applied-ptransform.ts';
import { isRestrictionParam, type RestrictionParam } from './restriction.ts';
import { isWatermarkEstimatorParam, type WatermarkEstimatorParam } from './watermark-estimator.ts';
import type { WatermarkEstimator } from './watermark-estimator.ts';

/** The restriction that a context asks for. */
export function restrictionOf(context: object): RestrictionParam<unknown, unknown> | undefined {
  return Object.values(context).find(isRestrictionParam);
}

/** The watermark estimator that a context asks for. */
export function watermarkEstimatorOf(
  context: object,
): WatermarkEstimatorParam<WatermarkEstimator<unknown>> | undefined {
  return Object.values(context).find(isWatermarkEstimatorParam);
}

/** True for a parDo with a splittable DoFn. */
export function isSplittable({ spec }: AppliedPTransform): boolean {
  return spec?.kind === 'parDo' && restrictionOf(spec.context) !== undefined;
}

/** True for what need not end, whatever its input does. */
export function isEndless(spec: PrimitiveSpec | undefined): boolean {
  if (spec?.kind === 'readUnbounded') return !spec.isBounded;
  return spec?.kind === 'parDo' && restrictionOf(spec.context)?.provider.isBounded === false;
}
