import type { PaneInfo } from '../model/pane-info.ts';
import type { Timestamp } from '../model/timestamp.ts';
import type { BoundedWindow } from '../model/window.ts';
import { BOOL_CODER } from './bool.ts';
import type { Coder } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import { IterableCoder } from './iterable.ts';
import type { OutputBytes } from './output-bytes.ts';
import { decodePane, encodePane } from './pane.ts';
import { STRING_UTF8_CODER } from './string-utf8.ts';
import { decodeTimestamp, encodeTimestamp } from './timestamp.ts';

/** A key's timer in one or more windows, as it is set, cleared, or fired; what it is a timer of, its channel says. */
export type Timer<K> = {
  readonly userKey: K;
  /** Tells the timers of one family apart. */
  readonly dynamicTimerTag: string;
  readonly windows: readonly BoundedWindow[];
} & (
  | { readonly clearBit: true }
  | {
      readonly clearBit: false;
      /** When it is due, in its time domain. */
      readonly fireTimestamp: Timestamp;
      /** The timestamp of what it will output; holds the watermark back. */
      readonly holdTimestamp: Timestamp;
      readonly pane: PaneInfo;
    }
);

/**
 * Key, tag, windows, whether it is cleared; and if it is not: when it fires, its hold, its pane.
 *
 * @see beam_runner_api.proto, StandardCoders.TIMER
 */
export class TimerCoder<K> implements Coder<Timer<K>> {
  readonly urn = 'beam:coder:timer:v1';
  readonly components: readonly [key: Coder<K>, window: Coder<BoundedWindow>];
  readonly isDeterministic: boolean;
  readonly #key: Coder<K>;
  readonly #windows: IterableCoder<BoundedWindow>;

  constructor(key: Coder<K>, window: Coder<BoundedWindow>) {
    this.components = [key, window];
    this.isDeterministic = key.isDeterministic && window.isDeterministic;
    this.#key = key;
    this.#windows = new IterableCoder(window);
  }

  encode(timer: Timer<K>, to: OutputBytes): void {
    this.#key.encode(timer.userKey, to);
    STRING_UTF8_CODER.encode(timer.dynamicTimerTag, to);
    this.#windows.encode(timer.windows, to);
    BOOL_CODER.encode(timer.clearBit, to);
    if (timer.clearBit) return;
    encodeTimestamp(timer.fireTimestamp, to);
    encodeTimestamp(timer.holdTimestamp, to);
    encodePane(timer.pane, to);
  }

  decode(from: InputBytes): Timer<K> {
    const userKey = this.#key.decode(from);
    const dynamicTimerTag = STRING_UTF8_CODER.decode(from);
    const windows = [...this.#windows.decode(from)];
    const set = { userKey, dynamicTimerTag, windows };
    if (BOOL_CODER.decode(from)) return { ...set, clearBit: true };
    const fireTimestamp = decodeTimestamp(from);
    const holdTimestamp = decodeTimestamp(from);
    return { ...set, clearBit: false, fireTimestamp, holdTimestamp, pane: decodePane(from) };
  }
}
