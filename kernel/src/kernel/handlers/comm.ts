import type { KernelContext, Request } from '../kernel-context.ts';

/** The open comms: none, as this kernel has no comm target yet. */
export function commInfo(): { readonly status: 'ok'; readonly comms: Readonly<Record<string, never>> } {
  return { status: 'ok', comms: {} };
}

/** A comm to a target that nobody registered is closed at once, as the protocol asks. */
export function commOpen({ header, content }: Request, { publish, notice }: KernelContext): undefined {
  notice(`Cannot open a comm as its target must be known: received ${JSON.stringify(content.target_name)}`);
  publish('comm_close', { comm_id: content.comm_id, data: {} }, header);
}

/** A message to a comm that is not open, or not any more, changes nothing. */
export function commMessage(): undefined {
  return undefined;
}
