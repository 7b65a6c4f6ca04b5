import { fromBinary } from '@bufbuild/protobuf';

import { PipelineError } from '../../../errors.ts';
import type { Operator, OperatorOptions } from '../../../executor/operator.ts';
import { MAIN_TAG, type PrimitiveSpec } from '../../../model/applied-ptransform.ts';
import { describeValue } from '../../../model/describe-value.ts';
import { restrictionOf } from '../../../model/is-splittable.ts';
import type { Timestamp } from '../../../model/timestamp.ts';
import type { UnboundedSource } from '../../../model/unbounded-source.ts';
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
  StandardPTransforms_SplittableParDoComponentsUrn as SplittableUrn,
} from '../../../proto/urns.ts';
import { COMBINE_FN_URN, STEP_URN, WINDOW_FN_URN, type StepPayload } from '../../step-payload.ts';
import type { CuttableSource } from '../../shard-parts.ts';
import { windowFnFromProto } from '../../windowing/window-fn-from-proto.ts';
import { combineStep } from './operators/combine-steps.ts';
import type { SplittableSteps } from './splittable/splittable-steps.ts';
import { SPLITTABLE_PARTS, splittableStep } from './splittable/splittable-step.ts';
import { boundedRead } from './splittable/bounded-read.ts';
import { unboundedRead } from './splittable/unbounded-read.ts';
import { payloadStep } from './operators/payload-step.ts';

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

/** A part of a splittable ParDo of ours. */
function splittablePart(id: string, transform: PTransform, context: StepContext): Step {
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

/** A step as it travels: JSON in UTF-8. */
export function readStepPayload(bytes: Uint8Array): StepPayload {
  // Our own SDK wrote it, of the same version: the artifact and the worker are staged together.
  return JSON.parse(new TextDecoder().decode(bytes)) as StepPayload;
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

function exportOf(
  key: string,
  { name, exports }: { readonly name: string; readonly exports: Readonly<Record<string, unknown>> },
): unknown {
  const value = exports[key];
  if (typeof value === 'object' && value !== null) return value;
  throw new PipelineError(
    `Cannot run "${name}" as the job's module must export "${key}": received ${describeValue(value)}`,
    { transform: name, hint: 'Promote the pipeline again: its module and its steps do not belong together' },
  );
}

function notOurs(
  id: string,
  { must, received }: { readonly must: string; readonly received: string | undefined },
): PipelineError {
  return new PipelineError(
    `Cannot run "${id}" in a Millrace worker as ${must}: received ${received ?? 'none'}`,
    {
      transform: id,
      hint: 'Steps of another SDK need an environment of that SDK; see which one the step names',
    },
  );
}
