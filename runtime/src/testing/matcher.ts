import type { Reified } from '../transforms/reify.ts';

/** How elements are not what a matcher expects. */
export interface Mismatch {
  /** What was expected and what came: "hasSize expects 3 elements, received 2". */
  readonly summary: string;
  /** Elements, and what else helps; the first few are shown. */
  readonly lines: readonly string[];
  /** What the user's own function threw. */
  readonly cause?: unknown;
}

/**
 * Judges all elements of a PCollection, with windows and panes; `assertThat` applies it. A PCollection has no order: nor has
 * what a matcher is given. An element that is in several windows comes once for each.
 */
export interface Matcher<in T> {
  /** What it is called in a test: "containsInAnyOrder". */
  readonly name: string;
  /** Undefined if they are as expected. */
  judge(elements: readonly Reified<T>[]): Mismatch | undefined | Promise<Mismatch | undefined>;
}

/** The elements without what the model knows of them. */
export function valuesOf<T>(elements: readonly Reified<T>[]): readonly T[] {
  return elements.map(({ value }) => value);
}
