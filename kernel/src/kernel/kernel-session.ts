import type { Completion } from '../cells/completion.ts';
import type { Inspection } from '../cells/inspection.ts';
import type { Completeness } from '../cells/is-complete.ts';
import type { Outcome, OutputSink } from '../session/session-output.ts';

/** All that the kernel, the REPL and `millrace run` need of a session. */
export interface KernelSession {
  /** Runs one cell; all of its outputs are delivered before it resolves. Never two at a time. */
  execute(
    code: string,
    options: { readonly executionCount: number; readonly silent?: boolean; readonly onOutput: OutputSink },
  ): Promise<Outcome>;
  /** Positions in UTF-16 units. */
  complete(code: string, cursor: number): Promise<Completion>;
  inspect(code: string, cursor: number, detail: 0 | 1): Promise<Inspection | undefined>;
  isComplete(code: string): Promise<Completeness>;
  /** Ends the running cell with an error named "Interrupted"; does nothing when none is running. */
  interrupt(): void;
  close(): Promise<void>;
}
