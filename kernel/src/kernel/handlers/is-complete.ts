import type { IsCompleteReply } from '../../protocol/index.ts';
import type { KernelContext, Request } from '../kernel-context.ts';
import { isCompleteContent } from '../request-content.ts';

/** Whether Enter should run the text, or begin another line of it. */
export async function isComplete({ content }: Request, { session }: KernelContext): Promise<IsCompleteReply> {
  const { status, indent } = await (await session()).isComplete(isCompleteContent(content).code);
  return status === 'incomplete' ? { status, indent: indent ?? '' } : { status };
}
