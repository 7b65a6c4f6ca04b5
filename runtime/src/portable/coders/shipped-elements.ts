import { GLOBAL_WINDOW_CODER } from '../../coders/global-window.ts';
import { INTERVAL_WINDOW_CODER } from '../../coders/interval-window.ts';
import type { Coder } from '../../coders/coder.ts';
import { ValueCoder } from '../../coders/value-coder.ts';
import { WindowedValueCoder } from '../../coders/windowed-value.ts';
import { GLOBAL_WINDOW, type BoundedWindow } from '../../model/window.ts';

/** A window of either kind: a byte that says which, then the window. */
const EITHER_WINDOW_CODER: Coder<BoundedWindow> = Object.freeze<Coder<BoundedWindow>>({
  urn: 'millrace:coder:either_window:v1',
  components: [],
  isDeterministic: true,
  encode(window, to) {
    to.byte(window.kind === 'global' ? 0 : 1);
    if (window.kind === 'global') GLOBAL_WINDOW_CODER.encode(window, to);
    else INTERVAL_WINDOW_CODER.encode(window, to);
  },
  decode: (from) => (from.byte() === 0 ? GLOBAL_WINDOW : INTERVAL_WINDOW_CODER.decode(from)),
});

/**
 * How elements travel in payloads and files of ours, which no runner reads: with their timestamps, windows and panes,
 * whatever windows these are. One coder for one stream, as it remembers what came before.
 */
export function shippedElementsCoder(): WindowedValueCoder<unknown> {
  return new WindowedValueCoder(new ValueCoder(), EITHER_WINDOW_CODER);
}
