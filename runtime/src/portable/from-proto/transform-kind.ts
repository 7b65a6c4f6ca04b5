import { fromBinary } from '@bufbuild/protobuf';
import { ParDoPayloadSchema, type PTransform } from '../../proto/runner-api.ts';
import {
  StandardPTransforms_CombineComponentsUrn as COMBINE,
  StandardPTransforms_CompositesUrn as COMPOSITE,
  StandardPTransforms_PrimitivesUrn as PRIMITIVE,
} from '../../proto/urns.ts';
import { STEP_URN } from '../step-payload.ts';
import { KIND_ANNOTATION } from '../to-proto/annotations.ts';

/** What well-known URNs are called in a graph of ours. */
const KINDS: Readonly<Record<string, string>> = {
  [PRIMITIVE.PAR_DO]: 'parDo',
  [PRIMITIVE.FLATTEN]: 'flatten',
  [PRIMITIVE.GROUP_BY_KEY]: 'groupByKey',
  [PRIMITIVE.IMPULSE]: 'impulse',
  [PRIMITIVE.ASSIGN_WINDOWS]: 'windowInto',
  [COMPOSITE.COMBINE_PER_KEY]: 'combinePerKey',
  [COMPOSITE.COMBINE_GLOBALLY]: 'combineGlobally',
  [COMPOSITE.RESHUFFLE]: 'reshuffle',
  [COMBINE.COMBINE_PER_KEY_PRECOMBINE]: 'precombine',
  [COMBINE.COMBINE_PER_KEY_MERGE_ACCUMULATORS]: 'merge accumulators',
  [COMBINE.COMBINE_PER_KEY_EXTRACT_OUTPUTS]: 'extract outputs',
};

/** Which of the model's primitives a transform of ours is; undefined for a part of one, and for those of others. */
export function modelKind({ annotations }: PTransform): string | undefined {
  return annotationText(annotations, KIND_ANNOTATION);
}

/** What a transform does, in a word or two: "flatMap", "toKV", "groupByKey", "beam:transform:teststream:v1". */
export function transformKind(transform: PTransform): string {
  const own = modelKind(transform);
  if (own !== undefined) return own;
  const { spec, subtransforms } = transform;
  const urn = spec?.urn ?? '';
  if (urn === PRIMITIVE.PAR_DO) return stepKind(spec?.payload) ?? 'parDo';
  return KINDS[urn] ?? (subtransforms.length > 0 ? 'composite' : urn);
}

/** A text that goes with a transform. */
export function annotationText(
  annotations: Readonly<Record<string, Uint8Array>>,
  key: string,
): string | undefined {
  const bytes = annotations[key];
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** The kind of a step of ours; undefined for a ParDo of another SDK, and for one that cannot be read. */
function stepKind(payload: Uint8Array | undefined): string | undefined {
  if (payload === undefined) return undefined;
  try {
    const { doFn } = fromBinary(ParDoPayloadSchema, payload);
    if (doFn?.urn !== STEP_URN) return undefined;
    const step: unknown = JSON.parse(new TextDecoder().decode(doFn.payload));
    const hasKind = typeof step === 'object' && step !== null && 'kind' in step;
    return hasKind && typeof step.kind === 'string' ? step.kind : undefined;
  } catch {
    return undefined; // it is described all the same
  }
}
