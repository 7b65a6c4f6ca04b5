import type { CompleteReply } from '../../protocol/index.ts';
import { fromCodePoints, toCodePoints } from '../code-points.ts';
import type { KernelContext, Request } from '../kernel-context.ts';
import { completeContent } from '../request-content.ts';

/** What fits at the cursor, also while a cell runs. */
export async function complete({ content }: Request, { session }: KernelContext): Promise<CompleteReply> {
  const { code, cursor_pos } = completeContent(content);
  const found = await (await session()).complete(code, fromCodePoints(code, cursor_pos));
  return {
    status: 'ok',
    matches: found.matches,
    cursor_start: toCodePoints(code, found.start),
    cursor_end: toCodePoints(code, found.end),
    metadata: {
      _jupyter_types_experimental: found.types.map((item) => ({
        ...item,
        start: toCodePoints(code, item.start),
        end: toCodePoints(code, item.end),
      })),
    },
  };
}
