import type { KV } from '../../model/kv.ts';
import type { PaneInfo } from '../../model/pane-info.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import {
  GLOBAL_WINDOWS,
  maxTimestamp,
  windowId,
  type BoundedWindow,
  type IntervalWindow,
} from '../../model/window.ts';
import type { WindowMerge } from '../../model/window-fn.ts';
import type { Receiver } from '../../model/windowed-value.ts';
import { hasOnTimePane } from '../../windowing/has-on-time-pane.ts';
import { isPastEnd } from '../../windowing/triggers/is-past-end.ts';
import { machineOf } from '../../windowing/triggers/machine-of.ts';
import type { TriggerContext, TriggerMachine } from '../../windowing/triggers/trigger-machine.ts';
import { outputWatermark } from '../watermarks.ts';
import { combineTimes, emptyCell, outputTime, type Cell } from './cell.ts';
import { Cells } from './cells.ts';
import type { MemoryAccount } from '../memory/memory-budget.ts';
import type { RunMemory } from '../memory/run-memory.ts';
import { SampledSizes } from '../memory/sampled-sizes.ts';
import { Spillable } from '../memory/spillable.ts';
import type { Groups, GroupsOptions, Times } from './groups.ts';
import { Timers } from './timers.ts';

/** The latest time at which a window can be over: the watermark passes it when the input has ended. */
const LAST_EXPIRY = MAX_TIMESTAMP - 2; // the next number that there is at that size

/** Bytes of a cell with its timers, whether what it holds is in memory or on disk. */
const CELL_BYTES = 600;
/** Of a place in an array that grows. */
const SLOT = 10;

/** A pane that is due. */
interface ReadyPane {
  readonly key: unknown;
  /** What the accumulation holds for it. */
  held: unknown;
  /** Elements of which something is in memory. */
  inMemory: number;
  readonly timestamp: Timestamp;
  readonly windows: readonly BoundedWindow[];
  readonly pane: PaneInfo;
}

/**
 * Groups in any windows, with any trigger: what the Beam model says, cell by cell.
 *
 * A cell is a key and a window. Windows of a key merge as soon as one is new. Triggers are asked when a bundle has ended, when
 * the watermark passes a window's end, and when processing time comes to what they wait for. A window is over when the
 * watermark has passed its end and its lateness: what is left comes out then, and all of it is forgotten.
 *
 * Over the memory budget, what cells and panes hold is written to disk; the cells stay in memory, about 600 bytes each.
 *
 * @see Akidau et al., "The Dataflow Model", PVLDB 8(12), 2015; Beam's GeneralTriggerDriver (Python), ReduceFnRunner (Java),
 *   of which the second has final panes.
 */
export class TriggeredGroups implements Groups {
  readonly add: Receiver<KV<unknown, unknown>>;
  readonly #options: GroupsOptions;
  readonly #accumulation: Spillable;
  readonly #account: MemoryAccount | undefined;
  readonly #sizes: SampledSizes;
  readonly #machine: TriggerMachine;
  readonly #hasOnTimePane: boolean;
  readonly #cells: Cells;
  readonly #touched = new Set<Cell>();
  readonly #ends = new Timers((cell, time) => !cell.isGone && time === maxTimestamp(cell.window));
  readonly #expiries = new Timers((cell) => !cell.isGone);
  readonly #due = new Timers((cell, time) => !cell.isGone && cell.dueAt === time);
  readonly #holds = new Timers((cell, time) => !cell.isGone && cell.time === time);
  #ready: ReadyPane[] = [];
  #cellCount = 0;
  /** Elements of which something is in memory, and the bytes that they take. */
  #inMemory = 0;
  #elementBytes = 0;
  #watermark: Timestamp = MIN_TIMESTAMP;
  #processingTime: Timestamp = -Infinity;
  #output: Timestamp = MIN_TIMESTAMP;

