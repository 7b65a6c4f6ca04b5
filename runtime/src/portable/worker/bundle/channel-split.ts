/** How far the reading of a data channel is, and where it ends. All in numbers of elements from its start. */
export interface ChannelState {
  /** Elements that were begun: the last of them is at `begun - 1`, and may still be in work. */
  readonly begun: number;
  /** The first element that is not to be read: where an earlier split cut; Infinity if there was none. */
  readonly end: number;
}

/** What a runner asks for: see ProcessBundleSplitRequest.DesiredSplit. */
export interface DesiredSplit {
  /** Of what remains, so much is to be kept: 0 gives back all that is not begun. */
  readonly fractionOfRemainder: number;
  /** Elements that the runner means to send, in all. */
  readonly estimatedElements: number;
  /** Indices at which alone the residual may begin; any if empty. */
  readonly allowedSplitPoints: readonly number[];
}

/**
 * Where to cut a data channel: the index of the first element that goes back to the runner. Undefined if there is no
 * such place. An element that was begun is never given back.
 *
 * @see beam_fn_api.proto, ProcessBundleSplitRequest
 */
export function channelSplit(
  { begun, end }: ChannelState,
  { fractionOfRemainder, estimatedElements, allowedSplitPoints }: DesiredSplit,
): number | undefined {
  const elements = Math.min(Math.max(estimatedElements, begun), end);
  // The element in work counts as half done.
  const done = begun === 0 ? 0 : begun - 0.5;
  const wanted = Math.max(begun, Math.round(done + (elements - done) * fractionOfRemainder));
  const isAllowed = (index: number) => index >= begun && index < elements;
  if (allowedSplitPoints.length === 0) return isAllowed(wanted) ? wanted : undefined;
  return allowedSplitPoints
    .filter(isAllowed)
    .reduce<number | undefined>(
      (best, index) =>
        best === undefined || Math.abs(index - wanted) < Math.abs(best - wanted) ? index : best,
      undefined,
    );
}

/**
 * How much to keep of what is left of the element under way, from 0 to 1, where the cut is to be within it. Undefined if it is
 * to be behind it.
 *
 * @param fractionDone How much of that element is done, from 0 to 1.
 * @see Beam Python's DataInputOperation._compute_split
 */
export function elementSplit(
  { begun, end }: ChannelState,
  { fractionOfRemainder, estimatedElements, allowedSplitPoints }: DesiredSplit,
  fractionDone: number,
): number | undefined {
  if (begun === 0 || fractionDone >= 1) return undefined;
  const isAllowed = (index: number) => allowedSplitPoints.length === 0 || allowedSplitPoints.includes(index);
  if (!isAllowed(begun - 1) || !isAllowed(begun)) return undefined;
  const elements = Math.min(Math.max(estimatedElements, begun), end);
  const left = elements - (begun - 1) - fractionDone;
  const kept = (left * fractionOfRemainder) / (1 - fractionDone);
  return kept < 1 ? kept : undefined;
}
