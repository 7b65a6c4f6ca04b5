import type { Receiver } from '../model/windowed-value.ts';
import { ownReceiver } from './own-code.ts';
import { EARLY_STOP, EarlyStop } from './early-stop.ts';

/** Every so manieth call is timed: a power of two. */
export const SAMPLE_EVERY = 64;
/** The first calls are all timed, and count for themselves alone: the compiler has not seen them yet. */
export const FIRST = 16;

/** A call that takes so many times the mean was held up by something else: the collector, another process. */
const HELD_UP = 20;

/** Passes an element on to one consumer, in code of its own: `timed` takes those whose call is timed. */
const TO_ONE = `
  const count = counter.count++;
  if (count >= ${FIRST} && count % every !== phase) return untimed(value, timestamp, windows, pane);
  return timed(count, value, timestamp, windows, pane);`;

/** Who takes a PCollection's elements: an operator, a sink, a shuffle. */
export interface Consumer {
  readonly receive: Receiver;
  readonly probe: Probe;
}

/** Estimates the time spent in a consumer, and in all that it calls, from a sample of its calls. */
export class Probe {
  /** Calls that count for themselves alone. */
  #aloneCalls = 0;
  #aloneMs = 0;
  #sampled = 0;
  #sampledMs = 0;

  /** Adds one timed call; `count` calls came before it. */
  add(count: number, ms: number): void {
    const isHeldUp = this.#sampled >= FIRST && ms * this.#sampled > HELD_UP * this.#sampledMs;
    if (count < FIRST || isHeldUp) {
      this.#aloneCalls += 1;
      this.#aloneMs += ms;
    } else {
      this.#sampled += 1;
      this.#sampledMs += ms;
    }
  }

  /**
   * The estimate for `calls` calls, in milliseconds.
   *
   * @param clockMs What reading the clock adds to each timed call.
   */
  estimate(calls: number, clockMs: number): number {
    if (this.#sampled === 0) return this.#aloneMs;
    const mean = Math.max(0, this.#sampledMs / this.#sampled - clockMs);
    return this.#aloneMs + mean * (calls - this.#aloneCalls);
  }
}

/** What reading the clock adds to a timed call, now and here, in milliseconds. */
export function clockCost(): number {
  const readings = 200;
  const start = performance.now();
  for (let reading = 1; reading < readings; reading++) performance.now();
  return (performance.now() - start) / readings;
}

/** What a Port needs. */
export interface PortOptions {
  readonly consumers: readonly Consumer[];
  /** Goes on when no consumer wants more: what comes is dropped, and the producer is not stopped. */
  readonly isUnlimited: boolean;
  /**
   * Which of the calls are timed. It differs along a chain of steps, so that a timed call seldom has another one
   * within it, whose clock it would measure.
   */
  readonly phase: number;
  /** Of a port within a fused run: only a sample of the elements comes through it, and there are others that passed by it. */
  readonly inRun?: { readonly steps: number; readonly passed: () => number } | undefined;
  /** Sees the elements whose call is timed, before the consumers do; within a fused run, all that come. */
  readonly sample?: Receiver | undefined;
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
  readonly #phase: number;
  readonly #inRun: PortOptions['inRun'];
  readonly #sample: Receiver | undefined;
  /** In an object, as the code of #toOne is its own. */
  readonly #counter = { count: 0 };

  constructor({ consumers, isUnlimited, phase, inRun, sample }: PortOptions) {
    this.#consumers = consumers;
    this.#phase = phase;
    this.#inRun = inRun;
    this.#sample = sample;
    const [only, ...others] = consumers;
    this.receive =
      only === undefined
        ? this.#toNone()
        : others.length === 0 && !isUnlimited
          ? this.#toOne(only)
          : this.#toAll(isUnlimited);
  }

  /** Elements so far. */
  get count(): number {
    return this.#counter.count + (this.#inRun?.passed() ?? 0);
  }

  /** Estimated time in all consumers, in milliseconds. */
  consumersMs(clockMs: number): number {
    return this.#consumers.reduce((sum, { probe }) => sum + probe.estimate(this.count, clockMs), 0);
  }

  #toNone(): Receiver {
    const phase = this.#phase;
    const sample = this.#sample;
    return (value, timestamp, windows, pane) => {
      const count = this.#counter.count++;
      if (sample === undefined || (count >= FIRST && count % SAMPLE_EVERY !== phase)) return;
      void sample(value, timestamp, windows, pane);
    };
  }

  #toOne({ receive, probe }: Consumer): Receiver {
    const phase = this.#phase;
    const sample = this.#sample;
    const timed = (count: number, ...element: Parameters<Receiver>) => {
      if (sample !== undefined) void sample(...element);
      const start = performance.now();
      const wait = receive(...element);
      probe.add(count, performance.now() - start);
      return wait;
    };
    const looked: Receiver = (...element) => {
      if (sample !== undefined) void sample(...element);
      return receive(...element);
    };
    const untimed = sample === undefined || this.#inRun === undefined ? receive : looked;
    const every = this.#inRun?.steps ?? SAMPLE_EVERY;
    return ownReceiver(TO_ONE, { counter: this.#counter, every, phase, timed, untimed });
  }

  #toAll(isUnlimited: boolean): Receiver {
    let live = this.#consumers;
    const leaveOut = (consumer: Consumer, error: unknown) => {
      if (!(error instanceof EarlyStop)) throw error;
      live = live.filter((each) => each !== consumer);
      if (live.length === 0 && !isUnlimited) throw error;
    };
    return (value, timestamp, windows, pane) => {
      const count = this.#counter.count++;
      const isSampled = count < FIRST || count % SAMPLE_EVERY === this.#phase;
      if (live.length === 0 && !isUnlimited) throw EARLY_STOP;
      if (isSampled && this.#sample !== undefined) void this.#sample(value, timestamp, windows, pane);
      let waits: Promise<void>[] | undefined;
      for (const consumer of live) {
        try {
          const start = isSampled ? performance.now() : 0;
          const wait = consumer.receive(value, timestamp, windows, pane);
          if (isSampled) consumer.probe.add(count, performance.now() - start);
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
