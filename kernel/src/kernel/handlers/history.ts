import type { HistoryTuple } from '../../protocol/index.ts';
import type { KernelContext, Request } from '../kernel-context.ts';
import { historyContent } from '../request-content.ts';

/** What was run before, here and in other kernels. */
export function history(
  { content }: Request,
  context: KernelContext,
): { readonly status: 'ok'; readonly history: readonly HistoryTuple[] } {
  return { status: 'ok', history: context.history.query(historyContent(content)) };
}
