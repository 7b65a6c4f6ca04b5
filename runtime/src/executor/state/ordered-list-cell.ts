import type { OrderedListEntry, OrderedListState } from '../../model/state.ts';
import type { Timestamp } from '../../model/timestamp.ts';
import type { StateLog } from './state-log.ts';

type Entry = OrderedListEntry<unknown>;

/** Entries: the list's, in the order in which they came; sorted when they are looked at. */
export class OrderedListCell implements OrderedListState<unknown> {
  readonly #log: StateLog;
  #sorted: readonly Entry[] | undefined;

  constructor(log: StateLog) {
    this.#log = log;
  }

  add({ timestamp, value }: Entry): void {
    this.#sorted = undefined;
    this.#log.append({ timestamp, value });
  }

  read(): Iterable<Entry> {
    return this.#load();
  }

  readRange(from: Timestamp, to: Timestamp): Iterable<Entry> {
    return this.#load().filter(({ timestamp }) => timestamp >= from && timestamp < to);
  }

  clearRange(from: Timestamp, to: Timestamp): void {
    const all = this.#load();
    const kept = all.filter(({ timestamp }) => timestamp < from || timestamp >= to);
    if (kept.length === all.length) return;
    this.#log.clear();
    for (const entry of kept) this.#log.append(entry);
    this.#sorted = kept;
  }

  isEmpty(): boolean {
    return this.#load().length === 0;
  }

  clear(): void {
    this.#sorted = [];
    this.#log.clear();
  }

  entries(): Iterable<unknown> {
    return this.#log.read();
  }

  #load(): readonly Entry[] {
    // Only this appends to it; sorting keeps the order of those of one timestamp.
    this.#sorted ??= ([...this.#log.read()] as Entry[]).sort((a, b) => a.timestamp - b.timestamp);
    return this.#sorted;
  }
}
