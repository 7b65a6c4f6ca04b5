import type { TimestampCombiner } from '../model/windowing-strategy.ts';

/** URN of a ParDo's function that our worker runs; its payload is a StepPayload. */
export const STEP_URN = 'millrace:step:v1';

/** URN of a WindowFn that our worker runs; its payload is a StepPayload of kind "spec": a windowInto. */
export const WINDOW_FN_URN = 'millrace:window_fn:v1';

/** URN of a CombineFn that our worker runs; its payload is a StepPayload of kind "combine". */
export const COMBINE_FN_URN = 'millrace:combinefn:v1';

/** URNs of what a side input's ParDo says beside how it is read: our worker does both, and runners read neither. */
export const VIEW_FN_URN = 'millrace:view_fn:v1';
export const WINDOW_MAPPING_FN_URN = 'millrace:window_mapping_fn:v1';

/** Role and names of what is staged: the captured module, and files of elements. */
export const MODULE_ARTIFACT = 'pipeline.mjs';
export const SOURCE_MAP_ARTIFACT = 'pipeline.mjs.map';

/** What the worker does for one transform of the portable pipeline. */
export type StepPayload = {
  /** Full name, for errors, counters and logs: the user's, not that of a part which we added. */
  readonly name: string;
  /** Where the user applied it: the stack, for errors; lines that are not the user's may be left out. */
  readonly appliedAt?: string | undefined;
} & (
  | {
      /** The module's export is the model's spec: { kind: 'map', fn, context }, { kind: 'parDo', doFn, context, tags } … */
      readonly kind: 'spec';
      readonly export: string;
    }
  /** Checks for { key, value }, and keeps nothing else: what goes into a grouping. */
  | { readonly kind: 'toKV' }
  /** Passes elements on, the values of a group as an array: from a grouping's coder to the value coder. */
  | { readonly kind: 'copy' }
  /** Decodes elements that a runner was given as bytes, by the value coder. */
  | { readonly kind: 'decode' }
  /** For each impulse, all elements; in the form of ElementsPlace. */
  | { readonly kind: 'create'; readonly count: number; readonly elements: ElementsPlace }
  /** For each impulse, the shards of an artifact of elements, or of a source: { key: number, value: shard }. */
  | { readonly kind: 'elementShards'; readonly shards: readonly ElementsShard[] }
  | { readonly kind: 'readShards'; readonly export: string }
  /** Gives each value of a group alone, with the key. */
  | { readonly kind: 'ungroup' }
  /**
   * Gives each element a key, its own or one left to chance: { key, value: Uint8Array }; its bytes are as in ElementsPlace, with
   * timestamp, windows and pane. It goes into the global window, as no other is to be grouped by.
   */
  | { readonly kind: 'toReshuffle'; readonly isPerKey: boolean; readonly numBuckets: number }
  /** Takes the groups of these, and gives the elements as they were. */
  | { readonly kind: 'fromReshuffle' }
  /** Reads { key, value: ElementsShard }; in the form of ElementsPlace. */
  | { readonly kind: 'elementShard'; readonly artifact: string }
  /** Reads { key, value: shard }; the export is a BoundedSource. */
  | { readonly kind: 'readShard'; readonly export: string }
  /** Reads { key, value: part of a shard } as a splittable step; the export is a BoundedSource whose shards can be cut. */
  | { readonly kind: 'readPart'; readonly export: string }
  /** Reads an unbounded source for each impulse, as a splittable step; the export is an UnboundedSource. */
  | { readonly kind: 'readUnbounded'; readonly export: string; readonly isBounded: boolean }
  /** A CombineFn, for its precombine, merge and extract steps; the export is the CombineFn. */
  | {
      readonly kind: 'combine';
      readonly export: string;
      /** Which timestamp the precombine gives to what it adds up; it adds nothing up if this is not said. */
      readonly lift?: TimestampCombiner | undefined;
    }
  /** Gives each element a shard: { key: shard, value: Uint8Array }; its bytes are as in ElementsPlace. */
  | { readonly kind: 'toShard'; readonly shards: number }
  /**
   * Takes { key: shard, value: Iterable<Uint8Array> }, and writes each shard to the file `${shard}.elements` of `folder`,
   * at once whole (a retry writes it again): the bytes one after another. Emits nothing.
   */
  | { readonly kind: 'writeCollected'; readonly folder: string }
);

/**
 * Where elements are: in the payload itself (base64), or in a staged file.
 *
 * One after another, each as shippedElementsCoder has it, with nothing before, between or after them.
 */
export type ElementsPlace = { readonly inline: string } | { readonly artifact: string };

/** A part of a file of elements. */
export interface ElementsShard {
  /** In bytes. */
  readonly offset: number;
  readonly bytes: number;
  readonly count: number;
}
