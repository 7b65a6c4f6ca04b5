/** What the step of a transform that keeps state is called: a step before it makes its elements key-value pairs. */
const PART = '/ParDo (keyed)';

/** The id of the part of `name` that runs its DoFn. */
export function keyedPart(name: string): string {
  return `${name}${PART}`;
}

/** The transform whose part it is: what the part reports is the transform's. */
export function wholeOf(id: string): string {
  return id.endsWith(PART) ? id.slice(0, -PART.length) : id;
}
