import { fromBinary } from '@bufbuild/protobuf';

import type { Operator, OperatorOptions } from '../../../executor/operator.ts';
import { MAIN_TAG, type PrimitiveSpec } from '../../../model/applied-ptransform.ts';
import type { Timestamp } from '../../../model/timestamp.ts';
import type { WindowedValue } from '../../../model/windowed-value.ts';
import { GLOBAL_WINDOWING } from '../../../model/windowing-strategy.ts';
import {
  CombinePayloadSchema,
  ParDoPayloadSchema,
  WindowIntoPayloadSchema,
  type PTransform,
} from '../../../proto/runner-api.ts';
import {
  StandardPTransforms_CombineComponentsUrn as CombineUrn,
  StandardPTransforms_PrimitivesUrn as PrimitiveUrn,
} from '../../../proto/urns.ts';
import { COMBINE_FN_URN, STEP_URN, WINDOW_FN_URN, type StepPayload } from '../../step-payload.ts';
import { windowFnFromProto } from '../../windowing/window-fn-from-proto.ts';
import { combineStep } from './operators/combine-steps.ts';
import type { SplittableSteps } from './splittable/splittable-steps.ts';
import { splittablePart } from './splittable/splittable-part.ts';
import { SPLITTABLE_PARTS } from './splittable/splittable-step.ts';
import { payloadStep } from './operators/payload-step.ts';
import { exportOf, notOurs, readStepPayload } from './read-step.ts';

/** Makes the operator of a step that only the harness has. */
export type MakeOperator = (options: OperatorOptions) => Operator;

/** What is needed to make a step of a transform. */
export interface StepContext {
  /** What the captured module exports. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** Folder of the staged artifacts, by name. */
  readonly artifactFolder: string;
  /** Aborted when the stage that the step is in is given up. */
  readonly signal: AbortSignal;
  /** Takes the splittable steps, and what they hand back. */
  readonly splittables: SplittableSteps;
  /** Encodes an element of a PCollection that comes from the runner, as it came. */
  readonly encode: (pcollectionId: string, element: WindowedValue<unknown>) => Uint8Array<ArrayBuffer>;
  /** Processing time, milliseconds since the epoch. */
  readonly now: () => Timestamp;
}

/** What the executor needs of one transform of a bundle descriptor. */
export interface Step {
  /** The user's full name. */
  readonly name: string;
  readonly appliedAt: string | undefined;
  /** What the executor runs itself; undefined where there is `operator`. */
  readonly spec: PrimitiveSpec | undefined;
  readonly operator: MakeOperator | undefined;
  /** Local names of its outputs, beside those that the descriptor has. */
  readonly tags: readonly string[];
  /** Local names of the inputs that it looks at. */
  readonly sideInputs?: readonly string[];
}

/** URNs of the parts of a combine that runs in a worker. */
const COMBINE_PARTS: ReadonlySet<string> = new Set(Object.values(CombineUrn));

/**
 * Reads what a transform of a bundle descriptor does.
 *
 * @param id Its id, for errors.
 * @throws {PipelineError} for a transform that this worker does not run: one of another SDK, or one that comes with a
 *   later version.
 */
export function stepOf(id: string, transform: PTransform, context: StepContext): Step {
  const urn = transform.spec?.urn ?? '';
  const payload = transform.spec?.payload ?? new Uint8Array();
  const plain = { name: transform.uniqueName, appliedAt: undefined, operator: undefined, tags: [] };
  if (urn === PrimitiveUrn.FLATTEN) return { ...plain, spec: { kind: 'flatten' } };
  if (SPLITTABLE_PARTS.has(urn)) return splittablePart(id, transform, context);
  if (urn === PrimitiveUrn.PAR_DO) {
    const { doFn, ...parDo } = fromBinary(ParDoPayloadSchema, payload);
    if (doFn?.urn !== STEP_URN) {
      throw notOurs(id, { must: 'its function must be a step of Millrace', received: doFn?.urn });
    }
    const sideInputs = Object.keys(parDo.sideInputs);
    return { ...stepOfPayload(readStepPayload(doFn.payload), context), sideInputs };
  }
  if (urn === PrimitiveUrn.ASSIGN_WINDOWS) {
    const { windowFn } = fromBinary(WindowIntoPayloadSchema, payload);
    if (windowFn?.urn === WINDOW_FN_URN) return stepOfPayload(readStepPayload(windowFn.payload), context);
    const standard = windowFn === undefined ? undefined : windowFnFromProto(windowFn);
    if (standard === undefined) {
      throw notOurs(id, {
        must: 'its WindowFn must be one of Beam or of Millrace',
        received: windowFn?.urn,
      });
    }
    return { ...plain, spec: { kind: 'windowInto', windowing: { ...GLOBAL_WINDOWING, windowFn: standard } } };
  }
  if (COMBINE_PARTS.has(urn)) {
    const { combineFn } = fromBinary(CombinePayloadSchema, payload);
    if (combineFn?.urn !== COMBINE_FN_URN) {
      throw notOurs(id, { must: 'its CombineFn must be one of Millrace', received: combineFn?.urn });
    }
    const step = readStepPayload(combineFn.payload);
    if (step.kind !== 'combine') {
      throw notOurs(id, { must: 'its payload must be of kind combine', received: step.kind });
    }
    const { name, appliedAt } = step;
    const fn = exportOf(step.export, { name, exports: context.exports });
    return {
      name,
      appliedAt,
      spec: undefined,
      operator: combineStep(urn, { combineFn: fn, lift: step.lift }),
      tags: [],
    };
  }
  throw notOurs(id, { must: 'this worker must know its kind', received: urn });
}

function stepOfPayload(payload: StepPayload, context: StepContext): Step {
  const { name, appliedAt } = payload;
  if (payload.kind !== 'spec') {
    const value =
      'export' in payload ? exportOf(payload.export, { name, exports: context.exports }) : undefined;
    return {
      name,
      appliedAt,
      spec: undefined,
      operator: payloadStep(payload, { ...context, value }),
      tags: [],
    };
  }
  // What the capture wrote is a spec of the model.
  const spec = exportOf(payload.export, { name, exports: context.exports }) as PrimitiveSpec;
  const tags = spec.kind === 'parDo' ? [MAIN_TAG, ...spec.tags] : [MAIN_TAG];
  return { name, appliedAt, spec, operator: undefined, tags };
}
