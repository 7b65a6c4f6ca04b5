import type { WindowFn } from '../model/window-fn.ts';
import { GLOBAL_WINDOW_FN } from '../model/windowing-strategy.ts';

/** The one window that holds all of event time: what every PCollection begins with. */
export function global(): WindowFn<unknown> {
  return GLOBAL_WINDOW_FN;
}
