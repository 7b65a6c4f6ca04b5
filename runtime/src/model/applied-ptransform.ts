import type { BoundedSource } from './bounded-source.ts';
import type { CombineFn } from './combine-fn.ts';
import type { DoFn, FilterFn, FlatMapFn, MapFn } from './do-fn.ts';
import type { PCollection } from './pcollection.ts';
import type { TestStreamEvent } from './test-stream-event.ts';
import type { UnboundedSource } from './unbounded-source.ts';
import type { WindowedValue } from './windowed-value.ts';
import type { WindowingStrategy } from './windowing-strategy.ts';

/** What a primitive does, as data. The engine and the portable pipeline are the two readers of it. */
export type PrimitiveSpec =
  | { readonly kind: 'create'; readonly elements: readonly unknown[] }
  | { readonly kind: 'createWindowed'; readonly elements: readonly WindowedValue<unknown>[] }
  | { readonly kind: 'read'; readonly source: BoundedSource<unknown> }
  | {
      readonly kind: 'readUnbounded';
      readonly source: UnboundedSource<unknown>;
      /** It ends by itself. */
      readonly isBounded: boolean;
      /** It always has the same elements, with the same timestamps, whenever it is read: it can be cached. */
      readonly isDeterministic?: boolean;
    }
  | { readonly kind: 'testStream'; readonly events: readonly TestStreamEvent[] }
  | {
      readonly kind: 'map';
      readonly fn: MapFn<never, unknown, never>;
      readonly context: object;
      /** How what follows groups the elements, which stay in their windows: these must be windows that it has. */
      readonly windowing?: WindowingStrategy;
    }
  | { readonly kind: 'flatMap'; readonly fn: FlatMapFn<never, unknown, never>; readonly context: object }
  | { readonly kind: 'filter'; readonly fn: FilterFn<never, never>; readonly context: object }
  | {
      readonly kind: 'parDo';
      readonly doFn: DoFn<never, unknown, never>;
      readonly context: object;
      /** Tags of the outputs beside the main one. */
      readonly tags: readonly string[];
      /** It changes the world (writes files): never answered from a cache, and cached by nobody. */
      readonly hasEffects?: boolean;
      /** `process` emits windowed values, as finishBundle does: it gives each its timestamp, windows and pane. */
      readonly emitsWindowed?: boolean;
    }
  /** Gives each element another timestamp: what `fn` says of it, milliseconds since the epoch. */
  | { readonly kind: 'assignTimestamps'; readonly fn: MapFn<never, number, never>; readonly context: object }
  /** Puts each element in the windows of another strategy. */
  | { readonly kind: 'windowInto'; readonly windowing: WindowingStrategy }
  | { readonly kind: 'groupByKey' }
  | { readonly kind: 'combinePerKey'; readonly fn: CombineFn<unknown, unknown, unknown> }
  | { readonly kind: 'flatten' }
  /** Gives elements as they are; a runner may deal them out anew before what follows. */
  | {
      readonly kind: 'reshuffle';
      /** Elements are { key, value }, and those of a key stay together; otherwise each goes where chance says. */
      readonly isPerKey: boolean;
      /** In how many parts chance puts them at most. */
      readonly numBuckets: number;
    };

/** The tag of an output that was given no tag. */
export const MAIN_TAG = 'main';

/** All PCollections that a transform needs: its inputs, and those on the side. */
export function allInputs({ inputs, sideInputs }: AppliedPTransform): readonly PCollection<unknown>[] {
  return sideInputs.size === 0 ? inputs : [...inputs, ...sideInputs.values()];
}

/** One use of a PTransform in a pipeline: a node of its graph, primitive if it has a spec and composite if not. */
export interface AppliedPTransform {
  /** Unique in its pipeline, in the order of application: "t3". Differs from run to run of a cell. */
  readonly id: string;
  /** Its own name, without its composite's and not yet unique: "GroupByKey". Unique names: graph/names. */
  readonly label: string;
  /** True if the user gave the name, by withName. */
  readonly isNamed: boolean;
  readonly parent: AppliedPTransform | undefined;
  readonly spec: PrimitiveSpec | undefined;
  readonly inputs: readonly PCollection<unknown>[];
  /** By the name that its context gives them: it looks at them for each element, and waits for them. */
  readonly sideInputs: ReadonlyMap<string, PCollection<unknown>>;
  /** By tag; a transform with one output has it under "main". */
  readonly outputs: ReadonlyMap<string, PCollection<unknown>>;
  /** Where the user applied it: a stack trace, read lazily. */
  readonly appliedAt: { readonly stack?: string };
}
