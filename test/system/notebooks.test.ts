import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { lessonFolder, lessons } from '../support/lesson-folder.ts';
import { errorsOf, printedBy, runCells, shownBy } from '../support/notebook-outputs.ts';
import { runPython } from '../support/python.ts';
import { PYTHON, ROOT } from '../support/repository.ts';
import { runProgram } from '../support/run-program.ts';
import { CHAPTERS, countWords } from '../support/word-count.ts';

/** Runs a copy of a lesson with nbclient. */
async function runLesson(name: string) {
  const { notebooks, env } = await lessonFolder();
  return runCells(await runPython('run_notebook.py', [path.join(notebooks, name)], { env }));
}

test.for(await lessons())('%s runs in nbclient without an error', async (name) => {
  const cells = await runLesson(name);
  expect(cells.length).toBeGreaterThan(0);
  expect(errorsOf(cells)).toEqual([]);
});

test.for(await lessons())('%s is saved without outputs, for the kernel millrace', async (name) => {
  const notebook: unknown = JSON.parse(await readFile(path.join(ROOT, 'notebooks', name), 'utf8'));
  expect(notebook).toMatchObject({ nbformat: 4, metadata: { kernelspec: { name: 'millrace' } } });
  const { cells } = notebook as {
    readonly cells: readonly { cell_type: string; outputs?: unknown[]; execution_count?: number | null }[];
  };
  const code = cells.filter(({ cell_type }) => cell_type === 'code');
  expect(code.map(({ outputs, execution_count }) => [outputs, execution_count])).toEqual(
    code.map(() => [[], null]),
  );
});

test('01-word-count.ipynb counts what an independent count finds', async () => {
  const [cells, expected] = await Promise.all([runLesson('01-word-count.ipynb'), countWords(CHAPTERS)]);
  expect(errorsOf(cells)).toEqual([]);
  expect(printedBy(cells, 'total')).toContain(`${expected.total} words, ${expected.distinct} different ones`);
  const shown = shownBy(cells, 'top').replace(/(?<=\d)[,\u2009\u202f ](?=\d{3})/g, '');
  const rows = [...shown.matchAll(/([a-z']+)['"]?\s*[│|]?\s+(\d+)/g)].map(([, word, count]) => [
    word,
    Number(count),
  ]);
  expect(rows).toEqual(expect.arrayContaining(expected.top.slice(0, 10)));
});

test('papermill runs 01-word-count.ipynb, and writes a notebook with its outputs', async () => {
  const { notebooks, env } = await lessonFolder();
  const output = path.join(notebooks, 'papermill.ipynb');
  const args = ['-m', 'papermill', '--no-progress-bar', '01-word-count.ipynb', output];
  const { code, stderr } = await runProgram(PYTHON, args, { cwd: notebooks, env });
  expect(code, stderr).toBe(0);
  const { cells } = JSON.parse(await readFile(output, 'utf8')) as {
    readonly cells: readonly { readonly id: string; readonly outputs?: readonly unknown[] }[];
  };
  expect(cells.find(({ id }) => id === 'counts')?.outputs).not.toEqual([]);
});
