import { GLOBAL_WINDOW, type GlobalWindow } from '../model/window.ts';
import type { Coder } from './coder.ts';

/** The global window: no bytes at all. */
export const GLOBAL_WINDOW_CODER: Coder<GlobalWindow> = Object.freeze({
  urn: 'beam:coder:global_window:v1',
  components: [],
  isDeterministic: true,
  encode: () => undefined,
  decode: () => GLOBAL_WINDOW,
});
