/** Loads the captured module anew: its functions and DoFns are others than those of any earlier copy. */
export type LoadModule = (copy: number) => Promise<Readonly<Record<string, unknown>>>;

/**
 * Copies of the captured module: a DoFn serves one stage at a time, so that a stage which runs twice at once in a thread
 * needs two of each of its DoFns, as it would have in two workers.
 *
 * One copy serves as many stages as it can: only those that share a DoFn need another one.
 */
export class ModuleCopies {
  readonly #load: LoadModule;
  readonly #copies: {
    readonly exports: Promise<Readonly<Record<string, unknown>>>;
    readonly used: Set<string>;
  }[] = [];

  constructor(load: LoadModule) {
    this.#load = load;
  }

  /**
   * A copy in which nobody took one of these exports before; they are taken from then on, for good: a DoFn that was torn
   * down is not set up again.
   */
  take(names: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    let copy = this.#copies.find(({ used }) => names.every((name) => !used.has(name)));
    if (copy === undefined) {
      copy = { exports: this.#load(this.#copies.length), used: new Set() };
      this.#copies.push(copy);
    }
    for (const name of names) copy.used.add(name);
    return copy.exports;
  }
}
