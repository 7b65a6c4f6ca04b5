import { NO_FIRING } from '../../model/pane-info.ts';
import type { TestStreamEvent } from '../../model/test-stream-event.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import { GLOBAL_WINDOWS } from '../../model/window.ts';
import type { TestClock } from '../clock.ts';
import type { InputReceiver, BundleSource } from './bundle-source.ts';

/** Plays the events of a test stream, one at a time: the next comes when all is done that follows from the last. */
export class TestStreamInput implements BundleSource {
  readonly #events: readonly TestStreamEvent[];
  readonly #clock: TestClock;
  #next = 0;
  #watermark: Timestamp = MIN_TIMESTAMP;

  constructor(events: readonly TestStreamEvent[], clock: TestClock) {
    this.#events = events;
    this.#clock = clock;
  }

  get watermark(): Timestamp {
    return this.#watermark;
  }

  get isEnded(): boolean {
    return this.#next > this.#events.length;
  }

  get readyAt(): Timestamp | undefined {
    return this.isEnded ? undefined : -Infinity;
  }

  advance(): void {
    // The events say it.
  }

  async read(to: InputReceiver): Promise<void> {
    const event = this.#events[this.#next++];
    switch (event?.kind) {
      case undefined: // one past the last: the stream has ended
        this.#watermark = MAX_TIMESTAMP;
        return;
      case 'watermark':
        this.#watermark = event.watermark;
        return;
      case 'processingTime':
        this.#clock.advance(event.advanceBy);
        return;
      case 'elements':
        for (const { value, timestamp } of event.elements) {
          const wait = to.receive(value, timestamp, GLOBAL_WINDOWS, NO_FIRING);
          if (wait !== undefined) await wait;
        }
    }
  }
}
