import { PipelineError } from '../errors.ts';
import type { CombineFn } from '../model/combine-fn.ts';
import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { combineFnOf, combineLabel, combinePerKey, type BinaryFn } from './combine-per-key.ts';
import { create } from './create.ts';
import { flatten } from './flatten.ts';
import { values } from './values.ts';
import { requirePCollection } from './require-input.ts';

/** How combineGlobally treats a PCollection without elements. */
export interface CombineGloballyOptions {
  /** Gives nothing for it, instead of what the CombineFn makes of no input. */
  readonly withoutDefaults?: boolean;
}

/**
 * Combines all elements to one: `combineGlobally(beam.mean())`, `combineGlobally((a, b) => a + b)`.
 *
 * Of no elements it gives what the CombineFn makes of no input, as Beam does: 0 for a sum, NaN for a mean, [] for a top.
 * A binary function, min and max have no such value: they give nothing then.
 *
 * @throws {PipelineError} for elements in windows, or with a trigger, unless `withoutDefaults`: each window with elements has
 *   a result then.
 */
export function combineGlobally<I, A, O>(
  fn: CombineFn<I, A, O>,
  options?: CombineGloballyOptions,
): PTransform<PCollection<I>, PCollection<O>>;
export function combineGlobally<V>(
  fn: BinaryFn<V>,
  options?: CombineGloballyOptions,
): PTransform<PCollection<V>, PCollection<V>>;
export function combineGlobally<I, A, O>(
  fn: CombineFn<I, A, O> | BinaryFn<I>,
  { withoutDefaults = false }: CombineGloballyOptions = {},
): PTransform<PCollection<I>, PCollection<O>> {
  // Its input's type was checked above, against the PCollection.
  const whole = combineFnOf(fn) as CombineFn<unknown, unknown, O>;
  const label = combineLabel('CombineGlobally', whole);
  if (withoutDefaults || whole.needsInput === true) {
    return {
      name: label,
      expand: (input) =>
        requirePCollection(input, label)
          .map(onOneKey)
          .apply(combinePerKey<null, unknown, unknown, O>(whole))
          .apply(values<O>()),
    };
  }
  // One more input that stands for none: the combine runs for an empty PCollection too, on any runner.
  return {
    name: label,
    expand: (input) =>
      flatten<KV<null, readonly unknown[]>>()
        .expand([requireOneWindow(input, label).map(wrapOnOneKey), input.pipeline.apply(create([NO_INPUT]))])
        .apply(combinePerKey<null, readonly unknown[], unknown, O>(new OptionalInputFn(whole)))
        .apply(values<O>()),
  };
}

/** Of no elements there are no windows in which a default could be. */
function requireOneWindow<T>(input: PCollection<T>, label: string): PCollection<T> {
  const { windowing } = requirePCollection(input, label);
  if (windowing.windowFn.standard?.kind === 'global' && windowing.trigger.kind === 'default') return input;
  throw new PipelineError(
    `Cannot combine in "${label}" as the result for no elements must have one window: received windows or a trigger`,
    {
      transform: label,
      hint: 'Say { withoutDefaults: true }: a window without elements then has no result',
    },
  );
}

const NO_INPUT: KV<null, readonly unknown[]> = { key: null, value: [] };

function onOneKey(value: unknown): KV<null, unknown> {
  return { key: null, value };
}

function wrapOnOneKey(value: unknown): KV<null, readonly unknown[]> {
  return { key: null, value: [value] };
}

/** Combines the inputs that are in arrays of one, and leaves empty arrays out. */
class OptionalInputFn<A, O> implements CombineFn<readonly unknown[], A, O> {
  readonly name: string;
  readonly #fn: CombineFn<unknown, A, O>;

  constructor(fn: CombineFn<unknown, A, O>) {
    this.name = fn.name ?? fn.constructor.name;
    this.#fn = fn;
  }

  createAccumulator(): A {
    return this.#fn.createAccumulator();
  }

  addInput(accumulator: A, input: readonly unknown[]): A {
    return input.length === 0 ? accumulator : this.#fn.addInput(accumulator, input[0]);
  }

  mergeAccumulators(accumulators: readonly A[]): A {
    return this.#fn.mergeAccumulators(accumulators);
  }

  extractOutput(accumulator: A): O {
    return this.#fn.extractOutput(accumulator);
  }
}
