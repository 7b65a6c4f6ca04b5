import { fromBinary } from '@bufbuild/protobuf';

import type { ProcessBundleDescriptor } from '../../../proto/fn-api.ts';
import { ParDoPayloadSchema } from '../../../proto/runner-api.ts';
import { StandardPTransforms_PrimitivesUrn as PrimitiveUrn } from '../../../proto/urns.ts';
import { STEP_URN } from '../../step-payload.ts';
import { readStepPayload } from './read-step.ts';
import { SPLITTABLE_PARTS } from './splittable/splittable-step.ts';

/** Which exports of the captured module are the specs of a descriptor's steps. */
export function exportNames({ transforms }: ProcessBundleDescriptor): string[] {
  return Object.values(transforms).flatMap(({ spec }) => {
    if (spec === undefined || (spec.urn !== PrimitiveUrn.PAR_DO && !SPLITTABLE_PARTS.has(spec.urn)))
      return [];
    const { doFn } = fromBinary(ParDoPayloadSchema, spec.payload);
    if (doFn?.urn !== STEP_URN) return [];
    const payload = readStepPayload(doFn.payload);
    return payload.kind === 'spec' ? [payload.export] : [];
  });
}