  constructor(options: GroupsOptions) {
    this.#options = options;
    const { memory, transform } = options;
    this.#accumulation = new Spillable(options.accumulation, { memory, transform });
    this.#account = memory?.open({ transform, spill: () => this.#spill(memory) });
    this.#sizes = new SampledSizes(memory);
    this.#machine = machineOf(options.windowing.trigger);
    this.#hasOnTimePane = hasOnTimePane(options.windowing.trigger);
    this.#cells = new Cells(options.transform);
    this.add = ({ key, value }, timestamp, windows) => {
      const number = this.#cells.numberOf(key);
      for (const window of windows) this.#addTo(number, window, { value, timestamp });
      if (!this.#sizes.isDue()) return undefined;
      this.#elementBytes += this.#sizes.take(value, SLOT) * windows.length;
      return this.#count();
    };
  }

  endBundle(): void {
    for (const cell of this.#touched) {
      if (cell.isGone || cell.isClosed) continue;
      if (this.#machine.shouldFire(cell.trigger, this.#context(cell.window))) this.#fire(cell, {});
      else this.#schedule(cell);
    }
    this.#touched.clear();
  }

  advance({ watermark, processingTime }: Times): void {
    this.#watermark = watermark;
    this.#processingTime = processingTime;
    for (let next = this.#ends.popBefore(watermark); next; next = this.#ends.popBefore(watermark)) {
      const { cell } = next;
      const isLast = this.#expiryOf(cell.window) < watermark;
      const isReady = () => this.#machine.shouldFire(cell.trigger, this.#context(cell.window));
      if (!cell.isClosed && isReady()) this.#fire(cell, { isEnd: true, isLast });
      if (isLast) this.#expire(cell);
    }
    for (let next = this.#expiries.popBefore(watermark); next; next = this.#expiries.popBefore(watermark)) {
      this.#expire(next.cell);
    }
    for (let next = this.#popDue(); next; next = this.#popDue()) {
      next.cell.dueAt = undefined;
      if (next.cell.isClosed) continue;
      if (this.#machine.shouldFire(next.cell.trigger, this.#context(next.cell.window)))
        this.#fire(next.cell, {});
      else this.#schedule(next.cell);
    }
    this.#cells.forgetKeys();
    const { hold, isDue } = this;
    this.#output = outputWatermark(this.#output, { input: watermark, hold, isDue });
  }

  get isDue(): boolean {
    return this.#ready.length > 0;
  }

  async fire(receiver: Receiver, signal: AbortSignal): Promise<void> {
    const ready = this.#ready;
    this.#ready = [];
    for (const { key, held, inMemory, timestamp, windows, pane } of ready) {
      this.#forget(inMemory);
      const value = this.#accumulation.whole(held);
      const wait = receiver({ key, value }, timestamp, windows, pane);
      if (wait !== undefined) {
        await wait;
        signal.throwIfAborted();
      }
    }
    this.#shrink();
  }

  get hold(): Timestamp {
    return this.#holds.earliest ?? MAX_TIMESTAMP;
  }

  get dueAt(): Timestamp | undefined {
    return this.#due.earliest;
  }

  close(): void {
    this.#cells.clear();
    this.#touched.clear();
    this.#ready = [];
    for (const timers of [this.#ends, this.#expiries, this.#due, this.#holds]) timers.clear();
  }

  #addTo(
    key: number,
    own: BoundedWindow,
    { value, timestamp }: { readonly value: unknown; readonly timestamp: Timestamp },
  ): void {
    const { windowing, onDropped } = this.#options;
    const accumulation = this.#accumulation;
    if (this.#expiryOf(own) < this.#watermark) {
      onDropped('droppedDueToLateness', 1);
      return;
    }
    const cell = this.#cellFor(key, own);
    if (cell.isClosed) {
      onDropped('droppedDueToClosedWindow', 1);
      return;
    }
    const time = outputTime(windowing.timestampCombiner, cell.window, timestamp);
    // What is older than what has come out already cannot hold the watermark back any more.
    if (time >= this.#output) this.#setTime(cell, combineTimes(windowing.timestampCombiner, cell.time, time));
    cell.held = {
      value: cell.held === undefined ? accumulation.of(value) : accumulation.add(cell.held.value, value),
    };
    cell.hasNew = true;
    cell.inMemory += 1;
    this.#inMemory += 1;
    cell.trigger = this.#machine.onElement(cell.trigger, this.#context(cell.window));
    this.#touched.add(cell);
  }

  #cellFor(key: number, window: BoundedWindow): Cell {
    const id = windowId(window);
    const known = this.#cells.get(key, id);
    if (known !== undefined) return known;
    const cell = this.#open(key, window);
    const { windowFn } = this.#options.windowing;
    if (windowFn.merge === undefined || window.kind === 'global') return cell;
    let found = cell;
    for (const merge of windowFn.merge(this.#cells.windowsOf(key))) {
      const merged = this.#merge(key, merge);
      if (merge.of.some((each) => windowId(each) === id)) found = merged;
    }
    return found;
  }

  #open(key: number, window: BoundedWindow): Cell {
    const cell = emptyCell(key, window, this.#machine.initial);
    this.#cells.add(cell);
    this.#cellCount += 1;
    if (maxTimestamp(window) >= this.#watermark) this.#ends.set(cell, maxTimestamp(window));
    this.#expiries.set(cell, this.#expiryOf(window));
    return cell;
  }

  /** The merged window keeps its own pane numbers, if it was there before; those of windows that go are lost, as in Beam. */
  #merge(key: number, { merged, of }: WindowMerge): Cell {
    const before = this.#cells.get(key, windowId(merged));
    const cells = of.map((window) => this.#cells.get(key, windowId(window)));
    const parts = [...new Set([...cells, before])].filter((part) => part !== undefined);
    const into = before ?? this.#open(key, merged);
    const others = parts.filter((part) => part !== into);
    // A window that was opened just now has nothing to say: an element made it, and comes to the merged one.
    const active = parts.filter((part) => !part.isClosed && (part.hasNew || part.panes > 0));
    const states = active.map(({ trigger }) => trigger);
    if (states.length > 0) into.trigger = this.#machine.onMerge(states, this.#context(merged));
    for (const part of others) {
      this.#takeIn(into, part, merged);
      this.#touched.delete(part);
    }
    this.#touched.add(into);
    this.#schedule(into);
    return into;
  }

  #takeIn(into: Cell, part: Cell, merged: IntervalWindow): void {
    const { windowing } = this.#options;
    const accumulation = this.#accumulation;
    into.inMemory += part.inMemory;
    into.isClosed ||= part.isClosed;
    into.hasNew ||= part.hasNew;
    if (part.held !== undefined) {
      into.held =
        into.held === undefined ? part.held : { value: accumulation.merge(into.held.value, part.held.value) };
    }
    const { timestampCombiner } = windowing;
    const time =
      timestampCombiner === 'endOfWindow' && part.time !== undefined ? maxTimestamp(merged) : part.time;
    this.#setTime(into, combineTimes(timestampCombiner, into.time, time));
    part.held = undefined;
    this.#remove(part);
  }

  /** Makes a pane due. `isEnd`: the watermark passes the window's end. `isLast`: the window is over. */
  #fire(
    cell: Cell,
    { isEnd = false, isLast = false }: { readonly isEnd?: boolean; readonly isLast?: boolean },
  ): void {
    const { windowing } = this.#options;
    const { state, isFinished } = this.#machine.fire(cell.trigger, this.#context(cell.window));
    cell.trigger = state;
    cell.dueAt = undefined;
    const isOnTime = isEnd && cell.onTimePanes === 0;
    const isWanted =
      cell.hasNew ||
      (isOnTime && windowing.onTimeBehavior === 'fireAlways') ||
      ((isFinished || isLast) && windowing.closingBehavior === 'fireAlways');
    if (isWanted) this.#emit(cell, { isOnTime, isLast: isFinished || isLast });
    if (isFinished) {
      cell.isClosed = true;
      this.#drop(cell);
      this.#setTime(cell, undefined);
    } else {
      this.#schedule(cell);
    }
  }

  #emit(cell: Cell, { isOnTime, isLast }: { readonly isOnTime: boolean; readonly isLast: boolean }): void {
    const { windowing } = this.#options;
    const accumulation = this.#accumulation;
    const isEarly = !isPastEnd(this.#context(cell.window));
    const isDiscarding = windowing.accumulationMode === 'discarding';
    const isTaken = isDiscarding || isLast;
    const held =
      cell.held === undefined
        ? accumulation.empty()
        : isTaken
          ? cell.held.value
          : accumulation.copy(cell.held.value);
    const { inMemory } = cell;
    if (isTaken) {
      cell.held = undefined;
      cell.inMemory = 0;
    } else {
      this.#inMemory += inMemory; // a copy is there as well
    }
    this.#ready.push({
      key: this.#cells.keyOf(cell.key),
      held,
      inMemory,
      timestamp: cell.time ?? maxTimestamp(cell.window),
      windows: cell.window.kind === 'global' ? GLOBAL_WINDOWS : [cell.window],
      pane: Object.freeze({
        timing: isEarly ? 'early' : isOnTime ? 'onTime' : 'late',
        index: cell.panes,
        onTimeIndex: isEarly ? -1 : cell.onTimePanes,
        isFirst: cell.panes === 0,
        isLast,
      }),
    });
    cell.panes += 1;
    cell.hasLast ||= isLast;
    if (!isEarly) cell.onTimePanes += 1;
    cell.hasNew = false;
    // An on-time pane is still to come: it holds the watermark, also if it will be empty.
    if (!isEarly || !this.#hasOnTimePane) this.#setTime(cell, undefined);
  }

  /** A window is over: what is left comes out, and the cell is forgotten. */
  #expire(cell: Cell): void {
    if (cell.isGone) return;
    const { closingBehavior } = this.#options.windowing;
    const isDue = cell.hasNew || closingBehavior === 'fireAlways';
    if (!cell.isClosed && isDue && !cell.hasLast) {
      this.#emit(cell, { isOnTime: cell.onTimePanes === 0, isLast: true });
    }
    this.#drop(cell);
    this.#remove(cell);
  }

  #drop(cell: Cell): void {
    if (cell.held !== undefined) this.#accumulation.drop(cell.held.value);
    cell.held = undefined;
    this.#forget(cell.inMemory);
    cell.inMemory = 0;
  }

  #remove(cell: Cell): void {
    if (!cell.isGone) this.#cellCount -= 1;
    this.#cells.remove(cell);
  }

