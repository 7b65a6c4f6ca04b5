/** How the values of a key and window are held, and become one: a list for groupByKey, an accumulator for a combine. */
export interface Accumulation {
  /** What is held is an array of all values: it can be written, and read, in pieces. */
  readonly isList: boolean;
  /** What is held of one value. */
  of(value: unknown): unknown;
  /** Adds a value to what is held; may change and return it. */
  add(held: unknown, value: unknown): unknown;
  /** Makes one of two, where windows merge; may change and return the first. */
  merge(held: unknown, other: unknown): unknown;
  /** What a pane without values has. */
  empty(): unknown;
  /** A copy for a pane, of what goes on being added to: accumulating panes. */
  copy(held: unknown): unknown;
}
