import type { KernelContext, Request } from '../kernel-context.ts';

/** Ends the running cell; its state is kept. */
export function interrupt(_request: Request, { startedSession }: KernelContext): { readonly status: 'ok' } {
  startedSession()?.interrupt();
  return { status: 'ok' };
}
