import { expect, test } from 'vitest';
import type { Notebook, NotebookCell } from '../../../kernel/src/notebook/nbformat.ts';
import { countRunnable, runNotebook } from '../../../kernel/src/notebook/run-notebook.ts';
import { failed, fakeSession, OK, result, type FakeCell } from '../kernel/fake-session.ts';

function code(source: string, tags: readonly string[] = []): NotebookCell {
  return { cell_type: 'code', id: source, source, metadata: { tags }, execution_count: null, outputs: [] };
}

function notebook(...cells: NotebookCell[]): Notebook {
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
}

async function run(cells: Readonly<Record<string, FakeCell>>, ...sources: NotebookCell[]) {
  const { notebook: done, failure } = await runNotebook(notebook(...sources), {
    session: fakeSession(cells),
  });
  const outputs = done.cells.map((cell) => cell.outputs ?? []);
  return { done, failure, outputs, counts: done.cells.map((cell) => cell.execution_count) };
}

const MARKDOWN: NotebookCell = { cell_type: 'markdown', id: 'm', source: '# x', metadata: {} };

test('runNotebook() runs code in order, counts from 1, and names the kernel', async () => {
  const { done, failure, outputs, counts } = await run(
    { a: result('1'), b: result('2') },
    code('a'),
    MARKDOWN,
    code('b'),
  );
  expect(failure).toBeUndefined();
  expect(counts).toEqual([1, undefined, 2]);
  expect(outputs[2]).toEqual([
    { output_type: 'execute_result', execution_count: 2, data: { 'text/plain': '2' }, metadata: {} },
  ]);
  expect(done.metadata).toMatchObject({
    kernelspec: { name: 'millrace' },
    language_info: { name: 'typescript' },
  });
});

test('runNotebook() stops at the cell that fails, and keeps its error', async () => {
  const { failure, outputs, counts } = await run(
    { bad: () => failed(), c: result('3') },
    code('a'),
    code('bad'),
    code('c'),
  );
  expect(failure).toMatchObject({ number: 2, cell: { source: 'bad' }, error: { ename: 'Error' } });
  expect(outputs[1]).toEqual([
    { output_type: 'error', ename: 'Error', evalue: 'boom', traceback: ['Error: boom'] },
  ]);
  expect(counts).toEqual([1, 2, null]);
});

test('runNotebook() obeys the tags of nbclient, and passes over cells without code', async () => {
  const cells = [
    code('bad', ['raises-exception']),
    code('skipped', ['skip-execution']),
    code(' \n'),
    code('a'),
  ];
  const { failure, counts } = await run({ bad: () => failed(), skipped: () => failed() }, ...cells);
  expect(failure).toBeUndefined();
  expect(counts).toEqual([1, null, null, 2]);
  expect(countRunnable(notebook(...cells))).toBe(2);
});

test('runNotebook() merges streams, updates displays of earlier cells, and clears outputs', async () => {
  const cells: Readonly<Record<string, FakeCell>> = {
    show: async (show) => {
      await show({ kind: 'stream', name: 'stdout', text: 'a' });
      await show({ kind: 'stream', name: 'stdout', text: 'b' });
      await show({ kind: 'stream', name: 'stderr', text: 'c' });
      await show({ kind: 'display', data: { n: 1 }, metadata: {}, displayId: 'd', update: false });
      return OK;
    },
    update: async (show) => {
      await show({ kind: 'display', data: { n: 2 }, metadata: {}, displayId: 'd', update: true });
      await show({ kind: 'stream', name: 'stdout', text: 'gone' });
      await show({ kind: 'clear', wait: true });
      await show({ kind: 'stream', name: 'stdout', text: 'kept' });
      return OK;
    },
    clear: async (show) => {
      await show({ kind: 'stream', name: 'stdout', text: 'gone' });
      await show({ kind: 'clear', wait: false });
      return OK;
    },
  };
  const { outputs } = await run(cells, code('show'), code('update'), code('clear'));
  expect(outputs).toEqual([
    [
      { output_type: 'stream', name: 'stdout', text: 'ab' },
      { output_type: 'stream', name: 'stderr', text: 'c' },
      { output_type: 'display_data', data: { n: 2 }, metadata: {} },
    ],
    [{ output_type: 'stream', name: 'stdout', text: 'kept' }],
    [],
  ]);
});

test('runNotebook() interrupts a cell that takes longer than the timeout', async () => {
  const { failure } = await runNotebook(notebook(code('wait')), { session: fakeSession(), timeoutMs: 5 });
  expect(failure?.error).toMatchObject({ ename: 'CellTimeout', evalue: 'The cell took longer than 0.005 s' });
});
