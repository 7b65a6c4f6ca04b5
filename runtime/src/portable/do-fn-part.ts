/** What the step of a transform is called that has another step before it, which prepares its elements. */
const PART = '/ParDo (prepared)';

/** The id of the part of `name` that runs its DoFn. */
export function doFnPart(name: string): string {
  return `${name}${PART}`;
}

/** The transform whose part it is: what the part reports is the transform's. */
export function wholeOf(id: string): string {
  return id.endsWith(PART) ? id.slice(0, -PART.length) : id;
}
