import { NO_FIRING, type PaneInfo } from '../model/pane-info.ts';
import { MIN_TIMESTAMP, type Timestamp } from '../model/timestamp.ts';
import { GLOBAL_WINDOWS, type BoundedWindow } from '../model/window.ts';
import { EndOfInput } from './end-of-input.ts';
import { InputBytes } from './input-bytes.ts';
import type { WindowedCoder } from './windowed-value.ts';

/**
 * Decodes the elements of a stream of bytes that comes in chunks, which may end within an element.
 *
 * An element that is not whole is tried again when as many bytes came as it was seen to miss, and at least half as many
 * as there were: so that all attempts together cost little more than the last one, however large it is.
 */
export class ElementStream<T = unknown> {
  readonly #coder: WindowedCoder<T>;
  #input = new InputBytes(new Uint8Array());
  #chunks: Uint8Array[] = [];
  /** Bytes in #chunks. */
  #waiting = 0;
  /** How many of them are needed for another attempt. */
  #needed = 0;
  #hasEnded = false;
  #value: T | undefined;
  timestamp: Timestamp = MIN_TIMESTAMP;
  windows: readonly BoundedWindow[] = GLOBAL_WINDOWS;
  pane: PaneInfo = NO_FIRING;

  constructor(coder: WindowedCoder<T>) {
    this.#coder = coder;
  }

  /** The value that the last `next` decoded; its timestamp, windows and pane are beside it. */
  get value(): T {
    return this.#value as T; // `next` was called before, by contract
  }

  /** Bytes that came, and are of no element that was decoded. */
  get bytesLeft(): number {
    return this.#input.left + this.#waiting;
  }

  /** Takes the next bytes, which nobody may change from then on. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#waiting += chunk.length;
  }

  /** No more bytes will come. */
  end(): void {
    this.#hasEnded = true;
  }

  /**
   * Decodes one more element into `value`, `timestamp`, `windows` and `pane`; false if no whole one is there.
   *
   * @throws {RangeError} for bytes that no element has, and for the beginning of one after the end of the stream.
   */
  next(): boolean {
    for (;;) {
      const input = this.#input;
      if (input.left > 0) {
        const start = input.position;
        try {
          const header = this.#coder.decodeHeader(input);
          this.#value = this.#coder.value.decode(input);
          this.timestamp = header.timestamp;
          this.windows = header.windows;
          this.pane = header.pane;
          return true;
        } catch (error) {
          if (!(error instanceof EndOfInput)) throw error;
          input.position = start;
          this.#keepRest(error.missing);
        }
      }
      if (!this.#hasMore()) return false;
    }
  }

  /** What is left becomes the first of the chunks. */
  #keepRest(missing: number): void {
    const { left } = this.#input;
    if (this.#hasEnded && this.#waiting === 0) {
      throw new RangeError(
        `Cannot decode an element as its stream must end after it: received ${left} bytes, and at least ${missing} are missing`,
      );
    }
    this.#chunks.unshift(this.#input.raw(left));
    this.#input = new InputBytes(new Uint8Array());
    this.#waiting += left;
    this.#needed = left + Math.max(missing, left >> 1);
  }

  /** Makes one input of all chunks, or of the first if it has no rest before it. */
  #hasMore(): boolean {
    if (this.#waiting === 0 || (this.#waiting < this.#needed && !this.#hasEnded)) return false;
    const chunks = this.#needed === 0 ? this.#chunks.splice(0, 1) : this.#chunks.splice(0);
    const [first = new Uint8Array(), ...others] = chunks;
    this.#input = new InputBytes(others.length === 0 ? first : Buffer.concat(chunks));
    this.#waiting -= this.#input.left;
    this.#needed = 0;
    return true;
  }
}
