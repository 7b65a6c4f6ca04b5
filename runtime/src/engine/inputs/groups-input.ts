import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import type { Groups, Times } from '../groups/groups.ts';
import type { InputReceiver, BundleSource } from './bundle-source.ts';
import { outputWatermark } from '../watermarks.ts';

/** Reads the panes of groups, as they become due. */
export class GroupsInput implements BundleSource {
  readonly #groups: Groups;
  #input: Timestamp = MIN_TIMESTAMP;
  #watermark: Timestamp = MIN_TIMESTAMP;

  constructor(groups: Groups) {
    this.#groups = groups;
  }

  get watermark(): Timestamp {
    return this.#watermark;
  }

  get isEnded(): boolean {
    // What waits for a side input is still held when its own input has ended.
    return this.#input >= MAX_TIMESTAMP && !this.#groups.isDue && this.#groups.hold >= MAX_TIMESTAMP;
  }

  get readyAt(): Timestamp | undefined {
    return this.#groups.isDue ? -Infinity : this.isEnded ? undefined : this.#groups.dueAt;
  }

  advance(times: Times): void {
    this.#input = times.watermark;
    this.#groups.advance(times);
    const { hold, isDue } = this.#groups;
    this.#watermark = outputWatermark(this.#watermark, { input: this.#input, hold, isDue });
  }

  async read(to: InputReceiver, signal: AbortSignal): Promise<void> {
    await this.#groups.fire(to.receive, signal, to.fireTimer);
  }
}
