import { create } from '@bufbuild/protobuf';
import { PipelineError } from '../../errors.ts';
import type { WindowingStrategy } from '../../model/windowing-strategy.ts';
import { IsBounded_Enum, PCollectionSchema, type PCollection } from '../../proto/runner-api.ts';
import type { ElementForm, PipelineCoders } from './pipeline-coders.ts';
import type { PipelineWindowing } from './pipeline-windowing.ts';

/** What the elements of a PCollection have in common. */
export interface ElementTraits {
  readonly windowing: WindowingStrategy;
  /** False if they need not end. */
  readonly isBounded: boolean;
}

/** The PCollections of a pipeline under construction. */
export class PipelinePCollections {
  readonly #coders: PipelineCoders;
  readonly #windowing: PipelineWindowing;
  readonly #known = new Map<string, ElementTraits & { readonly form: ElementForm }>();

  constructor(coders: PipelineCoders, windowing: PipelineWindowing) {
    this.#coders = coders;
    this.#windowing = windowing;
  }

  /** In which form the elements of a PCollection travel, and what they have in common. */
  of(id: string): ElementTraits & { readonly form: ElementForm } {
    const known = this.#known.get(id);
    if (known === undefined) {
      throw new RangeError(`Cannot read a PCollection as a step must make it first: received ${id}`);
    }
    return known;
  }

  /** Adds one, and gives its id. @throws {PipelineError} for an id that another one has. */
  add(id: string, elements: ElementTraits & { readonly form: ElementForm }): string {
    if (this.#known.has(id)) throw nameTaken(id);
    this.#known.set(id, elements);
    return id;
  }

  toProto(): Record<string, PCollection> {
    return Object.fromEntries(
      Array.from(this.#known, ([id, { form, windowing, isBounded }]) => [
        id,
        create(PCollectionSchema, {
          uniqueName: id,
          coderId: this.#coders.idOf(form),
          isBounded: isBounded ? IsBounded_Enum.BOUNDED : IsBounded_Enum.UNBOUNDED,
          windowingStrategyId: this.#windowing.idOf(windowing),
        }),
      ]),
    );
  }
}

/** Full names are unique; but one with a "/" in it can be that of a part which we add. */
export function nameTaken(id: string): PipelineError {
  return new PipelineError(
    `Cannot make a job of the pipeline as its steps and their parts must have names of their own: received "${id}" twice`,
    { transform: id, hint: 'Give the step another name, without "/" or ".", by withName(name, transform)' },
  );
}
