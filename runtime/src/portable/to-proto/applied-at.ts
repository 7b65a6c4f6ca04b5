import { stackFrames } from '../../display/stack-frames.ts';

/** How many of the user's lines go with a step. */
const MOST_FRAMES = 3;

/** The user's own lines of the stack in which a transform was applied, as a stack; undefined if there are none. */
export function appliedAt(stack: string | undefined): string | undefined {
  if (stack === undefined) return undefined;
  const lines = stackFrames(stack)
    .filter(({ isOwn, isInternal }) => !isOwn && !isInternal)
    .slice(0, MOST_FRAMES)
    .map(({ text }) => `    at ${text}`);
  return lines.length === 0 ? undefined : ['Error', ...lines].join('\n');
}
