import type { KernelSession } from '../../../kernel/src/kernel/kernel-session.ts';
import type { Outcome, OutputSink } from '../../../kernel/src/session/session-output.ts';

/** What a cell of the fake does: shows outputs, and ends. */
export type FakeCell = (
  show: OutputSink,
  options: { readonly executionCount: number },
) => Outcome | Promise<Outcome>;

export const OK: Outcome = { status: 'ok' };

/** An error as a session gives it. */
export function failed(ename = 'Error'): Outcome {
  return { status: 'error', ename, evalue: 'boom', traceback: [`${ename}: boom`] };
}

/** A session whose cells are functions, by their code; "wait" runs until interrupted. */
export function fakeSession(
  cells: Readonly<Record<string, FakeCell>> = {},
): KernelSession & { closed: boolean } {
  let stop: (() => void) | undefined;
  return {
    closed: false,
    async execute(code, { onOutput, executionCount }) {
      if (code === 'wait') {
        await new Promise<void>((resolve) => (stop = resolve));
        return failed('Interrupted');
      }
      const cell = cells[code] ?? (() => OK);
      return cell(onOutput, { executionCount });
    },
    complete: (code, cursor) =>
      Promise.resolve({
        matches: ['map'],
        start: cursor - 2,
        end: cursor,
        types: [{ text: 'map', type: 'method', start: cursor - 2, end: cursor }],
      }),
    inspect: (code, cursor, detail) =>
      Promise.resolve(code === '' ? undefined : { plain: `at ${cursor}, ${detail}`, markdown: '**at**' }),
    isComplete: (code) =>
      Promise.resolve(
        code.endsWith('{')
          ? { status: 'incomplete' as const, indent: '  ' }
          : { status: 'complete' as const },
      ),
    interrupt: () => stop?.(),
    close() {
      this.closed = true;
      return Promise.resolve();
    },
  };
}

/** Shows 'text/plain' as the cell's result. */
export function result(text: string): FakeCell {
  return async (show) => {
    await show({ kind: 'result', data: { 'text/plain': text }, metadata: {} });
    return OK;
  };
}
