import type { CombineFn } from './combine-fn.ts';
import type { ParDoParam } from './par-do-param.ts';
import type { Timestamp } from './timestamp.ts';

/** One value of a key and window; Beam's ValueState. */
export interface ValueState<T> {
  /** undefined where none was written. */
  read(): T | undefined;
  write(value: T): void;
  clear(): void;
}

/** Many values, to which adding costs nothing: they are read only when asked for. */
export interface BagState<T> {
  add(value: T): void;
  /** What is in it now, to go through as often as one likes; on a runner in parts. In no order. */
  read(): Iterable<T>;
  isEmpty(): boolean;
  clear(): void;
}

/** Different values: equal are those with equal encodings, as in a grouping. */
export interface SetState<T> {
  add(value: T): void;
  /** @returns whether it was not there before. */
  addIfAbsent(value: T): boolean;
  contains(value: T): boolean;
  remove(value: T): void;
  read(): Iterable<T>;
  isEmpty(): boolean;
  clear(): void;
}

/** A value for each map key: equal keys are those with equal encodings. */
export interface MapState<K, V> {
  get(key: K): V | undefined;
  has(key: K): boolean;
  put(key: K, value: V): void;
  /** Puts a value where there is none. @returns what was there before; undefined if nothing was. */
  putIfAbsent(key: K, value: V): V | undefined;
  remove(key: K): void;
  keys(): Iterable<K>;
  values(): Iterable<V>;
  entries(): Iterable<readonly [key: K, value: V]>;
  isEmpty(): boolean;
  clear(): void;
}

/** Many values for each map key: equal keys are those with equal encodings. */
export interface MultimapState<K, V> {
  /** In the order in which they were put; none where there is no such key. */
  get(key: K): Iterable<V>;
  has(key: K): boolean;
  put(key: K, value: V): void;
  /** Removes a key with all of its values. */
  remove(key: K): void;
  keys(): Iterable<K>;
  entries(): Iterable<readonly [key: K, value: V]>;
  isEmpty(): boolean;
  clear(): void;
}

/** What a CombineFn makes of all that was added. */
export interface CombiningState<I, O> {
  add(input: I): void;
  /** Of nothing: what the CombineFn makes of an empty accumulator. */
  read(): O;
  isEmpty(): boolean;
  clear(): void;
}

/** A value and its place in an ordered list. */
export interface OrderedListEntry<T> {
  readonly timestamp: Timestamp;
  readonly value: T;
}

/** Values in the order of timestamps, those of one timestamp in the order in which they came. */
export interface OrderedListState<T> {
  add(entry: OrderedListEntry<T>): void;
  read(): Iterable<OrderedListEntry<T>>;
  /** Those from `from` on, and before `to`: milliseconds since the epoch. */
  readRange(from: Timestamp, to: Timestamp): Iterable<OrderedListEntry<T>>;
  /** Removes those from `from` on, and before `to`. */
  clearRange(from: Timestamp, to: Timestamp): void;
  isEmpty(): boolean;
  clear(): void;
}

/** Which state a spec asks for. */
export type StateKind = 'value' | 'bag' | 'set' | 'map' | 'multimap' | 'combining' | 'orderedList';

/** A request for state of the element's key and window; in the context of a `parDo`. */
export interface StateSpec<S> extends ParDoParam<S> {
  readonly paramKind: 'state';
  readonly stateKind: StateKind;
  /** Of combining state. */
  readonly combineFn?: CombineFn<unknown, unknown, unknown>;
}

/**
 * Asks for one value per key and window: `parDo(new Dedupe(), { seen: beam.valueState<boolean>() })`, and in process
 * `seen.read()`.
 *
 * The elements of a `parDo` with state are { key, value }, and those of one key come one after the other. Its state is
 * kept until the window has ended and its allowed lateness is over. What is kept must be encodable, as elements are;
 * change what was read only by writing it again. On a runner, state is read when it is first asked for in a bundle,
 * and written at the bundle's end.
 *
 * @see https://beam.apache.org/documentation/programming-guide/#state-and-timers
 */
export function valueState<T>(): StateSpec<ValueState<T>> {
  return spec('value');
}

/** Asks for many values per key and window. Adding does not read. */
export function bagState<T>(): StateSpec<BagState<T>> {
  return spec('bag');
}

/** Asks for a set per key and window. On a runner, the first look in a bundle reads the whole set. */
export function setState<T>(): StateSpec<SetState<T>> {
  return spec('set');
}

/** Asks for a map per key and window. On a runner, the first look in a bundle reads the whole map. */
export function mapState<K, V>(): StateSpec<MapState<K, V>> {
  return spec('map');
}

/** Asks for a multimap per key and window. On a runner, the first look in a bundle reads the whole multimap. */
export function multimapState<K, V>(): StateSpec<MultimapState<K, V>> {
  return spec('multimap');
}

/** Asks for what a CombineFn makes of all that is added, per key and window. Adding does not read. */
export function combiningState<I, A, O>(combineFn: CombineFn<I, A, O>): StateSpec<CombiningState<I, O>> {
  const received: unknown = combineFn; // the types do not hold in plain JavaScript
  const isCombineFn =
    typeof received === 'object' &&
    received !== null &&
    'addInput' in received &&
    'mergeAccumulators' in received;
  if (!isCombineFn) {
    throw new TypeError('Cannot make combining state as it takes a CombineFn: received none');
  }
  // A spec only carries it: what is given to it is what was added.
  return { ...spec('combining'), combineFn: combineFn };
}

/** Asks for values in the order of timestamps, per key and window. Adding does not read. */
export function orderedListState<T>(): StateSpec<OrderedListState<T>> {
  return spec('orderedList');
}

export function isStateSpec(value: unknown): value is StateSpec<unknown> {
  return typeof value === 'object' && value !== null && 'paramKind' in value && value.paramKind === 'state';
}

function spec<S>(stateKind: StateKind): StateSpec<S> {
  return { paramKind: 'state', name: stateKind, stateKind };
}
