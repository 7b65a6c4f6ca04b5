import type { Outcome } from './session-output.ts';

/** What a cell ends with when the user stops it. */
export const INTERRUPTED: Outcome = Object.freeze({
  status: 'error',
  ename: 'Interrupted',
  evalue: 'Interrupted by the user; variables are kept',
  traceback: Object.freeze(['Interrupted by the user; variables are kept']),
});

/** What a cell ends with when its worker was lost. */
export function threadLost(why: string): Outcome {
  return { status: 'error', ename: 'StateLost', evalue: why, traceback: [why] };
}
