import { TYPESCRIPT } from '../kernel/handlers/language-info.ts';
import type { KernelSession } from '../kernel/kernel-session.ts';
import type { Outcome, SessionOutput } from '../session/session-output.ts';
import type { Notebook, NotebookCell } from './nbformat.ts';
import { OutputCollector, type CellOutputs } from './output-collector.ts';

/** What a run tells while it goes on. */
export interface RunListener {
  /** `number` counts all cells from 1, as JupyterLab shows them. */
  readonly onCellStart?: (cell: NotebookCell, number: number) => void;
  readonly onOutput?: (output: SessionOutput) => void;
  readonly onCellEnd?: (
    cell: NotebookCell,
    result: { readonly outcome: Outcome; readonly elapsedMs: number },
  ) => void;
}

/** How a notebook is run. */
export interface RunNotebookOptions extends RunListener {
  readonly session: Pick<KernelSession, 'execute' | 'interrupt'>;
  /** Longest time that a cell may take, in milliseconds; it is then interrupted. */
  readonly timeoutMs?: number | undefined;
}

/** The first cell that failed. */
export interface CellFailure {
  readonly cell: NotebookCell;
  readonly number: number;
  readonly error: Extract<Outcome, { readonly status: 'error' }>;
}

/**
 * Runs a notebook's code cells in order, up to the first that fails, and gives the notebook with what they showed.
 *
 * As nbclient does: a cell without code is passed over, so is one tagged "skip-execution"; a cell tagged
 * "raises-exception" may fail. Cells after a failure keep no outputs.
 */
export async function runNotebook(
  notebook: Notebook,
  options: RunNotebookOptions,
): Promise<{ readonly notebook: Notebook; readonly failure: CellFailure | undefined }> {
  const collector = new OutputCollector();
  const ran = new Map<NotebookCell, { readonly count: number; readonly outputs: CellOutputs }>();
  let failure: CellFailure | undefined;
  for (const [index, cell] of notebook.cells.entries()) {
    if (!isRunnable(cell)) continue;
    const count = ran.size + 1;
    const outputs = collector.cell(count);
    ran.set(cell, { count, outputs });
    options.onCellStart?.(cell, index + 1);
    const startedAt = performance.now();
    const outcome = await runCell(cell, { ...options, count, outputs });
    options.onCellEnd?.(cell, { outcome, elapsedMs: performance.now() - startedAt });
    if (outcome.status === 'ok') continue;
    outputs.fail(outcome);
    if (tagsOf(cell).has('raises-exception')) continue;
    failure = { cell, number: index + 1, error: outcome };
    break;
  }
  const cells = notebook.cells.map((cell) => {
    const run = ran.get(cell);
    return run === undefined ? cell : { ...cell, execution_count: run.count, outputs: run.outputs.outputs() };
  });
  return { notebook: { ...notebook, metadata: completed(notebook.metadata), cells }, failure };
}

/** How many cells a run will run, if none fails. */
export function countRunnable(notebook: Notebook): number {
  return notebook.cells.filter(isRunnable).length;
}

async function runCell(
  cell: NotebookCell,
  options: RunNotebookOptions & { readonly count: number; readonly outputs: CellOutputs },
): Promise<Outcome> {
  const { session, timeoutMs, count, outputs, onOutput } = options;
  const late = { is: false };
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          late.is = true;
          session.interrupt();
        }, timeoutMs);
  const outcome = await session.execute(cell.source, {
    executionCount: count,
    onOutput: (output) => {
      outputs.add(output);
      onOutput?.(output);
    },
  });
  clearTimeout(timer);
  if (!late.is || timeoutMs === undefined || outcome.status === 'ok') return outcome;
  const evalue = `The cell took longer than ${timeoutMs / 1000} s`;
  return { status: 'error', ename: 'CellTimeout', evalue, traceback: [`CellTimeout: ${evalue}`] };
}

function isRunnable(cell: NotebookCell): boolean {
  return cell.cell_type === 'code' && cell.source.trim() !== '' && !tagsOf(cell).has('skip-execution');
}

function tagsOf(cell: NotebookCell): ReadonlySet<unknown> {
  const { tags } = cell.metadata;
  return new Set(Array.isArray(tags) ? tags : []);
}

/** Names the kernel where the notebook does not, and the language as the kernel names it. */
function completed(metadata: Notebook['metadata']): Notebook['metadata'] {
  const kernelspec = { display_name: 'TypeScript (Millrace)', language: 'typescript', name: 'millrace' };
  return { kernelspec, ...metadata, language_info: TYPESCRIPT };
}
