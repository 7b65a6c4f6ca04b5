/** The longest that a run holds the event loop, in milliseconds, if the user's function returns in time. */
const SLICE_MS = 40;

/**
 * Lets the event loop run now and then, so that interrupts, progress and heartbeats live while a bundle is busy.
 *
 * `pause` is called for every element and costs a decrement: the clock is read about once a millisecond, however
 * long an element takes.
 */
export class Pacer {
  readonly #signal: AbortSignal;
  #left = 1;
  #stride = 1;
  #lookedAt = performance.now();
  #sliceStart = this.#lookedAt;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /**
   * A promise to wait for before going on, when it is time for one.
   *
   * @throws the signal's reason, once it is aborted.
   */
  pause(): Promise<void> | undefined {
    return --this.#left > 0 ? undefined : this.#look();
  }

  #look(): Promise<void> | undefined {
    this.#signal.throwIfAborted();
    const now = performance.now();
    const took = now - this.#lookedAt;
    if (took < 0.5) this.#stride = Math.min(this.#stride * 2, 8192);
    else if (took > 2) this.#stride = Math.max(1, this.#stride >> 2);
    this.#left = this.#stride;
    this.#lookedAt = now;
    return now - this.#sliceStart < SLICE_MS ? undefined : this.#yield();
  }

  async #yield(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#lookedAt = this.#sliceStart = performance.now();
    this.#signal.throwIfAborted();
  }
}
