import { stackFrames } from '../../display/stack-frames.ts';

/**
 * The line of the user's in which a transform was applied, as a stack; undefined if there is none.
 *
 * Those that called it stay here: they differ from run to run, and nobody is told of them.
 */
export function appliedAt(stack: string | undefined): string | undefined {
  if (stack === undefined) return undefined;
  const frame = stackFrames(stack).find(({ isOwn, isInternal }) => !isOwn && !isInternal);
  return frame === undefined ? undefined : `Error\n    at ${frame.text}`;
}
