import { PipelineError } from '../errors.ts';
import type { CombineFn } from '../model/combine-fn.ts';
import { describeValue } from '../model/describe-value.ts';
import { TaggedOutput, type DoFn } from '../model/do-fn.ts';
import type { KV } from '../model/kv.ts';
import type { PCollection } from '../model/pcollection.ts';
import { combineValues } from './combine-values.ts';
import { flatten } from './flatten.ts';
import { parDo } from './par-do.ts';
import { requireGroupable } from './require-groupable.ts';

/** In how many parts the values of a key are combined first: for all keys, or for each as it says. */
export type HotKeyFanout<K> = number | ((key: K) => number);

/** What goes into the last combine: an input, or what a part of the inputs came to. */
type InputOrPart = readonly [isAccumulator: boolean, value: unknown];

type Sharded = KV<readonly [shard: number, key: unknown], unknown>;

/**
 * Combines the values of each hot key in parts, by key and number of the part, and then what these came to, together with the values
 * of all other keys.
 *
 * @see Beam Java's Combine.PerKeyWithHotKeyFanout, Beam Python's _CombinePerKeyWithHotKeyFanout
 */
export function combineWithFanout<K, O>(
  input: PCollection<KV<K, unknown>>,
  {
    name,
    fn,
    fanoutOf,
  }: {
    readonly name: string;
    readonly fn: CombineFn<unknown, unknown, unknown>;
    readonly fanoutOf: (key: never) => number;
  },
): PCollection<KV<K, O>> {
  requireCompleteParts(requireGroupable(input, name), name);
  const { main: cold, hot } = input.apply(parDo(new SplitHotCold(fanoutOf)).withOutputs('hot'));
  const parts = discarding(hot);
  const combined = combineValues<readonly [number, unknown], unknown>(parts, {
    name: 'Parts',
    fn: new PartFn(fn),
  });
  // The cold ones come first: the strategy of what is put together is theirs, which is that of the input.
  const all = flatten<KV<K, unknown>>().expand([
    cold as PCollection<KV<K, unknown>>, // as it came, with the key that it has
    combined.map(withoutShard) as PCollection<KV<K, unknown>>,
  ]);
  return combineValues<K, O>(all, { name: 'Whole', fn: new WholeFn(fn) });
}

/** The function that says it of a key. @throws {RangeError} for what is neither a whole number above 0 nor a function. */
export function requireFanout<K>(fanout: HotKeyFanout<K>): (key: K) => number {
  if (typeof fanout === 'function') return fanout;
  if (Number.isSafeInteger(fanout) && fanout >= 1) return () => fanout;
  throw new RangeError(
    `Cannot combine in parts as the fanout must be a whole number, at least 1, or a function of the key: received ${describeValue(fanout)}`,
  );
}

/** Parts of a session are sessions of their own, which end before it does; of a bounded PCollection all end at once. */
function requireCompleteParts({ isBounded, windowing }: PCollection<unknown>, name: string): void {
  const { windowFn } = windowing;
  if (isBounded || (windowFn.merge === undefined && windowFn.standard?.kind !== 'sessions')) return;
  throw new PipelineError(
    `Cannot combine in parts in "${name}" as windows must not merge where the input need not end: received ${windowFn.name ?? 'a WindowFn that merges'}`,
    { transform: name, hint: 'Combine without a fanout, or in windows that do not merge' },
  );
}

/** Parts that say more than once what they have would be counted more than once. */
function discarding(hot: PCollection<Sharded>): PCollection<Sharded> {
  if (hot.windowing.accumulationMode === 'discarding') return hot;
  return hot.pipeline.addPrimitive({
    label: 'Discarding',
    spec: {
      kind: 'map',
      fn: (element: Sharded) => element,
      context: {},
      windowing: { ...hot.windowing, accumulationMode: 'discarding' },
    },
    inputs: [hot],
  }).main as PCollection<Sharded>; // the elements stay as they are
}

function withoutShard({
  key: [, key],
  value,
}: KV<readonly [number, unknown], unknown>): KV<unknown, unknown> {
  return { key, value };
}

/** Gives the values of a bundle's hot keys a part each, the same for all of a key: they are combined before they move. */
class SplitHotCold implements DoFn<
  KV<unknown, unknown>,
  KV<unknown, InputOrPart> | TaggedOutput<'hot', Sharded>
> {
  readonly name = 'SplitHotCold';
  readonly #fanoutOf: (key: never) => number;
  #nonce = 0;

  constructor(fanoutOf: (key: never) => number) {
    this.#fanoutOf = fanoutOf;
  }

  startBundle(): void {
    this.#nonce = Math.floor(Math.random() * 2 ** 31);
  }

  process({ key, value }: KV<unknown, unknown>): (KV<unknown, InputOrPart> | TaggedOutput<'hot', Sharded>)[] {
    const fanoutOf = this.#fanoutOf; // called as a plain function: no class of ours in the user's stack
    const fanout: unknown = fanoutOf(key as never); // the signatures have checked it against the element type
    if (typeof fanout !== 'number' || Number.isNaN(fanout)) {
      throw new TypeError(
        `Cannot combine in parts as the fanout of a key must be a number: received ${describeValue(fanout)}`,
      );
    }
    const parts = Math.floor(fanout);
    if (parts <= 1) return [{ key, value: [false, value] }];
    return [new TaggedOutput('hot', { key: [this.#nonce % parts, key], value })];
  }
}

/** Combines a part of the inputs, and gives the accumulator. */
class PartFn implements CombineFn<unknown, unknown, InputOrPart> {
  readonly #fn: CombineFn<unknown, unknown, unknown>;

  constructor(fn: CombineFn<unknown, unknown, unknown>) {
    this.#fn = fn;
  }

  createAccumulator(): unknown {
    return this.#fn.createAccumulator();
  }

  addInput(accumulator: unknown, input: unknown): unknown {
    return this.#fn.addInput(accumulator, input);
  }

  mergeAccumulators(accumulators: readonly unknown[]): unknown {
    return this.#fn.mergeAccumulators(accumulators);
  }

  extractOutput(accumulator: unknown): InputOrPart {
    return [true, accumulator];
  }
}

/** Combines inputs, and accumulators of others. */
class WholeFn implements CombineFn<InputOrPart, unknown, unknown> {
  readonly #fn: CombineFn<unknown, unknown, unknown>;

  constructor(fn: CombineFn<unknown, unknown, unknown>) {
    this.#fn = fn;
  }

  createAccumulator(): unknown {
    return this.#fn.createAccumulator();
  }

  addInput(accumulator: unknown, [isAccumulator, value]: InputOrPart): unknown {
    return isAccumulator
      ? this.#fn.mergeAccumulators([accumulator, value])
      : this.#fn.addInput(accumulator, value);
  }

  mergeAccumulators(accumulators: readonly unknown[]): unknown {
    return this.#fn.mergeAccumulators(accumulators);
  }

  extractOutput(accumulator: unknown): unknown {
    return this.#fn.extractOutput(accumulator);
  }
}
