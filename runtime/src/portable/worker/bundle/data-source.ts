import { ElementStream } from '../../../coders/element-stream.ts';
import type { WindowedCoder } from '../../../coders/windowed-value.ts';
import type { Pacer } from '../../../executor/pacer.ts';
import type { Receiver } from '../../../model/windowed-value.ts';
import { channelSplit, elementSplit, type DesiredSplit } from './channel-split.ts';
import type { ElementSplit } from './splittable/running-step.ts';

/** An element that can be split while it is worked on. */
export interface ElementUnderWay {
  /** How much of it is done, from 0 to 1. */
  readonly fractionDone: number;
  readonly split: (fractionOfRemainder: number) => ElementSplit | undefined;
}

/** Where a channel was cut: numbers of elements. */
export interface SourceSplit {
  readonly lastPrimary: number;
  readonly firstResidual: number;
  /** The parts of the element between these. */
  readonly element?: ElementSplit;
}

/** Decodes what the runner sends to one data source of one bundle, and hands it on element by element. */
export class DataSource {
  readonly transformId: string;
  readonly #stream: ElementStream;
  readonly #receive: Receiver;
  readonly #pacer: Pacer;
  #begun = 0;
  #end = Infinity;
  #hasEnded = false;

  constructor(options: {
    readonly transformId: string;
    readonly coder: WindowedCoder;
    readonly receive: Receiver;
    readonly pacer: Pacer;
  }) {
    this.transformId = options.transformId;
    this.#stream = new ElementStream(options.coder);
    this.#receive = options.receive;
    this.#pacer = options.pacer;
  }

  /** Elements that were begun so far: all but the last are done. */
  get begun(): number {
    return this.#begun;
  }

  /** The last of its bytes came, and was processed. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Processes all elements that are whole with these bytes; the rest waits for the next ones. */
  async process(bytes: Uint8Array, isLast: boolean): Promise<void> {
    const stream = this.#stream;
    // What a split gave back is not even decoded.
    if (this.#begun < this.#end) stream.push(bytes);
    if (isLast) stream.end();
    let wait = this.#processSome();
    while (wait !== undefined) {
      await wait;
      wait = this.#processSome();
    }
    if (isLast) this.#hasEnded = true;
  }

  /**
   * Cuts the channel: in the element under way if it can be split and there is the place, or between elements; undefined if
   * there is no place for it.
   *
   * @param underWay The element under way, if it can be split.
   */
  split(desired: DesiredSplit, underWay?: ElementUnderWay): SourceSplit | undefined {
    if (this.#hasEnded) return undefined;
    const state = { begun: this.#begun, end: this.#end };
    const kept = underWay && elementSplit(state, desired, underWay.fractionDone);
    const element = kept === undefined ? undefined : underWay?.split(kept);
    if (element !== undefined) {
      this.#end = this.#begun;
      return { lastPrimary: this.#begun - 2, firstResidual: this.#begun, element };
    }
    const index = channelSplit(state, desired);
    if (index === undefined) return undefined;
    this.#end = index;
    return { lastPrimary: index - 1, firstResidual: index };
  }

  /** Processes elements until there is something to wait for; undefined at the end of what is there. */
  #processSome(): Promise<void> | undefined {
    const stream = this.#stream;
    const receive = this.#receive;
    const pacer = this.#pacer;
    while (this.#begun < this.#end && stream.next()) {
      this.#begun += 1;
      const wait = receive(stream.value, stream.timestamp, stream.windows, stream.pane) ?? pacer.pause();
      if (wait !== undefined) return wait;
    }
    return undefined;
  }
}
