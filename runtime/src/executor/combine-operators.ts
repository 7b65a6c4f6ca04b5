import type { CombineFn } from '../model/combine-fn.ts';
import { mainOutput, userError, type Operator, type OperatorOptions } from './operator.ts';

/** The functions of a CombineFn, guarded: what they throw names the transform and the input. */
export interface GuardedCombine {
  create(): unknown;
  add(accumulator: unknown, input: unknown): unknown;
  merge(accumulators: readonly unknown[]): unknown;
  extract(accumulator: unknown): unknown;
}

/** Guards the functions of a combine; the shuffle merges through it as well. */
export function guardCombine(
  fn: CombineFn<unknown, unknown, unknown>,
  options: Pick<OperatorOptions, 'name' | 'transform'>,
): GuardedCombine {
  return {
    create() {
      try {
        return fn.createAccumulator();
      } catch (cause) {
        throw userError(options, 'createAccumulator', { cause });
      }
    },
    add(accumulator, input) {
      try {
        return fn.addInput(accumulator, input);
      } catch (cause) {
        throw userError(options, 'addInput', { cause, element: input });
      }
    },
    merge(accumulators) {
      if (accumulators.length === 1) return accumulators[0];
      try {
        return fn.mergeAccumulators(accumulators);
      } catch (cause) {
        throw userError(options, 'mergeAccumulators', { cause });
      }
    },
    extract(accumulator) {
      try {
        return fn.extractOutput(accumulator);
      } catch (cause) {
        throw userError(options, 'extractOutput', { cause });
      }
    },
  };
}

/**
 * The part of a combine that runs after the shuffle: extracts the output of each key's accumulator.
 *
 * It takes the element for its own: the shuffle made it, and nobody else has it.
 */
export function extractOperator(
  fn: CombineFn<unknown, unknown, unknown>,
  options: OperatorOptions,
): Operator {
  const combine = guardCombine(fn, options);
  const out = mainOutput(options);
  return {
    receive(element, timestamp, windows, pane) {
      // What the shuffle made: one object for each pane is enough.
      const own = element as { readonly key: unknown; value: unknown };
      own.value = combine.extract(own.value);
      return out(own, timestamp, windows, pane);
    },
  };
}
