import { stackFrames } from './stack-frames.ts';

/**
 * Where the user wrote the call that `stack` was taken in: "cell 7, line 3", or "/home/ann/words.ts, line 3".
 *
 * @param stack As in AppliedPTransform.appliedAt; undefined if none was kept.
 */
export function definedAt(stack: string | undefined): string | undefined {
  if (stack === undefined) return undefined;
  const frame = stackFrames(stack).find(({ isOwn, isInternal }) => !isOwn && !isInternal);
  if (frame === undefined) return undefined;
  return frame.line === undefined ? frame.file : `${frame.file}, line ${frame.line}`;
}
