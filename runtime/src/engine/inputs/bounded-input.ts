import { MAX_TIMESTAMP, MIN_TIMESTAMP, type Timestamp } from '../../model/timestamp.ts';
import type { InputReceiver, BundleSource } from './bundle-source.ts';

/** An input that is read at once, to its end. */
export class BoundedInput implements BundleSource {
  readonly #readAll: (to: InputReceiver, signal: AbortSignal) => Promise<void>;
  #isEnded = false;

  constructor(readAll: (to: InputReceiver, signal: AbortSignal) => Promise<void>) {
    this.#readAll = readAll;
  }

  get watermark(): Timestamp {
    return this.#isEnded ? MAX_TIMESTAMP : MIN_TIMESTAMP;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  get readyAt(): Timestamp | undefined {
    return this.#isEnded ? undefined : -Infinity;
  }

  advance(): void {
    // It has no time of its own.
  }

  async read(to: InputReceiver, signal: AbortSignal): Promise<void> {
    await this.#readAll(to, signal);
    this.#isEnded = true;
  }
}
