import type { CapturedSource } from '../capture/captured-module.ts';
import type { MimeBundle } from '../display/mime-bundle.ts';

/**
 * What the notebook around us can do. A kernel that runs us puts one at `globalThis[NOTEBOOK_HOST]`; where there is
 * none (a script, another kernel), views are printed as text.
 */
export interface NotebookHost {
  /** Sends display_data, or update_display_data for an id that was shown before. */
  display(bundle: MimeBundle, options?: { readonly displayId?: string; readonly update?: boolean }): void;
  /** Sends clear_output. */
  clearOutput(options?: { readonly wait?: boolean }): void;
  /** Aborted when the running cell is interrupted; a new one for every cell. */
  readonly signal: AbortSignal;
  /** The execution count of the running cell. */
  readonly executionCount: number;
  /** What the notebook's author calls `value`: the name of a variable that holds it; undefined if none does. */
  variableName?(value: unknown): string | undefined;
  /** The text behind a script that V8 knows by `url`: a cell, a local TypeScript file; undefined if it is not ours. */
  sourceOf?(url: string): CapturedSource | undefined;
}

export const NOTEBOOK_HOST = Symbol.for('millrace.notebook');

/** The notebook that runs us, now; undefined in a script. */
export function notebookHost(): NotebookHost | undefined {
  // Only a kernel sets this symbol, and it sets a NotebookHost.
  return (globalThis as { readonly [NOTEBOOK_HOST]?: NotebookHost })[NOTEBOOK_HOST];
}
