import type { DisplayData } from '../../proto/runner-api.ts';
import type { StepPayload } from '../step-payload.ts';
import type { ElementForm } from './pipeline-coders.ts';
import type { ElementTraits } from './pipeline-pcollections.ts';
import type { KeyedSpecs } from './translate-state.ts';

/** What every transform has beside what it does. */
export interface PlacedTransform {
  /** Its full name, which is its id as well. */
  readonly id: string;
  /** The composite that it is a part of. */
  readonly parent: string | undefined;
  readonly about?: AboutTransform | undefined;
}

/** What is told of a transform, and changes nothing of what it does. */
export interface AboutTransform {
  readonly displayData: readonly DisplayData[];
  /** Texts by their keys. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** A step and what it takes: a PCollection's id, or several by local name. */
export interface PlacedStep extends PlacedTransform {
  readonly payload: StepPayload;
  readonly input: string;
  /** Ids of the PCollections that it looks at, by name. */
  readonly sideInputs?: ReadonlyMap<string, string> | undefined;
  /** Of its outputs, by tag. */
  readonly outputs: Readonly<Record<string, ElementForm>>;
  /** The ids of its outputs, by tag; `${id}.${tag}` where there is none. */
  readonly outputIds?: ReadonlyMap<string, string> | undefined;
  /** What its outputs have in common; as its input where it is not said. */
  readonly traits?: Partial<ElementTraits> | undefined;
  /** Its work for one element can be cut: runners ask for it in parts. */
  readonly isSplittable?: boolean | undefined;
  /** It asks to be called when its bundles are committed. */
  readonly hasFinalizer?: boolean | undefined;
  /** It keeps state by key: its input has to be a KV. */
  readonly keyed?: KeyedSpecs | undefined;
}
