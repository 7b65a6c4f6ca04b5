/** What the captured module exports: the functions, DoFns, CombineFns and sources of a pipeline, by name. */
export class ModuleExports {
  readonly values = new Map<string, unknown>();
  /** How an error calls each: `the function of "Map(parse)"`. */
  readonly subjects = new Map<string, string>();
  readonly #names = new Map<unknown, string>();

  /** Gives the name under which `value` is exported; the same for the same value. */
  add(value: unknown, subject: string): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const name = `step${this.values.size + 1}`;
    this.#names.set(value, name);
    this.values.set(name, value);
    this.subjects.set(name, subject);
    return name;
  }
}
