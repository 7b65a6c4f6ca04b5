import { describeValue } from '../../model/describe-value.ts';
import type { DoFn } from '../../model/do-fn.ts';
import { distribution } from '../../model/metric.ts';
import { windowParam, type Bound } from '../../model/par-do-param.ts';
import { maxTimestamp, windowId, type BoundedWindow } from '../../model/window.ts';
import { windowedValue, type WindowedValue } from '../../model/windowed-value.ts';
import { BatchSizeEstimator, type BatchTargets } from './batch-size-estimator.ts';

/** What batching asks for; the metrics have the names that Beam gives them. */
export const BATCHING = {
  window: windowParam(),
  sizes: distribution('batch_size'),
  times: distribution('msec_per_batch'),
};

/** In so many windows there may be unfinished batches; then the largest goes. */
const MOST_WINDOWS = 10;

interface Batch<T> {
  readonly window: BoundedWindow;
  readonly elements: T[];
  size: number;
}

const NONE: readonly never[] = [];

/** Batches the elements of a bundle, those of each window apart. Emits windowed values, at the ends of their windows. */
export class BatchElementsFn<T> implements DoFn<T, WindowedValue<readonly T[]>, typeof BATCHING> {
  readonly name = 'BatchElements';
  readonly #targets: BatchTargets;
  readonly #elementSize: (element: T) => number;
  /** Milliseconds. */
  readonly #clock: () => number;
  #estimator: BatchSizeEstimator | undefined;
  #batches = new Map<string, Batch<T>>();
  #target = 0;
  /** Of a millisecond, and not told yet: the metric is of whole ones. */
  #untold = 0;

  constructor(
    targets: BatchTargets,
    options: { readonly elementSize: (element: T) => number; readonly clock: () => number },
  ) {
    this.#targets = targets;
    this.#elementSize = options.elementSize;
    this.#clock = options.clock;
  }

  startBundle(): void {
    this.#batches = new Map();
    this.#target = this.#sizes().nextSize();
    this.#sizes().ignoreNext();
  }

  process(element: T, context: Bound<typeof BATCHING>): Iterable<WindowedValue<readonly T[]>> {
    const size = this.#sizeOf(element);
    const window = context.window.lookup();
    const id = windowId(window);
    const open = this.#batches.get(id);
    const isFull = open !== undefined && open.size + size > this.#target;
    const batch = open === undefined || isFull ? { window, elements: [], size: 0 } : open;
    batch.elements.push(element);
    batch.size += size;
    this.#batches.set(id, batch);
    if (isFull) return this.#emit(open, context);
    return this.#batches.size > MOST_WINDOWS ? this.#emit(this.#takeLargest(), context) : NONE;
  }

  // A windowed value is what a runner takes from finishBundle: the type of process has one more around it, which is not there.
  finishBundle(context: Bound<typeof BATCHING>): Iterable<WindowedValue<WindowedValue<readonly T[]>>> {
    return this.#emitAll(context) as Iterable<unknown> as Iterable<
      WindowedValue<WindowedValue<readonly T[]>>
    >;
  }

  *#emitAll(context: Bound<typeof BATCHING>): Generator<WindowedValue<readonly T[]>, void, void> {
    const batches = this.#batches;
    this.#batches = new Map();
    for (const batch of batches.values()) yield* this.#emit(batch, context);
  }

  /** Times what follows: it runs until the generator is asked for more. */
  *#emit(
    { window, elements, size }: Batch<T>,
    { sizes, times }: Bound<typeof BATCHING>,
  ): Generator<WindowedValue<readonly T[]>, void, void> {
    const start = this.#clock();
    yield windowedValue(elements, { timestamp: maxTimestamp(window), windows: [window] });
    const ms = this.#clock() - start;
    const told = Math.trunc(ms + this.#untold);
    this.#untold += ms - told;
    sizes.update(Math.trunc(size));
    times.update(told);
    this.#sizes().record(size, ms);
    this.#target = this.#sizes().nextSize();
  }

  #takeLargest(): Batch<T> {
    const [first, ...others] = this.#batches.values();
    if (first === undefined) throw new RangeError('Cannot take a batch as there must be one: received none');
    const largest = others.reduce((most, batch) => (batch.size > most.size ? batch : most), first);
    this.#batches.delete(windowId(largest.window));
    return largest;
  }

  #sizeOf(element: T): number {
    const sizeOf = this.#elementSize; // called as a plain function: no class of ours in the user's stack
    const size: unknown = sizeOf(element);
    if (typeof size === 'number' && size >= 0 && size < Infinity) return size;
    throw new RangeError(
      `Cannot batch elements as elementSize must give a number of at least 0: received ${describeValue(size)}`,
    );
  }

  /** Kept from bundle to bundle. */
  #sizes(): BatchSizeEstimator {
    return (this.#estimator ??= new BatchSizeEstimator(this.#targets));
  }
}
