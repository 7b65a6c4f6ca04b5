import type { KV } from './kv.ts';
import type { Bound } from './par-do-param.ts';
import type { FiredTimer } from './timer.ts';
import type { WindowedValue } from './windowed-value.ts';

/** What a user's function that emits many elements may return; nothing at all stands for no element. */
// `void` lets a process() without a return statement be written as such.
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type
export type Emitted<O> = Iterable<O> | AsyncIterable<O> | PromiseLike<Iterable<O> | void> | void;

/** A user's function of one element; sync is the fast path, async ones run with bounded concurrency. */
export type MapFn<T, O, C> = (element: T, context: Bound<C>) => O | PromiseLike<O>;
/** The same, to any number of elements: an array, a generator, an async generator, or a promise of an iterable. */
export type FlatMapFn<T, O, C> = (
  element: T,
  context: Bound<C>,
) => Iterable<O> | AsyncIterable<O> | PromiseLike<Iterable<O>>;
/** Keeps the elements for which it is true. */
export type FilterFn<T, C> = (element: T, context: Bound<C>) => boolean | PromiseLike<boolean>;

/**
 * An element for an output other than the main one: `yield new TaggedOutput('bad', line)`.
 *
 * The tag must be among those given to `parDo(doFn).withOutputs(…)`.
 */
export class TaggedOutput<Tag extends string, V> {
  /** Never there at run time: an element that happens to have a tag and a value is not taken for one of these. */
  declare protected readonly isTaggedOutput: true;
  readonly tag: Tag;
  readonly value: V;

  constructor(tag: Tag, value: V) {
    this.tag = tag;
    this.value = value;
  }
}

/** The key of { key, value } elements. */
export type KeyOfElement<T> = T extends KV<infer K, unknown> ? K : never;

/**
 * What ParDo runs: a function of one element with a life around it.
 *
 * One instance serves one stage on one worker: `setup` once, then for every bundle `startBundle`, `process` for each
 * element and `finishBundle`, at the end `teardown` (also after a failure). A bundle is processed whole or, when it
 * fails, not at all.
 */
export interface DoFn<T, O, C = object> {
  /** What the graph calls it; the class name where absent. */
  readonly name?: string;
  setup?(): void | PromiseLike<void>;
  startBundle?(context: Bound<C>): void | PromiseLike<void>;
  process(element: T, context: Bound<C>): Emitted<O>;
  /** A timer is due that `process` or this has set; what it emits has the timer's window and output timestamp. */
  onTimer?(timer: FiredTimer<KeyOfElement<T>>, context: Bound<C>): Emitted<O>;
  /** May emit what it kept back; it has no element to take a window from, so it says window and timestamp itself. */
  finishBundle?(context: Bound<C>): Emitted<WindowedValue<O>>;
  teardown?(): void | PromiseLike<void>;
}
