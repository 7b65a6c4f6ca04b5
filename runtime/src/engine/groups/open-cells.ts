import { maxTimestamp, windowId, type BoundedWindow, type IntervalWindow } from '../../model/window.ts';
import type { WindowMerge } from '../../model/window-fn.ts';
import type { WindowingStrategy } from '../../model/windowing-strategy.ts';
import type { TriggerMachine } from '../../windowing/triggers/trigger-machine.ts';
import type { Spillable } from '../memory/spillable.ts';
import { combineTimes, emptyCell, type Cell } from './cell.ts';
import type { CellMemory } from './cell-memory.ts';
import type { CellTimes } from './cell-times.ts';
import { Cells } from './cells.ts';

/** What cells are opened and merged with. */
export interface OpenCellsOptions {
  /** Full name, for errors. */
  readonly transform: string;
  readonly windowing: WindowingStrategy;
  readonly accumulation: Spillable;
  readonly machine: TriggerMachine;
  readonly times: CellTimes;
  readonly memory: CellMemory;
}

/** The cells that there are: one is opened for each new key and window, and the windows of a key merge as soon as one is new. */
export class OpenCells {
  /** Cells to which elements have come since the last bundle ended, or others were merged into. */
  readonly touched = new Set<Cell>();
  readonly #options: OpenCellsOptions;
  readonly #cells: Cells;

  constructor(options: OpenCellsOptions) {
    this.#options = options;
    this.#cells = new Cells(options.transform);
  }

  /** The number of a key, until keys are forgotten. @throws {NonDeterministicKeyError} */
  numberOf(key: unknown): number {
    return this.#cells.numberOf(key);
  }

  keyOf(cell: Cell): unknown {
    return this.#cells.keyOf(cell.key);
  }

  all(): readonly Cell[] {
    return this.#cells.all();
  }

  /** The cell for what comes in a window: that of the window which it is merged into, if it is. */
  cellFor(key: number, window: BoundedWindow): Cell {
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

  /** Has processing time come back to a cell, where its trigger waits for it. */
  schedule(cell: Cell): void {
    const { machine, times } = this.#options;
    times.setDue(cell, machine.dueAt(cell.trigger));
  }

  /** Lets go of what a cell holds. */
  drop(cell: Cell): void {
    const { accumulation, memory } = this.#options;
    if (cell.held !== undefined) accumulation.drop(cell.held.value);
    cell.held = undefined;
    memory.forget(cell.inMemory);
    cell.inMemory = 0;
  }

  remove(cell: Cell): void {
    if (!cell.isGone) this.#options.memory.addCells(-1);
    this.#cells.remove(cell);
  }

  /** Forgets keys without cells, if they are the most; the others get new numbers. */
  forgetKeys(): void {
    this.#cells.forgetKeys();
  }

  clear(): void {
    this.#cells.clear();
    this.touched.clear();
  }

  #open(key: number, window: BoundedWindow): Cell {
    const { machine, times, memory } = this.#options;
    const cell = emptyCell(key, window, machine.initial);
    this.#cells.add(cell);
    memory.addCells(1);
    times.open(cell);
    return cell;
  }

  /** The merged window keeps its own pane numbers, if it was there before; those of windows that go are lost, as in Beam. */
  #merge(key: number, { merged, of }: WindowMerge): Cell {
    const { machine, times } = this.#options;
    const before = this.#cells.get(key, windowId(merged));
    const cells = of.map((window) => this.#cells.get(key, windowId(window)));
    const parts = [...new Set([...cells, before])].filter((part) => part !== undefined);
    const into = before ?? this.#open(key, merged);
    const others = parts.filter((part) => part !== into);
    // A window that was opened just now has nothing to say: an element made it, and comes to the merged one.
    const active = parts.filter((part) => !part.isClosed && (part.hasNew || part.panes > 0));
    const states = active.map(({ trigger }) => trigger);
    if (states.length > 0) into.trigger = machine.onMerge(states, times.context(merged));
    for (const part of others) {
      this.#takeIn(into, part, merged);
      this.touched.delete(part);
    }
    this.touched.add(into);
    this.schedule(into);
    return into;
  }

  #takeIn(into: Cell, part: Cell, merged: IntervalWindow): void {
    const { windowing, accumulation, times } = this.#options;
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
    times.setTime(into, combineTimes(timestampCombiner, into.time, time));
    part.held = undefined;
    this.remove(part);
  }
}
