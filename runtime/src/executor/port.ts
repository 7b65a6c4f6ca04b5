import type { Receiver } from '../model/windowed-value.ts';
import { EARLY_STOP, EarlyStop } from './early-stop.ts';

/** Every so manieth call is timed: a power of two. */
const SAMPLE_EVERY = 64;
/** The first calls are all timed, so that a step that is slow on few elements is seen. */
const ALWAYS_SAMPLED = 16;

/** Who takes a PCollection's elements: an operator, a sink, a shuffle. */
export interface Consumer {
  readonly receive: Receiver;
  readonly probe: Probe;
}

/** Estimates the time spent in a consumer, and in all that it calls, from a sample of its calls. */
export class Probe {
  #sampled = 0;
  #sampledMs = 0;

  /**
   * Adds one timed call: when it began and ended, and a reading of the clock right before it began.
   *
   * Reading the clock takes as long as a short call; the first two readings say how long.
   */
  add(before: number, start: number, end: number): void {
    this.#sampled += 1;
    this.#sampledMs += end - start - (start - before);
  }

  /** The estimate for `calls` calls, in milliseconds. */
  estimate(calls: number): number {
    return this.#sampled === 0 ? 0 : Math.max(0, this.#sampledMs / this.#sampled) * calls;
  }
}

/** What a Port needs. */
export interface PortOptions {
  readonly consumers: readonly Consumer[];
  /** Goes on when no consumer wants more: what comes is dropped, and the producer is not stopped. */
  readonly isUnlimited: boolean;
}

/**
 * Where the elements of one PCollection leave their producer: counts them and hands them to all consumers.
 *
 * A consumer that wants no more (EARLY_STOP) is left out from then on; when none is left, the producer is stopped
 * in turn.
 */
export class Port {
  readonly receive: Receiver;
  readonly #consumers: readonly Consumer[];
  #count = 0;

  constructor({ consumers, isUnlimited }: PortOptions) {
    this.#consumers = consumers;
    const [only, ...others] = consumers;
    this.receive =
      only === undefined
        ? () => {
            this.#count++;
          }
        : others.length === 0 && !isUnlimited
          ? this.#toOne(only)
          : this.#toAll(isUnlimited);
  }

  /** Elements so far. */
  get count(): number {
    return this.#count;
  }

  /** Estimated time in all consumers, in milliseconds. */
  get consumersMs(): number {
    return this.#consumers.reduce((sum, { probe }) => sum + probe.estimate(this.#count), 0);
  }

  #toOne({ receive, probe }: Consumer): Receiver {
    return (value, timestamp, windows, pane) => {
      const count = this.#count++;
      if (count > ALWAYS_SAMPLED && count % SAMPLE_EVERY !== 0)
        return receive(value, timestamp, windows, pane);
      const before = performance.now();
      const start = performance.now();
      const wait = receive(value, timestamp, windows, pane);
      probe.add(before, start, performance.now());
      return wait;
    };
  }

  #toAll(isUnlimited: boolean): Receiver {
    let live = this.#consumers;
    const leaveOut = (consumer: Consumer, error: unknown) => {
      if (!(error instanceof EarlyStop)) throw error;
      live = live.filter((each) => each !== consumer);
      if (live.length === 0 && !isUnlimited) throw error;
    };
    return (value, timestamp, windows, pane) => {
      const isSampled = this.#count <= ALWAYS_SAMPLED || this.#count % SAMPLE_EVERY === 0;
      this.#count++;
      if (live.length === 0 && !isUnlimited) throw EARLY_STOP;
      let waits: Promise<void>[] | undefined;
      for (const consumer of live) {
        try {
          const before = isSampled ? performance.now() : 0;
          const start = isSampled ? performance.now() : 0;
          const wait = consumer.receive(value, timestamp, windows, pane);
          if (isSampled) consumer.probe.add(before, start, performance.now());
          if (wait !== undefined) {
            waits ??= [];
            waits.push(wait.catch((error: unknown) => leaveOut(consumer, error)));
          }
        } catch (error) {
          leaveOut(consumer, error);
        }
      }
      return waits === undefined ? undefined : Promise.all(waits).then(() => undefined);
    };
  }
}
