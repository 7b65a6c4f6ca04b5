import type { ErrorReply } from '../../protocol/index.ts';
import type { Request } from '../kernel-context.ts';

/** Refuses a request that this kernel does not support, by its name. */
export function unsupported({ header }: Request): ErrorReply {
  return errorReply('Unsupported', `Cannot answer ${header.msg_type} as this kernel does not support it`);
}

/** Refuses the debugger in its own protocol's form, and in Jupyter's. */
export function debug(request: Request): ErrorReply & Readonly<Record<string, unknown>> {
  const reply = unsupported(request);
  const { seq, command } = request.content;
  return { ...reply, type: 'response', request_seq: seq, command, success: false, message: reply.evalue };
}

/** A reply that says what went wrong. */
export function errorReply(ename: string, evalue: string): ErrorReply {
  return { status: 'error', ename, evalue, traceback: [] };
}
