import type { KV } from '../../model/kv.ts';
import { MIN_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import type { BoundedWindow } from '../../model/window.ts';
import type { Receiver } from '../../model/windowed-value.ts';
import { hasOnTimePane } from '../../windowing/has-on-time-pane.ts';
import { isPastEnd } from '../../windowing/triggers/is-past-end.ts';
import { machineOf } from '../../windowing/triggers/machine-of.ts';
import type { TriggerMachine } from '../../windowing/triggers/trigger-machine.ts';
import type { RunMemory } from '../memory/run-memory.ts';
import { Spillable } from '../memory/spillable.ts';
import { outputWatermark } from '../watermarks.ts';
import { combineTimes, outputTime, type Cell } from './cell.ts';
import { CellMemory } from './cell-memory.ts';
import { CellTimes } from './cell-times.ts';
import type { Groups, GroupsOptions, Times } from './groups.ts';
import { OpenCells } from './open-cells.ts';
import { nextPane, type ReadyPane } from './ready-pane.ts';

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
  readonly #memory: CellMemory;
  readonly #machine: TriggerMachine;
  readonly #hasOnTimePane: boolean;
  readonly #times: CellTimes;
  readonly #cells: OpenCells;
  #ready: ReadyPane[] = [];
  #output: Timestamp = MIN_TIMESTAMP;

  constructor(options: GroupsOptions) {
    this.#options = options;
    const { accumulation, memory, transform, windowing } = options;
    this.#accumulation = new Spillable(accumulation, { memory, transform });
    const spill = () => (memory === undefined ? Promise.resolve() : this.#spill(memory));
    this.#memory = new CellMemory(memory, { transform, spill });
    this.#machine = machineOf(windowing.trigger);
    this.#hasOnTimePane = hasOnTimePane(windowing.trigger);
    this.#times = new CellTimes(windowing.allowedLateness);
    this.#cells = new OpenCells({
      transform,
      windowing,
      accumulation: this.#accumulation,
      machine: this.#machine,
      times: this.#times,
      memory: this.#memory,
    });
    this.add = ({ key, value }, timestamp, windows) => {
      const number = this.#cells.numberOf(key);
      for (const window of windows) this.#addTo(number, window, { value, timestamp });
      return this.#memory.sample(value, windows.length);
    };
  }

  endBundle(): void {
    const { touched } = this.#cells;
    for (const cell of touched) if (!cell.isGone) this.#ask(cell);
    touched.clear();
  }

  advance(to: Times): void {
    this.#times.advance(to);
    for (let cell = this.#times.popEnded(); cell; cell = this.#times.popEnded()) {
      const isLast = this.#times.isOver(cell.window);
      if (!cell.isClosed && this.#isReady(cell)) this.#fire(cell, { isEnd: true, isLast });
      if (isLast) this.#expire(cell);
    }
    for (let cell = this.#times.popOver(); cell; cell = this.#times.popOver()) this.#expire(cell);
    for (let cell = this.#times.popDue(); cell; cell = this.#times.popDue()) this.#ask(cell);
    this.#cells.forgetKeys();
    const { hold, isDue } = this;
    this.#output = outputWatermark(this.#output, { input: to.watermark, hold, isDue });
  }

  get isDue(): boolean {
    return this.#ready.length > 0;
  }

  async fire(receiver: Receiver, signal: AbortSignal): Promise<void> {
    const ready = this.#ready;
    this.#ready = [];
    for (const { key, held, inMemory, timestamp, windows, pane } of ready) {
      this.#memory.forget(inMemory);
      const value = this.#accumulation.whole(held);
      const wait = receiver({ key, value }, timestamp, windows, pane);
      if (wait !== undefined) {
        await wait;
        signal.throwIfAborted();
      }
    }
    this.#memory.shrink();
  }

  get hold(): Timestamp {
    return this.#times.hold;
  }

  get dueAt(): Timestamp | undefined {
    return this.#times.dueAt;
  }

  close(): void {
    this.#cells.clear();
    this.#ready = [];
    this.#times.clear();
  }

  #addTo(
    key: number,
    own: BoundedWindow,
    { value, timestamp }: { readonly value: unknown; readonly timestamp: Timestamp },
  ): void {
    const { windowing, onDropped } = this.#options;
    const accumulation = this.#accumulation;
    if (this.#times.isOver(own)) {
      onDropped('droppedDueToLateness', 1);
      return;
    }
    const cell = this.#cells.cellFor(key, own);
    if (cell.isClosed) {
      onDropped('droppedDueToClosedWindow', 1);
      return;
    }
    const { timestampCombiner } = windowing;
    const time = outputTime(timestampCombiner, cell.window, timestamp);
    // What is older than what has come out already cannot hold the watermark back any more.
    if (time >= this.#output) this.#times.setTime(cell, combineTimes(timestampCombiner, cell.time, time));
    cell.held = {
      value: cell.held === undefined ? accumulation.of(value) : accumulation.add(cell.held.value, value),
    };
    cell.hasNew = true;
    cell.inMemory += 1;
    this.#memory.add(1);
    cell.trigger = this.#machine.onElement(cell.trigger, this.#times.context(cell.window));
    this.#cells.touched.add(cell);
  }

  #isReady({ trigger, window }: Cell): boolean {
    return this.#machine.shouldFire(trigger, this.#times.context(window));
  }

  /** Has a cell's trigger fire, or wait. */
  #ask(cell: Cell): void {
    if (cell.isClosed) return;
    if (this.#isReady(cell)) this.#fire(cell, {});
    else this.#cells.schedule(cell);
  }

  /** Makes a pane due. `isEnd`: the watermark passes the window's end. `isLast`: the window is over. */
  #fire(
    cell: Cell,
    { isEnd = false, isLast = false }: { readonly isEnd?: boolean; readonly isLast?: boolean },
  ): void {
    const { windowing } = this.#options;
    const { state, isFinished } = this.#machine.fire(cell.trigger, this.#times.context(cell.window));
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
      this.#cells.drop(cell);
      this.#times.setTime(cell, undefined);
    } else {
      this.#cells.schedule(cell);
    }
  }

  #emit(cell: Cell, { isOnTime, isLast }: { readonly isOnTime: boolean; readonly isLast: boolean }): void {
    const isEarly = !isPastEnd(this.#times.context(cell.window));
    const isTaken = isLast || this.#options.windowing.accumulationMode === 'discarding';
    const { inMemory } = cell;
    const held = this.#heldFor(cell, isTaken);
    this.#ready.push(
      nextPane(cell, { key: this.#cells.keyOf(cell), held, inMemory, isEarly, isOnTime, isLast }),
    );
    // An on-time pane is still to come: it holds the watermark, also if it will be empty.
    if (!isEarly || !this.#hasOnTimePane) this.#times.setTime(cell, undefined);
  }

  /** What a pane of the cell has: all that the cell holds, or a copy. */
  #heldFor(cell: Cell, isTaken: boolean): unknown {
    const accumulation = this.#accumulation;
    const { held, inMemory } = cell;
    if (!isTaken) {
      this.#memory.add(inMemory); // a copy is there as well
      return held === undefined ? accumulation.empty() : accumulation.copy(held.value);
    }
    cell.held = undefined;
    cell.inMemory = 0;
    return held === undefined ? accumulation.empty() : held.value;
  }

  /** A window is over: what is left comes out, and the cell is forgotten. */
  #expire(cell: Cell): void {
    if (cell.isGone) return;
    const { closingBehavior } = this.#options.windowing;
    const isDue = cell.hasNew || closingBehavior === 'fireAlways';
    if (!cell.isClosed && isDue && !cell.hasLast) {
      this.#emit(cell, { isOnTime: cell.onTimePanes === 0, isLast: true });
    }
    this.#cells.drop(cell);
    this.#cells.remove(cell);
  }

  async #spill({ pacer }: RunMemory): Promise<void> {
    const lot = this.#accumulation.begin();
    if (lot === undefined) return;
    for (const cell of this.#cells.all()) {
      if (cell.inMemory > 0 && cell.held !== undefined) {
        cell.held = { value: lot.spill(cell.held.value) };
        this.#memory.forget(cell.inMemory);
        cell.inMemory = 0;
      }
      const wait = pacer.pause();
      if (wait !== undefined) await wait;
    }
    for (const pane of this.#ready) {
      if (pane.inMemory > 0) pane.held = lot.spill(pane.held);
      this.#memory.forget(pane.inMemory);
      pane.inMemory = 0;
      const wait = pacer.pause();
      if (wait !== undefined) await wait;
    }
    lot.end();
    this.#memory.shrink();
  }
}
