/**
 * Combines many inputs to one output through an accumulator, in any grouping and any order.
 *
 * The runner may call `addInput` before the shuffle (lifting) and merge accumulators after it, so the answer must not
 * depend on how the inputs were split: `mergeAccumulators` is associative and commutative.
 *
 * - `addInput` and `mergeAccumulators` may change and return the accumulator they were given (the first one, for a
 *   merge); they must not change inputs.
 * - An accumulator must survive encoding: numbers, strings, arrays, plain objects, Map, Set, typed arrays.
 */
export interface CombineFn<I, A, O> {
  /** What the graph calls it; the class or function name where absent. */
  readonly name?: string;
  /** Of no input it has no output: combineGlobally gives nothing for an empty PCollection, and extractOutput throws. */
  readonly needsInput?: boolean;
  createAccumulator(): A;
  addInput(accumulator: A, input: I): A;
  mergeAccumulators(accumulators: readonly A[]): A;
  extractOutput(accumulator: A): O;
}
