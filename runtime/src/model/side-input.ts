import { describeValue } from './describe-value.ts';
import type { KV } from './kv.ts';
import type { ElementParam, ParDoParam } from './par-do-param.ts';
import { PCollection } from './pcollection.ts';

/** As what a function sees the elements of a side input. */
export type SideInputView = 'singleton' | 'iterable' | 'list' | 'map' | 'multimap';

/** What `lookup` gives of { key, value } elements: equal keys are those with equal encodings, as in a grouping. */
export interface KeyedView<K, V> extends Iterable<readonly [key: K, value: V]> {
  /** How many different keys there are. */
  readonly size: number;
  /** undefined where there is no such key. */
  get(key: K): V | undefined;
  has(key: K): boolean;
  keys(): IterableIterator<K>;
}

/** A request for the elements of another PCollection. */
export interface SideInput<V> extends ParDoParam<ElementParam<V>> {
  readonly paramKind: 'sideInput';
  readonly view: SideInputView;
  /** Of a singleton: what it is where there is no element. */
  readonly fallback?: { readonly value: unknown };
  /** Taken out of the context when the transform is applied: `AppliedPTransform.sideInputs` has it. */
  readonly pcollection?: PCollection<unknown>;
}

/**
 * Asks for the one element of a PCollection: `words.map((w, { total }) => w.count / total.lookup(), { total: singletonSideInput(sum) })`.
 *
 * The main input waits until it is there. A main element sees one window of the side input: the one that its own window
 * ends in, of several the earliest. Where a window has no element, `lookup` gives the default; it fails without
 * one, and where there are several. A side input with a trigger gives what came last.
 *
 * @see https://beam.apache.org/documentation/programming-guide/#side-inputs
 */
export function singletonSideInput<T>(pcollection: PCollection<T>): SideInput<T>;
// A second signature, as `undefined` is a default as well.
// eslint-disable-next-line @typescript-eslint/unified-signatures
export function singletonSideInput<T>(pcollection: PCollection<T>, defaultValue: T): SideInput<T>;
export function singletonSideInput<T>(
  pcollection: PCollection<T>,
  ...defaultValue: readonly T[]
): SideInput<T> {
  const [value] = defaultValue;
  return {
    ...sideInput<T>('singleton', pcollection),
    ...(defaultValue.length > 0 && { fallback: { value } }),
  };
}

/** Asks for all elements of a PCollection, to go through them as often as one likes; on a runner in parts, as they are read. */
export function iterableSideInput<T>(pcollection: PCollection<T>): SideInput<Iterable<T>> {
  return sideInput('iterable', pcollection);
}

/** Asks for all elements of a PCollection as an array, which is in memory whole; in no order. */
export function listSideInput<T>(pcollection: PCollection<T>): SideInput<readonly T[]> {
  return sideInput('list', pcollection);
}

/** Asks for the value of each key of a PCollection of { key, value }. Of a key that comes more than once one value is kept. */
export function mapSideInput<K, V>(pcollection: PCollection<KV<K, V>>): SideInput<KeyedView<K, V>> {
  return sideInput('map', pcollection);
}

/** Asks for the values of each key of a PCollection of { key, value }; the values of a key are in no order. */
export function multimapSideInput<K, V>(
  pcollection: PCollection<KV<K, V>>,
): SideInput<KeyedView<K, readonly V[]>> {
  return sideInput('multimap', pcollection);
}

function sideInput<V>(view: SideInputView, pcollection: PCollection<unknown>): SideInput<V> {
  const received: unknown = pcollection; // the types do not hold in plain JavaScript
  if (!(received instanceof PCollection)) {
    throw new TypeError(
      `Cannot make a side input as it takes a PCollection: received ${describeValue(received)}`,
    );
  }
  if (received.windowing.windowFn.merge !== undefined) {
    throw new RangeError(
      'Cannot make a side input as its windows must not merge, for a main window to fall into one: received merging windows',
    );
  }
  return { paramKind: 'sideInput', name: view, view, pcollection: received };
}

/** A context as its transform keeps it: what is asked of other PCollections has its name, and they are apart. */
export function takeSideInputs(context: object): {
  readonly context: object;
  readonly sideInputs: ReadonlyMap<string, PCollection<unknown>>;
} {
  const taken = Object.entries(context).flatMap(([name, value]) =>
    isSideInput(value) && value.pcollection !== undefined
      ? [{ name, value, pcollection: value.pcollection }]
      : [],
  );
  if (taken.length === 0) return { context, sideInputs: new Map() };
  // A prototype is an object or null, and what is made of it is an object.
  const prototype = Object.getPrototypeOf(context) as object | null;
  const rest = Object.create(prototype, Object.getOwnPropertyDescriptors(context)) as object;
  for (const { name, value } of taken) {
    const { paramKind, view, fallback } = value;
    const request: SideInput<unknown> = { paramKind, name, view, ...(fallback && { fallback }) };
    Object.defineProperty(rest, name, {
      value: request,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return { context: rest, sideInputs: new Map(taken.map(({ name, pcollection }) => [name, pcollection])) };
}

export function isSideInput(value: unknown): value is SideInput<unknown> {
  return (
    typeof value === 'object' && value !== null && 'paramKind' in value && value.paramKind === 'sideInput'
  );
}
