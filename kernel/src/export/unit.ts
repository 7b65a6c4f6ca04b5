import type ts from '#typescript';

/** A code cell of the notebook that takes part in an export. */
export interface CodeCell {
  /** Counts all cells from 1, as JupyterLab shows them. */
  readonly number: number;
  readonly source: string;
  readonly tags: ReadonlySet<string>;
  readonly sourceFile: ts.SourceFile;
}

/** What an import of one name brings. */
export interface ImportedName {
  readonly specifier: string;
  /** What the module calls it; "*" for all of the module, "" for an import of nothing, for its effects. */
  readonly imported: string;
}

/**
 * What a unit is.
 *
 * - `import`: one name of an import statement, or an import for its effects.
 * - `type`: what is not there at run time.
 * - `function`, `class`, `value`: a declaration; each variable of a statement is a unit of its own.
 * - `effect`: any other statement.
 */
export type UnitKind = 'import' | 'type' | 'function' | 'class' | 'value' | 'effect';

/** The smallest part of a notebook that is taken or left: a declaration, an imported name, or a statement. */
export interface Unit {
  readonly cell: CodeCell;
  /** Its place among all units of the notebook. */
  readonly order: number;
  readonly kind: UnitKind;
  /** The statement that it stands in. */
  readonly statement: ts.Statement;
  /** The statement itself, or one declaration of it. */
  readonly node: ts.Node;
  /** The names that it declares at the top level of its cell. */
  readonly names: readonly ts.Identifier[];
  /** Of imports. */
  readonly imported?: ImportedName;
  /** It is an expression that ends its cell: the cell shows its value. */
  readonly isShown: boolean;
}

/** How a reference uses a name. */
export type Use =
  /** Reads it. */
  | 'read'
  /** Assigns it. */
  | 'write'
  /** Assigns or deletes something in it: `x.y = 1`. */
  | 'change'
  /** Calls a method of it: `x.add(1)`. */
  | 'receive'
  /** Gives it to a call: `f(x)`. */
  | 'give';

/** A name in a unit that means something of the notebook, or of the world around it. */
export interface Reference {
  readonly identifier: ts.Identifier;
  readonly use: Use;
  /** The method's name, where `use` is "receive". */
  readonly method?: string;
  /** What is called, where `use` is "give". */
  readonly callee?: ts.Expression;
  /** It stands in the body of a function or method, and so is read when that is called. */
  readonly isDeferred: boolean;
  /** The units that declare what it means; none for a global name. */
  readonly targets: readonly Unit[];
  /** The units that declared the name when the cell ran, where a later cell has declared it anew. */
  readonly replaced?: readonly Unit[];
}
