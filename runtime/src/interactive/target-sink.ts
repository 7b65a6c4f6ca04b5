import type { CacheWriter } from '../cache/cache-manager.ts';
import { SpilledList } from '../engine/memory/spilled-list.ts';
import type { ElementSink } from '../engine/run.ts';
import type { Receiver, WindowedValue } from '../model/windowed-value.ts';

/** What a request keeps of a PCollection in memory. */
export interface Keep {
  /** The first so many elements; Infinity for all. */
  readonly elements: number;
  /** Keep timestamps, windows and panes as well. */
  readonly windowInfo: boolean;
  /** Stop what is upstream once so many elements are there; undefined runs it to its end. */
  readonly limit?: number | undefined;
}

/** Takes the elements of one PCollection: counts them, keeps some, and passes all to the cache. */
export class TargetSink implements ElementSink {
  readonly values: unknown[] = [];
  readonly windowed: WindowedValue<unknown>[] = [];
  readonly writer: CacheWriter | undefined;
  readonly limit?: number;
  readonly add: Receiver;
  count = 0;
  /** True once the PCollection has ended, so that what is here is all of it. */
  isComplete = false;

  constructor(keep: Keep, writer: CacheWriter | undefined) {
    this.writer = writer;
    if (keep.limit !== undefined) this.limit = keep.limit;
    const { values, windowed } = this;
    this.add = (received, timestamp, windows, pane) => {
      this.count += 1;
      let value = received;
      if (this.count <= keep.elements) {
        value = inMemory(received);
        values.push(value);
        if (keep.windowInfo) windowed.push({ value, timestamp, windows, pane });
      }
      return writer?.add(value, timestamp, windows, pane);
    };
  }

  /** True once there are as many elements as were wanted. */
  get hasEnough(): boolean {
    return this.count >= (this.limit ?? Infinity);
  }

  close(): void {
    this.isComplete = true;
  }
}

/** A group that was spilled can be read as long as its run lasts: who asks for it gets all of it. */
function inMemory(element: unknown): unknown {
  if (typeof element !== 'object' || element === null || !('value' in element)) return element;
  const { value } = element;
  return value instanceof SpilledList ? { ...element, value: [...value] } : element;
}
