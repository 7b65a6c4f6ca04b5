import { KeyIndex } from '../coders/key-index.ts';
import type { CombineFn } from '../model/combine-fn.ts';
import type { KV } from '../model/kv.ts';
import { NO_FIRING } from '../model/pane-info.ts';
import type { Timestamp } from '../model/timestamp.ts';
import { GLOBAL_WINDOWS, maxTimestamp, windowId, type BoundedWindow } from '../model/window.ts';
import type { Receiver } from '../model/windowed-value.ts';
import type { TimestampCombiner } from '../model/windowing-strategy.ts';
import { guardCombine } from './combine-operators.ts';
import { requireKV } from './require-kv.ts';
import type { Operator, OperatorOptions } from './operator.ts';

/** How many keys a lifted combine holds before it passes them on. */
export const MAX_LIFTED_KEYS = 100_000;

/**
 * The part of a combine that runs before the shuffle: adds the inputs of each key and window up, and passes accumulators
 * on at the end of the bundle, or when MAX_LIFTED_KEYS are there.
 *
 * An accumulator has the timestamp that the combiner makes of those of its inputs, so that what the shuffle makes of
 * accumulators' timestamps is right.
 *
 * @see Beam's PGBKCVOperation (Python), PrecombineGroupingTable (Java)
 */
export function liftOperator(
  fn: CombineFn<unknown, unknown, unknown>,
  options: OperatorOptions & {
    readonly shuffle: Receiver<KV<unknown, unknown>>;
    readonly timestampCombiner?: TimestampCombiner;
    readonly maxKeys?: number;
  },
): Operator {
  const { name, shuffle, timestampCombiner = 'endOfWindow', maxKeys = MAX_LIFTED_KEYS } = options;
  const combine = guardCombine(fn, options);
  const tables = new Map<string, WindowTable>();
  let keys = 0;
  // Elements that follow each other are, as a rule, in the same windows, and these are the same object.
  let last: readonly BoundedWindow[] = [];
  let lastTables: readonly WindowTable[] = [];

  const tableOf = (window: BoundedWindow): WindowTable => {
    const id = windowId(window);
    const known = tables.get(id) ?? new WindowTable(window, name);
    tables.set(id, known);
    return known;
  };
  const add = (table: WindowTable, { key, value }: KV<unknown, unknown>, timestamp: Timestamp) => {
    const { accumulators, timestamps } = table;
    const number = table.keys.numberOf(key);
    const isNew = number === accumulators.length;
    if (isNew) keys += 1;
    accumulators[number] = combine.add(isNew ? combine.create() : accumulators[number], value);
    if (timestampCombiner === 'endOfWindow') return;
    const before = isNew ? timestamp : (timestamps[number] ?? timestamp);
    timestamps[number] =
      timestampCombiner === 'earliest' ? Math.min(before, timestamp) : Math.max(before, timestamp);
  };
  const passOn = async () => {
    const full = [...tables.values()];
    tables.clear();
    keys = 0;
    last = [];
    for (const table of full) {
      const { accumulators, timestamps, windows, end } = table;
      let number = 0;
      for (const key of table.keys.drain()) {
        const timestamp = timestamps[number] ?? end;
        const wait = shuffle({ key, value: accumulators[number++] }, timestamp, windows, NO_FIRING);
        if (wait !== undefined) await wait;
      }
    }
  };
  return {
    receive(element, timestamp, windows) {
      const kv = requireKV(element, name);
      if (windows !== last) {
        lastTables = windows.map(tableOf);
        last = windows;
      }
      for (const table of lastTables) add(table, kv, timestamp);
      return keys < maxKeys ? undefined : passOn();
    },
    finishBundle: passOn,
  };
}

/** What is added up of one window, by number of the key. */
class WindowTable {
  readonly windows: readonly BoundedWindow[];
  /** Its last timestamp. */
  readonly end: Timestamp;
  readonly keys: KeyIndex;
  readonly accumulators: unknown[] = [];
  /** None where the window's end is taken. */
  readonly timestamps: Timestamp[] = [];

  constructor(window: BoundedWindow, transform: string) {
    this.windows = window.kind === 'global' ? GLOBAL_WINDOWS : Object.freeze([window]);
    this.end = maxTimestamp(window);
    this.keys = new KeyIndex(transform);
  }
}

/** What goes before the shuffle where inputs must not be added up: each is an accumulator of its own. */
export function toAccumulatorOperator(
  fn: CombineFn<unknown, unknown, unknown>,
  options: OperatorOptions & { readonly shuffle: Receiver<KV<unknown, unknown>> },
): Operator {
  const { name, shuffle } = options;
  const combine = guardCombine(fn, options);
  return {
    receive(element, timestamp, windows, pane) {
      const { key, value } = requireKV(element, name);
      return shuffle({ key, value: combine.add(combine.create(), value) }, timestamp, windows, pane);
    },
  };
}
