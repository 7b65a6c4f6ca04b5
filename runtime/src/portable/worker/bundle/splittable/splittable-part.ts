import { fromBinary } from '@bufbuild/protobuf';
import { MAIN_TAG, type PrimitiveSpec } from '../../../../model/applied-ptransform.ts';
import { restrictionOf } from '../../../../model/is-splittable.ts';
import type { UnboundedSource } from '../../../../model/unbounded-source.ts';
import { ParDoPayloadSchema, type PTransform } from '../../../../proto/runner-api.ts';
import { StandardPTransforms_SplittableParDoComponentsUrn as SplittableUrn } from '../../../../proto/urns.ts';
import type { CuttableSource } from '../../../shard-parts.ts';
import { STEP_URN, type StepPayload } from '../../../step-payload.ts';
import { exportOf, notOurs, readStepPayload } from '../read-step.ts';
import type { Step, StepContext } from '../step.ts';
import { boundedRead } from './bounded-read.ts';
import { splittableStep } from './splittable-step.ts';
import { unboundedRead } from './unbounded-read.ts';

/** A part of a splittable ParDo of ours. */
export function splittablePart(id: string, transform: PTransform, context: StepContext): Step {
  const { urn = '', payload = new Uint8Array() } = transform.spec ?? {};
  const { doFn, ...parDo } = fromBinary(ParDoPayloadSchema, payload);
  if (doFn?.urn !== STEP_URN) {
    throw notOurs(id, { must: 'its function must be a step of Millrace', received: doFn?.urn });
  }
  const step = readStepPayload(doFn.payload);
  const spec = splittableSpec(step, context);
  if (spec === undefined) {
    throw notOurs(id, { must: 'its function must be a splittable DoFn', received: step.kind });
  }
  const sideInputs = Object.keys(parDo.sideInputs);
  const [input = '', pcollectionId = ''] =
    Object.entries(transform.inputs).find(([local]) => !sideInputs.includes(local)) ?? [];
  const { splittables, encode, now } = context;
  const operator = splittableStep(urn, {
    spec,
    transformId: id,
    input,
    outputs: Object.keys(transform.outputs),
    now,
    encode: (element) => encode(pcollectionId, element),
    handBack: (root) => splittables.handBack(root),
    add: (running) => splittables.add(running),
  });
  const doesWork = urn === SplittableUrn.PROCESS_SIZED_ELEMENTS_AND_RESTRICTIONS;
  const { name, appliedAt } = step;
  return { name, appliedAt, spec, operator, tags: doesWork ? [MAIN_TAG, ...spec.tags] : [], sideInputs };
}

/** The splittable DoFn of a step; undefined if it is none. */
function splittableSpec(
  step: StepPayload,
  { exports, now, signal }: StepContext,
): Extract<PrimitiveSpec, { readonly kind: 'parDo' }> | undefined {
  const { name } = step;
  if (step.kind === 'readUnbounded') {
    // The capture wrote it.
    const source = exportOf(step.export, { name, exports }) as UnboundedSource<unknown>;
    return unboundedRead(source, { name, isBounded: step.isBounded, now, signal });
  }
  if (step.kind === 'readPart') {
    const source = exportOf(step.export, { name, exports }) as CuttableSource; // the same
    return boundedRead(source, { name, signal });
  }
  if (step.kind !== 'spec') return undefined;
  const spec = exportOf(step.export, { name, exports }) as PrimitiveSpec; // the same
  return spec.kind === 'parDo' && restrictionOf(spec.context) !== undefined ? spec : undefined;
}
