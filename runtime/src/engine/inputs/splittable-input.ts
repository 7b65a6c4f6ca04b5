import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import type { Times } from '../groups/groups.ts';
import type { SplittableElements } from '../splittable/splittable-elements.ts';
import { outputWatermark } from '../watermarks.ts';
import type { InputReceiver, BundleSource } from './bundle-source.ts';

/**
 * Reads elements as restrictions. What is left of these holds the watermark back, each at a time of its own: so it goes on
 * while there is work, other than where panes are due.
 */
export class SplittableInput implements BundleSource {
  /** Where the work need not end, it is made as short as its provider says, and comes to its end then. */
  readonly cut?: () => void;
  readonly #elements: SplittableElements;
  #input: Timestamp = MIN_TIMESTAMP;
  #watermark: Timestamp = MIN_TIMESTAMP;

  constructor(elements: SplittableElements) {
    this.#elements = elements;
    if (!elements.isBounded) this.cut = () => elements.drain();
  }

  get watermark(): Timestamp {
    return this.#watermark;
  }

  get isEnded(): boolean {
    return this.#input >= MAX_TIMESTAMP && !this.#elements.isDue && this.#elements.hold >= MAX_TIMESTAMP;
  }

  get readyAt(): Timestamp | undefined {
    return this.#elements.isDue ? -Infinity : this.isEnded ? undefined : this.#elements.dueAt;
  }

  advance(times: Times): void {
    this.#input = times.watermark;
    this.#elements.advance(times);
    const { hold, hasNew } = this.#elements;
    this.#watermark = outputWatermark(this.#watermark, { input: this.#input, hold, isDue: hasNew });
  }

  async read(to: InputReceiver, signal: AbortSignal): Promise<void> {
    await this.#elements.fire(to.receive, signal);
  }
}
