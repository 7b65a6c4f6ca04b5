import type { AppliedPTransform } from '../../model/applied-ptransform.ts';
import type { PCollection } from '../../model/pcollection.ts';
import type { StagedArtifact } from '../portable-pipeline.ts';
import type { StepPayload } from '../step-payload.ts';
import { appliedAt } from './applied-at.ts';
import type { ModuleExports } from './module-exports.ts';
import type { PipelineBuilder } from './pipeline-builder.ts';
import type { AboutTransform } from './placed.ts';

/** What is made while a fragment is translated. */
export interface Translation {
  readonly builder: PipelineBuilder;
  readonly exports: ModuleExports;
  /** By name. */
  readonly artifacts: Map<string, StagedArtifact>;
  /** Ids in the proto, by the model's PCollection id. */
  readonly pcollections: Map<string, string>;
}

/** One primitive on its way into the pipeline. */
export interface Placed {
  readonly transform: AppliedPTransform;
  /** Its full name: its id. */
  readonly name: string;
  readonly parent: string | undefined;
  readonly about: AboutTransform;
}

/** Whatever kind of step it is: what it does. */
export type StepWork = StepPayload extends infer P
  ? P extends StepPayload
    ? Omit<P, 'name' | 'appliedAt'>
    : never
  : never;

/** The payload of a step, or of a part of one, which is called by the name that the user knows. */
export function payloadOf(
  { transform, name }: Pick<Placed, 'transform' | 'name'>,
  work: StepWork,
): StepPayload {
  const stack = appliedAt(transform.appliedAt.stack);
  return { name, ...(stack !== undefined && { appliedAt: stack }), ...work };
}

/** The id of the one input of a primitive. */
export function onlyInput({ transform, name }: Placed, { pcollections }: Translation): string {
  const [input] = transform.inputs;
  return pcollectionId(input, name, pcollections);
}

/** The id of a PCollection that `name` reads. */
export function pcollectionId(
  input: PCollection<unknown> | undefined,
  name: string,
  pcollections: ReadonlyMap<string, string>,
): string {
  const id = input === undefined ? undefined : pcollections.get(input.id);
  if (id === undefined) {
    throw new RangeError(
      `Cannot translate "${name}" as its inputs must come before it: received ${input?.id ?? 'none'}`,
    );
  }
  return id;
}
