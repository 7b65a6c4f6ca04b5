import { maxTimestamp, type BoundedWindow } from '../model/window.ts';
import type { Coder } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';
import { decodeTimestamp, encodeExactMillis, encodeTimestamp, exactMillis } from './timestamp.ts';

/** A window, with its last timestamp in front, so that a runner that does not know such windows knows when they end. */
export class CustomWindowCoder implements Coder<BoundedWindow> {
  readonly urn = 'beam:coder:custom_window:v1';
  readonly components: readonly [Coder<BoundedWindow>];
  readonly isDeterministic: boolean;
  readonly #window: Coder<BoundedWindow>;

  constructor(window: Coder<BoundedWindow>) {
    this.components = [window];
    this.isDeterministic = window.isDeterministic;
    this.#window = window;
  }

  encode(window: BoundedWindow, to: OutputBytes): void {
    // Near the ends of time, a number does not hold the millisecond before another.
    if (window.kind === 'interval') encodeExactMillis(exactMillis(window.end) - 1n, to);
    else encodeTimestamp(maxTimestamp(window), to);
    this.#window.encode(window, to);
  }

  decode(from: InputBytes): BoundedWindow {
    decodeTimestamp(from);
    return this.#window.decode(from);
  }
}
