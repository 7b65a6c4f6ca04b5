import type { AppliedPTransform } from './applied-ptransform.ts';
import type { FilterFn, FlatMapFn, MapFn } from './do-fn.ts';
import { isEndless } from './is-splittable.ts';
import type { Pipeline } from './pipeline.ts';
import { givenName, type Applicable, type PTransform } from './ptransform.ts';
import { continuationTrigger } from './trigger.ts';
import { GLOBAL_WINDOWING, type WindowingStrategy } from './windowing-strategy.ts';

/**
 * The elements at one place of a pipeline: a description, which holds none of them.
 *
 * As the last expression of a cell it computes and shows itself; `ib.collect` gives its elements as an array.
 */
export class PCollection<T> {
  readonly pipeline: Pipeline;
  /** Unique in its pipeline: "t3.main". Differs from run to run of a cell. */
  readonly id: string;
  /** The primitive that makes it. */
  readonly producer: AppliedPTransform;
  /** Which output of its producer it is. */
  readonly tag: string;
  readonly windowing: WindowingStrategy;
  /** False if it need not end: some source upstream of it need not. */
  readonly isBounded: boolean;
  /** Never there at run time: makes the element type part of the type. */
  declare readonly elementType?: T;

  /** Made by Pipeline alone. */
  constructor(pipeline: Pipeline, producer: AppliedPTransform, tag: string) {
    this.pipeline = pipeline;
    this.producer = producer;
    this.tag = tag;
    this.windowing = windowingOf(producer);
    this.isBounded = isBoundedOutput(producer);
    this.id = `${producer.id}.${tag}`;
  }

  /** Applies a PTransform, or a function that builds some; returns what it returns. */
  apply<O>(transform: PTransform<PCollection<T>, O>): O;
  // A generic function's type parameters are inferred only where no union is in the way.
  // eslint-disable-next-line @typescript-eslint/unified-signatures
  apply<O>(transform: (input: PCollection<T>) => O): O;
  apply<O>(transform: Applicable<PCollection<T>, O>): O {
    return this.pipeline.applyTo<PCollection<T>, O>(this, transform);
  }

  /**
   * One element out for each element in.
   *
   * @param fn Sync or async.
   * @param context Given to `fn` as its second argument; counters and the like are bound first.
   */
  map<O, C extends object = object>(fn: MapFn<T, O, C>, context?: C): PCollection<O> {
    return this.#elementWise<O>('map', fn, context);
  }

  /** Any number of elements out for each element in: `fn` returns an iterable, or is a generator; sync or async. */
  flatMap<O, C extends object = object>(fn: FlatMapFn<T, O, C>, context?: C): PCollection<O> {
    return this.#elementWise<O>('flatMap', fn, context);
  }

  /** Keeps the elements for which `fn` is true. A type predicate narrows the element type. */
  filter<S extends T>(fn: (element: T) => element is S): PCollection<S>;
  filter<C extends object = object>(fn: FilterFn<T, C>, context?: C): PCollection<T>;
  filter(fn: FilterFn<T, never>, context?: object): PCollection<T> {
    return this.#elementWise<T>('filter', fn, context);
  }

  #elementWise<O>(kind: 'map' | 'flatMap' | 'filter', fn: unknown, context: object = {}): PCollection<O> {
    const label = { map: 'Map', flatMap: 'FlatMap', filter: 'Filter' }[kind];
    if (typeof fn !== 'function') {
      throw new TypeError(
        `Cannot apply ${label} as it takes a function: received ${fn === null ? 'null' : typeof fn}`,
      );
    }
    const outputs = this.pipeline.addPrimitive({
      label: fn.name === '' ? label : `${label}(${fn.name})`,
      name: givenName(fn),
      // The public signatures above have checked the function against the element type.
      spec: { kind, fn: fn as MapFn<never, never, never>, context },
      inputs: [this],
    });
    return outputs.main as PCollection<O>; // the same check
  }

  /** The MIME bundle that a notebook shows: runs what is needed. */
  [Symbol.for('Jupyter.display')](): Promise<Record<string, unknown>> {
    return this.pipeline.host.display(this);
  }

  /** How Node prints it, in a log or within another value: a description, which holds no elements. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  toString(): string {
    return `PCollection ${this.producer.label} of pipeline "${this.pipeline.name}"`;
  }
}

/** What a primitive makes is windowed as its first input is, unless it says so itself. */
function windowingOf({ spec, inputs }: AppliedPTransform): WindowingStrategy {
  if (spec?.kind === 'windowInto') return spec.windowing;
  if (spec?.kind === 'map' && spec.windowing !== undefined) return spec.windowing;
  const windowing = inputs[0]?.windowing ?? GLOBAL_WINDOWING;
  if (spec?.kind !== 'groupByKey' && spec?.kind !== 'combinePerKey') return windowing;
  const trigger = continuationTrigger(windowing.trigger);
  return trigger === windowing.trigger ? windowing : { ...windowing, trigger };
}

function isBoundedOutput({ spec, inputs }: AppliedPTransform): boolean {
  if (spec?.kind === 'testStream') return false;
  if (spec?.kind === 'readUnbounded') return spec.isBounded;
  if (isEndless(spec)) return false;
  return inputs.every(({ isBounded }) => isBounded);
}
