import { definedAt } from '../../display/defined-at.ts';
import type { AppliedPTransform, PrimitiveSpec } from '../../model/applied-ptransform.ts';
import { describeSpec, displayData } from './display-data.ts';
import type { AboutTransform } from './placed.ts';

/** Which of the model's primitives a transform is; its parts, if it has any, are none of the user's. */
export const KIND_ANNOTATION = 'millrace:kind';

/** Where the user applied it: "cell 7, line 3". */
export const DEFINED_AT_ANNOTATION = 'millrace:defined_at';

/** What goes with a primitive for those who look at the job. */
export function aboutTransform({ appliedAt }: AppliedPTransform, spec: PrimitiveSpec): AboutTransform {
  const place = definedAt(appliedAt.stack);
  return {
    displayData: displayData(describeSpec(spec)),
    annotations: {
      [KIND_ANNOTATION]: spec.kind,
      ...(place !== undefined && { [DEFINED_AT_ANNOTATION]: place }),
    },
  };
}
