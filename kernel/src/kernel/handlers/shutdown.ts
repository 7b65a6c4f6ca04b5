import type { KernelContext, Request } from '../kernel-context.ts';
import { shutdownContent } from '../request-content.ts';

/** Ends the kernel once this is answered; a restart starts another process. All clients are told on iopub. */
export function shutdown(
  { header, content }: Request,
  { publish, shutDown }: KernelContext,
): { readonly status: 'ok'; readonly restart: boolean } {
  const reply = { status: 'ok', restart: shutdownContent(content).restart } as const;
  publish('shutdown_reply', reply, header);
  shutDown();
  return reply;
}
