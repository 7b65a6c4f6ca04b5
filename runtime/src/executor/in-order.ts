/** How many calls of an async user function may be under way in one bundle. */
export const MAX_IN_FLIGHT = 16;

/** How long a failed bundle waits for the calls still under way before it is torn down, in milliseconds. */
const SETTLE_MS = 1000;

/**
 * Calls under way of one operator: up to MAX_IN_FLIGHT at a time, whose outputs go on in the order of their inputs.
 *
 * After a failure (or an early stop) each later call to `add` and `drain` throws it again.
 */
export class InOrder {
  readonly #onFailure: (error: unknown) => void;
  readonly #inFlight: { open: number };
  readonly #open: Promise<void>[] = [];
  #failure: { readonly error: unknown } | undefined;

  /**
   * @param onFailure Told of the first failure at once, so that nobody waits for a source in vain.
   * @param inFlight Counts the calls of several operators.
   */
  constructor(onFailure: (error: unknown) => void, inFlight: { open: number } = { open: 0 }) {
    this.#onFailure = onFailure;
    this.#inFlight = inFlight;
  }

  /** True while calls are under way: what comes now must queue behind them. */
  get isBusy(): boolean {
    return this.#open.length > 0;
  }

  /**
   * Starts `work`, which waits for `turn` before it emits.
   *
   * @returns a promise that there is room for more; undefined if there is.
   */
  add(work: (turn: Promise<void>) => Promise<void>): Promise<void> | undefined {
    this.#rethrow();
    const slot = work(this.#open.at(-1) ?? Promise.resolve());
    this.#open.push(slot);
    this.#inFlight.open += 1;
    slot.then(
      () => this.#remove(slot),
      (error: unknown) => {
        this.#remove(slot);
        this.#fail(error);
      },
    );
    return this.#open.length < MAX_IN_FLIGHT ? undefined : this.#open[0];
  }

  /** Waits until all that was added has emitted. */
  async drain(): Promise<void> {
    while (this.#open.length > 0) await this.#open.at(-1);
    this.#rethrow();
  }

  /** Waits until no call is under way, whatever came of it, but no longer than a second. */
  async settle(): Promise<void> {
    if (this.#open.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, SETTLE_MS)));
    await Promise.race([Promise.allSettled(this.#open), late]);
    clearTimeout(timer);
  }

  #remove(slot: Promise<void>): void {
    void this.#open.splice(this.#open.indexOf(slot), 1);
    this.#inFlight.open -= 1;
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { error };
    this.#onFailure(error);
  }

  #rethrow(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
