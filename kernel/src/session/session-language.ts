import type { PreparedCell, RefusedCell } from '../cells/cell-service.ts';
import type { Completion } from '../cells/completion.ts';
import type { Inspection } from '../cells/inspection.ts';
import type { Completeness } from '../cells/is-complete.ts';

/** All that a session needs of a language; CellLanguage is TypeScript's. */
export interface SessionLanguage {
  prepare(cell: { readonly id: number; readonly code: string }): Promise<PreparedCell | RefusedCell>;
  /** The cell ran: of its names, those in `defined` exist now. */
  commit(id: number, defined: readonly string[]): void;
  complete(code: string, cursor: number): Promise<Completion>;
  inspect(code: string, cursor: number, detail: 0 | 1): Promise<Inspection | undefined>;
  isComplete(code: string): Promise<Completeness>;
  close(): Promise<void>;
}
