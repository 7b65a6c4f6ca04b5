import type ts from 'typescript';

/** What the rewriting of one cell needs. */
export interface RewriteOptions {
  readonly checker: ts.TypeChecker;
  /** Where the user's code starts in the file, after the prelude. */
  readonly codeStart: number;
  /** Where it ends, before the exports. */
  readonly codeEnd: number;
  readonly parameters: CellParameters;
  /** Takes the name of each member that the cell declares. */
  readonly onName: (name: string) => void;
}

/** What the parameters of the cell's function are called; none of them is a word of the cell. */
export interface CellParameters {
  readonly cells: string;
  readonly wait: string;
  readonly load: string;
  readonly meta: string;
  readonly iterate: string;
}
