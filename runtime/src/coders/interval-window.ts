import type { IntervalWindow } from '../model/window.ts';
import type { Coder } from './coder.ts';
import type { InputBytes } from './input-bytes.ts';
import type { OutputBytes } from './output-bytes.ts';
import { refuseValue } from './refuse-value.ts';
import { decodeTimestamp, encodeTimestamp, millisBefore, millisBetween } from './timestamp.ts';

const URN = 'beam:coder:interval_window:v1';

/** A window from one time to another: its end, and its length as a count of milliseconds. */
export const INTERVAL_WINDOW_CODER: Coder<IntervalWindow> = Object.freeze({
  urn: URN,
  components: [],
  isDeterministic: true,
  encode(window: IntervalWindow, to: OutputBytes): void {
    // A window of another kind comes from a pipeline whose coders do not fit its windows.
    if ((window.kind as string) !== 'interval')
      refuseValue(window, { coder: URN, what: 'an interval window' });
    encodeTimestamp(window.end, to);
    to.count(millisBetween(window.start, window.end));
  },
  decode(from: InputBytes): IntervalWindow {
    const end = decodeTimestamp(from);
    return Object.freeze({ kind: 'interval', start: millisBefore(end, from.count()), end });
  },
});
