import { KeyIndex } from '../coders/key-index.ts';
import type { AppliedPTransform } from '../model/applied-ptransform.ts';
import type { CombineFn } from '../model/combine-fn.ts';
import type { KV } from '../model/kv.ts';
import { NO_FIRING } from '../model/pane-info.ts';
import { MIN_TIMESTAMP } from '../model/timestamp.ts';
import { GLOBAL_WINDOWS } from '../model/window.ts';
import type { Receiver } from '../model/windowed-value.ts';
import { requireKV } from './require-kv.ts';
import { mainOutput, userError, type Operator, type OperatorOptions } from './operator.ts';

/** How many keys a lifted combine holds before it passes them on. */
export const MAX_LIFTED_KEYS = 100_000;

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
 * Whether the embedded engine adds the inputs of a combine up before the shuffle. In windows there is little to add up
 * in a bundle, and a trigger may count inputs: there the shuffle takes these as they are.
 */
export function isLifted({ inputs }: AppliedPTransform): boolean {
  const windowing = inputs[0]?.windowing;
  return (
    windowing === undefined ||
    (windowing.windowFn.standard?.kind === 'global' && windowing.trigger.kind === 'default')
  );
}

/**
 * The part of a combine that runs before the shuffle: adds the inputs of each key up, and passes accumulators on at
 * the end of the bundle, or when MAX_LIFTED_KEYS are there.
 *
 * Only elements of the global window are held back; others go on one by one, and are merged by window.
 */
export function liftOperator(
  fn: CombineFn<unknown, unknown, unknown>,
  options: OperatorOptions & { readonly shuffle: Receiver<KV<unknown, unknown>>; readonly maxKeys?: number },
): Operator {
  const { shuffle, maxKeys = MAX_LIFTED_KEYS } = options;
  const combine = guardCombine(fn, options);
  const keys = new KeyIndex(options.name);
  let accumulators: unknown[] = [];
  const passOn = async () => {
    const values = accumulators;
    accumulators = [];
    let number = 0;
    for (const key of keys.drain()) {
      const wait = shuffle({ key, value: values[number++] }, MIN_TIMESTAMP, GLOBAL_WINDOWS, NO_FIRING);
      if (wait !== undefined) await wait;
    }
  };
  return {
    receive(element, timestamp, windows, pane) {
      const { key, value } = requireKV(element, options.name);
      if (windows !== GLOBAL_WINDOWS) {
        return shuffle({ key, value: combine.add(combine.create(), value) }, timestamp, windows, pane);
      }
      const number = keys.numberOf(key);
      const before = number === accumulators.length ? combine.create() : accumulators[number];
      accumulators[number] = combine.add(before, value);
      return accumulators.length < maxKeys ? undefined : passOn();
    },
    finishBundle: passOn,
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