  /** Says what is held now; a promise to wait for if somebody has to spill. */
  #count(): Promise<void> | undefined {
    const account = this.#account;
    return account?.grow(Math.max(0, this.#elementBytes + this.#cellCount * CELL_BYTES - account.bytes));
  }

  /** So many elements are not in memory any more. */
  #forget(elements: number): void {
    if (elements === 0) return;
    this.#elementBytes -= (this.#elementBytes * elements) / Math.max(this.#inMemory, elements);
    this.#inMemory -= elements;
  }

  #shrink(): void {
    const account = this.#account;
    account?.set(Math.min(account.bytes, this.#elementBytes + this.#cellCount * CELL_BYTES));
  }

  async #spill({ pacer }: RunMemory): Promise<void> {
    const lot = this.#accumulation.begin();
    if (lot === undefined) return;
    for (const cell of this.#cells.all()) {
      if (cell.inMemory > 0 && cell.held !== undefined) {
        cell.held = { value: lot.spill(cell.held.value) };
        this.#forget(cell.inMemory);
        cell.inMemory = 0;
      }
      const wait = pacer.pause();
      if (wait !== undefined) await wait;
    }
    for (const pane of this.#ready) {
      if (pane.inMemory > 0) pane.held = lot.spill(pane.held);
      this.#forget(pane.inMemory);
      pane.inMemory = 0;
      const wait = pacer.pause();
      if (wait !== undefined) await wait;
    }
    lot.end();
    this.#shrink();
  }

  /** Has processing time come back to a cell, where its trigger waits for it. */
  #schedule(cell: Cell): void {
    const dueAt = this.#machine.dueAt(cell.trigger);
    if (dueAt === cell.dueAt) return;
    cell.dueAt = dueAt;
    if (dueAt !== undefined) this.#due.set(cell, dueAt);
  }

  #popDue() {
    // Due at the very time, not after it.
    return (this.#due.earliest ?? Infinity) <= this.#processingTime
      ? this.#due.popBefore(Infinity)
      : undefined;
  }

  #setTime(cell: Cell, time: Timestamp | undefined): void {
    if (time === cell.time) return;
    cell.time = time;
    if (time !== undefined) this.#holds.set(cell, time);
  }

  #expiryOf(window: BoundedWindow): Timestamp {
    return Math.min(maxTimestamp(window) + this.#options.windowing.allowedLateness, LAST_EXPIRY);
  }

  #context(window: BoundedWindow): TriggerContext {
    return { window, watermark: this.#watermark, processingTime: this.#processingTime };
  }
}
