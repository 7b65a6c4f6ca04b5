import type { InspectReply } from '../../protocol/index.ts';
import { fromCodePoints } from '../code-points.ts';
import type { KernelContext, Request } from '../kernel-context.ts';
import { inspectContent } from '../request-content.ts';

/** The type and the documentation of what stands at the cursor. */
export async function inspect({ content }: Request, { session }: KernelContext): Promise<InspectReply> {
  const { code, cursor_pos, detail_level } = inspectContent(content);
  const found = await (await session()).inspect(code, fromCodePoints(code, cursor_pos), detail_level);
  if (found === undefined) return { status: 'ok', found: false, data: {}, metadata: {} };
  return {
    status: 'ok',
    found: true,
    data: { 'text/plain': found.plain, 'text/markdown': found.markdown },
    metadata: {},
  };
}
