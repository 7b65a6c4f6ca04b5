import type { AppliedPTransform } from '../model/applied-ptransform.ts';
import type { PCollection } from '../model/pcollection.ts';

/** Where a stage's elements come from. */
export type StageInput =
  /** A root: create, createWindowed, read, or a flatten of nothing. */
  | { readonly kind: 'root'; readonly transform: AppliedPTransform }
  /** What a groupByKey or combinePerKey grouped. */
  | { readonly kind: 'shuffle'; readonly transform: AppliedPTransform }
  /** What came to a transform with side inputs, once these are ready, or to one that keeps state or is splittable. */
  | { readonly kind: 'held'; readonly transform: AppliedPTransform }
  /** A PCollection that exists already: the fragment's inputs. */
  | { readonly kind: 'input' };

/**
 * Transforms that run together, element by element, without anything kept between them.
 *
 * A flatten that joins several stages is unzipped: what follows it is in each of them, so a transform, a sink and a
 * shuffle may appear in several stages of a plan. Within one stage each transform appears once.
 */
export interface Stage {
  /** Unique in its plan: "s1". */
  readonly id: string;
  /** For progress: the full names of its first and last transform. */
  readonly name: string;
  readonly input: StageInput;
  /** The PCollection that its input gives. */
  readonly head: PCollection<unknown>;
  /** map, flatMap, filter, parDo and flatten; producers first. */
  readonly transforms: readonly AppliedPTransform[];
  /** The groupByKey, combinePerKey and transforms with side inputs that it writes to; each of these heads a later stage. */
  readonly shuffles: readonly AppliedPTransform[];
  /**
   * Who takes each PCollection's elements in this stage, by PCollection id: members of `transforms` and `shuffles`. One
   * that takes it twice is there twice.
   */
  readonly consumers: ReadonlyMap<string, readonly AppliedPTransform[]>;
  /** Its PCollections that are side inputs of others. */
  readonly sides: readonly PCollection<unknown>[];
  /** Its PCollections that go to a sink. */
  readonly materialised: readonly PCollection<unknown>[];
  /**
   * Ids of PCollections whose every element must be made, whatever its sinks still want: outputs of transforms that
   * change the world, and targets without a sink.
   */
  readonly unlimited: ReadonlySet<string>;
}

/** What to run, in this order: a stage that reads a shuffle comes after all that write to it. */
export interface Plan {
  readonly stages: readonly Stage[];
  /** Full names, for errors, progress and counters. */
  readonly names: ReadonlyMap<AppliedPTransform, string>;
}
