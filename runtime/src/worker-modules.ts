import { MODULES } from './capture/captured-module.ts';
import * as millrace from './index.ts';
import * as interactive from './interactive.ts';
import * as testing from './testing.ts';

/** What a captured module finds under the names of Millrace's own modules: before it is imported, so on import. */
Object.defineProperty(globalThis, MODULES, {
  value: Object.freeze({ millrace, 'millrace/interactive': interactive, 'millrace/testing': testing }),
});
