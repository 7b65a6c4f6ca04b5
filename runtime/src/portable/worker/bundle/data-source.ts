import { ElementStream } from '../../../coders/element-stream.ts';
import type { WindowedCoder } from '../../../coders/windowed-value.ts';
import type { Pacer } from '../../../executor/pacer.ts';
import type { Receiver } from '../../../model/windowed-value.ts';
import { channelSplit, type DesiredSplit } from './channel-split.ts';

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

  /** Cuts the channel; undefined if there is no place for it. */
  split(desired: DesiredSplit): number | undefined {
    if (this.#hasEnded) return undefined;
    const index = channelSplit({ begun: this.#begun, end: this.#end }, desired);
    if (index !== undefined) this.#end = index;
    return index;
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
