import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { startJupyterServer } from '../support/jupyter-server.ts';
import { LabPage } from '../support/lab-page.ts';
import { lessonFolder } from '../support/lesson-folder.ts';
import { writeNotebook } from '../support/notebook-file.ts';
import { PYTHON } from '../support/repository.ts';
import { runProgram } from '../support/run-program.ts';
import { testNeeding } from '../support/tools.ts';

const testInBrowser = testNeeding('chromium');

const CELLS = [
  [
    "import * as beam from 'millrace';",
    "import * as ib from 'millrace/interactive';",
    "const p = beam.pipeline('views');",
    'const ships = Array.from({ length: 25 }, (_, i) => ({ ship: `<b>ship</b> ${i}`, crew: (i * 7) % 25 }));',
    'const fleet = p.apply(beam.create(ships)).map((ship) => ship);',
  ].join('\n'),
  'fleet',
  'await ib.show(fleet, { visualize: true })',
  'await ib.showGraph(fleet)',
];

/** What Vega draws, however it draws. */
const DRAWN = '.vega-embed :is(canvas, svg).marks';

/** The texts of a column's cells, as they stand in the page. */
async function column(view: Locator, number: number): Promise<readonly string[]> {
  return await view.locator(`table.mr-rows tbody td:nth-child(${number})`).allInnerTexts();
}

testInBrowser('A table pages and sorts, by mouse and by keys, and a chart is interactive', async () => {
  const folder = await lessonFolder();
  await writeNotebook(path.join(folder.notebooks, 'views.ipynb'), CELLS);
  const lab = await LabPage.open(await startJupyterServer(folder), 'views.ipynb');
  await lab.runAll();
  const view = lab.cell(1).locator('.mr-view');

  // What is data stays text.
  expect((await column(view, 1))[0]).toBe('<b>ship</b> 0');
  expect(await column(view, 1)).toHaveLength(10);
  const status = view.getByRole('status');
  expect(await status.innerText()).toBe('1–10 of 25');
  await view.getByRole('button', { name: 'Last page' }).click();
  expect(await status.innerText()).toBe('21–25 of 25');
  expect(await view.getByRole('button', { name: 'Next page' }).isDisabled()).toBe(true);
  await view.getByLabel('Rows per page').selectOption('25 rows');
  expect(await column(view, 1)).toHaveLength(25);

  const crew = view.locator('table.mr-rows').getByRole('button', { name: /crew/ });
  await crew.click();
  expect((await column(view, 2)).slice(0, 3)).toEqual(['0', '1', '2']);
  // Enter sorts again, and does not go to the cell's editor.
  await lab.page.keyboard.press('Enter');
  expect((await column(view, 2)).slice(0, 3)).toEqual(['24', '23', '22']);
  const header = view.locator('table.mr-rows th').nth(1);
  expect(await header.getAttribute('aria-sort')).toBe('descending');
  await view.getByRole('tab', { name: 'Statistics' }).click();
  expect(await view.getByRole('tabpanel', { name: 'Statistics' }).isVisible()).toBe(true);

  await lab.cell(2).locator(DRAWN).waitFor();
  expect(lab.complaints).toEqual([]);
});

/** What must be there wherever no script runs: the first rows, the chart and the graph as pictures. */
async function expectStaticViews(page: Locator): Promise<void> {
  expect(await page.locator('table td').getByText('<b>ship</b> 3').first().isVisible()).toBe(true);
  for (const name of [/crew by ship/, /^Graph of/]) {
    const picture = page.getByAltText(name).first();
    await picture.waitFor();
    expect(await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(100);
  }
}

testInBrowser('An untrusted notebook shows table, chart and graph, and runs no script', async () => {
  const folder = await lessonFolder();
  const file = path.join(folder.notebooks, 'views.ipynb');
  await writeNotebook(file, CELLS);
  const server = await startJupyterServer(folder);
  const author = await LabPage.open(server, 'views.ipynb');
  await author.runAll();
  await author.save();

  // Changed outside, its signature is no longer right.
  const saved = await readFile(file, 'utf8');
  await writeFile(
    path.join(folder.notebooks, 'sent.ipynb'),
    saved.replace("pipeline('views')", "pipeline('sent')"),
  );
  const reader = await LabPage.open(server, 'sent.ipynb');
  await expectStaticViews(reader.cell(1));
  expect(await reader.page.locator('.mr-ready').count()).toBe(0);
  await reader
    .cell(3)
    .getByAltText(/^Graph of/)
    .waitFor();
  await reader.screenshot('views-untrusted');
  expect(reader.complaints).toEqual([]);
});

testInBrowser('nbconvert makes a page with table, chart and graph', async () => {
  const folder = await lessonFolder();
  await writeNotebook(path.join(folder.notebooks, 'views.ipynb'), CELLS);
  const args = ['-m', 'nbconvert', '--to', 'html', '--execute', 'views.ipynb'];
  const { code, stderr } = await runProgram(PYTHON, args, { cwd: folder.notebooks, env: folder.env });
  expect(code, stderr).toBe(0);
  const page = await LabPage.browse();
  // nbconvert's own page asks for scripts of others, which are not there offline: it need not be whole.
  await page.goto(pathToFileURL(path.join(folder.notebooks, 'views.html')).href, { waitUntil: 'commit' });
  await expectStaticViews(page.locator('body'));
});
