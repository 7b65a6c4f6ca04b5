/** A fault in the text that was checked; positions are offsets in it, in UTF-16 units. */
export interface Fault {
  readonly message: string;
  /** TypeScript's number; 0 for a rule of our own. */
  readonly code: number;
  readonly start: number;
  readonly end: number;
}

/** JavaScript that does what the checked text says. */
export interface Emitted {
  /** A script whose value is the cell's function. */
  readonly code: string;
  /** From `code` to the user's text, version 3. */
  readonly sourceMap: string;
  /** The members that it declares. */
  readonly names: readonly string[];
  /**
   * The declarations of what the text exports, for other texts to import instead of it: a long chain of cells then
   * costs no more than a short one. Undefined if some type cannot be written down.
   */
  readonly declarations?: string;
}

/** One proposal for the text between `start` and `end`. */
export interface Proposal {
  readonly text: string;
  /** TypeScript's word for what it is: "method", "const", "class" … */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  /** Its type, for the first few. */
  readonly signature?: string;
}

/** What is known of the name at a place. */
export interface Description {
  /** As TypeScript would declare it: "const x: number". */
  readonly signature: string;
  readonly documentation: string;
  /** JSDoc's tags, `@param` and the like. */
  readonly tags: readonly string[];
}

/** The text of the current cell: a prelude, the user's code, and exports. */
export interface CellText {
  readonly text: string;
  /** Where the user's code starts. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
}

/** What kind of text is kept. */
export interface AddOptions {
  /** It adds to the global scope, or to modules, and so is seen by all others. */
  readonly isAugmenting: boolean;
  /** It holds declarations only. */
  readonly isDeclaration: boolean;
}

/** All that the cells know of TypeScript's language service; another compiler would stand behind the same. */
export interface Language {
  /** Makes `cell` the current one. */
  open(cell: CellText): void;
  /** All faults of the current cell, in its own text, in order. */
  check(): readonly Fault[];
  /** The current cell as JavaScript; asked only when `check` found nothing. */
  emit(sourceName: string): Emitted;
  /** What can stand at `offset` in the current cell, best first. */
  complete(offset: number): readonly Proposal[];
  /** What stands at `offset`. */
  hover(offset: number): Description | undefined;
  /** The function whose arguments `offset` is among. */
  signature(offset: number): Description | undefined;
  /** Keeps a text, under a name that other texts import it by. */
  add(specifier: string, text: string, options: AddOptions): void;
  /** Forgets a text. */
  remove(specifier: string): void;
}
