import type { Handler } from '../kernel-context.ts';
import { commInfo, commMessage, commOpen } from './comm.ts';
import { complete } from './complete.ts';
import { history } from './history.ts';
import { inspect } from './inspect.ts';
import { interrupt } from './interrupt.ts';
import { isComplete } from './is-complete.ts';
import { kernelInfo } from './kernel-info.ts';
import { shutdown } from './shutdown.ts';
import { debug, unsupported } from './unsupported.ts';

/**
 * Who answers which message. execute_request alone is not here: it waits in the ExecuteQueue, all others are
 * answered at once, on shell as on control, also while a cell runs.
 */
export const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['kernel_info_request', kernelInfo],
  ['complete_request', complete],
  ['inspect_request', inspect],
  ['is_complete_request', isComplete],
  ['history_request', history],
  ['comm_info_request', commInfo],
  ['comm_open', commOpen],
  ['comm_msg', commMessage],
  ['comm_close', commMessage],
  ['interrupt_request', interrupt],
  ['shutdown_request', shutdown],
  ['debug_request', debug],
  ['connect_request', unsupported],
  ['create_subshell_request', unsupported],
  ['delete_subshell_request', unsupported],
  ['list_subshell_request', unsupported],
  // Never asked for: allow_stdin is not used, as stdin is not supported.
  ['input_reply', commMessage],
]);
