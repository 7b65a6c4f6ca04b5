import { PipelineError } from '../errors.ts';
import type { CombineFn } from '../model/combine-fn.ts';
import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import type { PTransform } from '../model/ptransform.ts';
import { combineFnOf, combineLabel, type BinaryFn } from './combine-per-key.ts';
import { combineValues } from './combine-values.ts';
import { create } from './create.ts';
import { flatten } from './flatten.ts';
import { combineWithFanout, requireFanout } from './hot-key-fanout.ts';
import { values } from './values.ts';
import { requirePCollection } from './require-input.ts';

/** How combineGlobally treats a PCollection without elements. */
export interface CombineGloballyOptions {
  /** Gives nothing for it, instead of what the CombineFn makes of no input. */
  readonly withoutDefaults?: boolean;
}

/** A combine of all elements. */
export interface CombineGlobally<I, O> extends PTransform<PCollection<I>, PCollection<O>> {
  /**
   * Combines elements in parts first, each on a worker of its own: `combineGlobally(beam.mean()).withFanout(10)`.
   *
   * Runners combine the elements of each bundle before they move any: this helps where there are very many bundles, or where they do not
   * do that, as with a trigger that counts. It gives what it would give without; on one machine it only costs.
   *
   * @throws {RangeError} for a number that is no whole number above 0. @throws {PipelineError} as combinePerKey's withHotKeyFanout does.
   * @see Beam's Combine.Globally.withFanout
   */
  withFanout(fanout: number): PTransform<PCollection<I>, PCollection<O>>;
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
): CombineGlobally<I, O>;
export function combineGlobally<V>(fn: BinaryFn<V>, options?: CombineGloballyOptions): CombineGlobally<V, V>;
export function combineGlobally<I, A, O>(
  fn: CombineFn<I, A, O> | BinaryFn<I>,
  { withoutDefaults = false }: CombineGloballyOptions = {},
): CombineGlobally<I, O> {
  // Its input's type was checked above, against the PCollection.
  const whole = combineFnOf(fn) as CombineFn<unknown, unknown, O>;
  const name = combineLabel('CombineGlobally', whole);
  const hasDefault = !withoutDefaults && whole.needsInput !== true;
  const expand = (input: PCollection<I>, combine: CombineOnOneKey<O>): PCollection<O> =>
    hasDefault
      ? // One more input that stands for none: the combine runs for an empty PCollection too, on any runner.
        flatten<KV<null, readonly unknown[]>>()
          .expand([requireOneWindow(input, name).map(wrapOnOneKey), input.pipeline.apply(create([NO_INPUT]))])
          .apply(combine(new OptionalInputFn(whole)))
          .apply(values<O>())
      : requirePCollection(input, name).map(onOneKey).apply(combine(whole)).apply(values<O>());
  return {
    name,
    expand: (input) =>
      expand(input, (fn) => {
        const part = combineLabel('CombinePerKey', fn);
        return { name: part, expand: (pairs) => combineValues(pairs, { name: part, fn }) };
      }),
    withFanout(fanout) {
      const fanoutOf = requireFanout(fanout);
      return {
        name,
        expand: (input) =>
          expand(input, (fn) => {
            const part = combineLabel('CombinePerKey', fn);
            return { name: part, expand: (pairs) => combineWithFanout(pairs, { name: part, fn, fanoutOf }) };
          }),
      };
    },
  };
}

/** How the values of the one key are combined. */
type CombineOnOneKey<O> = (
  fn: CombineFn<unknown, unknown, unknown>,
) => PTransform<PCollection<KV<null, unknown>>, PCollection<KV<null, O>>>;

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
