/** What the step of a transform is called that has another step before it, which prepares its elements. */
const PART = '/ParDo (prepared)';

/** The id of the part of `name` that runs its DoFn. */
export function doFnPart(name: string): string {
  return `${name}${PART}`;
}

/** What runners call the parts of a splittable step: Prism 2.77, and Beam 2.62's SplittableParDoExpander for Flink. */
const SPLITTABLE_PARTS = [
  /^e(.+)_(?:pwr|splitnsize|processandsplit)$/,
  /^(.+)\/(?:PairWithRestriction|SplitAndSize|TruncateAndSize)$/,
];

/** The transform whose part it is: what the part reports is the transform's. */
export function wholeOf(id: string): string {
  const step = SPLITTABLE_PARTS.reduce((name, part) => part.exec(name)?.[1] ?? name, id);
  return step.endsWith(PART) ? step.slice(0, -PART.length) : step;
}
