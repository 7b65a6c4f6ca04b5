import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { startJupyterServer } from '../support/jupyter-server.ts';
import { LabPage } from '../support/lab-page.ts';
import { lessonFolder } from '../support/lesson-folder.ts';
import { writeNotebook } from '../support/notebook-file.ts';
import { ownPrism } from '../support/own-prism.ts';
import { testNeeding } from '../support/tools.ts';
import { until } from '../support/until.ts';

const testInBrowser = testNeeding('chromium');

/** @param released A file, for which the first job waits. */
const cells = (endpoint: string, released: string) => [
  [
    "import { existsSync } from 'node:fs';",
    "import * as beam from 'millrace';",
    "import * as ib from 'millrace/interactive';",
    "const p = beam.pipeline('ships');",
    `const target = { runner: 'prism', endpoint: '${endpoint}' } as const;`,
    'const crews = p.apply(beam.create(Array.from({ length: 64 }, (_, n) => n)))',
    '  .map(async (n) => {',
    `    while (!existsSync(${JSON.stringify(released)})) await new Promise((done) => setTimeout(done, 100));`,
    '    return { key: `ship ${n % 7}`, value: n };',
    '  })',
    '  .apply(beam.combinePerKey(beam.sum()));',
  ].join('\n'),
  'const job = await ib.promote(crews, target);\njob',
  'const { state } = await job.wait();\nstate',
  [
    'const bad = p.apply(beam.create([1, 2, 7]))',
    "  .map((n) => { if (n === 7) throw new RangeError('no sevens'); return n; });",
    'const failing = await ib.promote(bad, { ...target, jobName: `sevens` });',
    'failing',
  ].join('\n'),
  'await failing.wait();',
];

testInBrowser('A job shows itself live, in place, and keeps its last state', async () => {
  const { endpoint } = await ownPrism();
  const folder = await lessonFolder();
  const released = path.join(folder.notebooks, 'released');
  await writeNotebook(path.join(folder.notebooks, 'jobs.ipynb'), cells(endpoint, released));
  const lab = await LabPage.open(await startJupyterServer(folder), 'jobs.ipynb');
  const running = lab.runAll();
  const view = lab.cell(1).locator('.jp-OutputArea-output .millrace');
  const state = view.getByRole('status');
  const row = view.locator('tr').filter({ hasText: /^Create/ });
  // Not all: a map takes no more elements than it may have under way.
  const created = async () => Number(await row.locator('td').nth(1).innerText()) > 0;
  // JupyterLab, a kernel, a worker: on a busy machine it is a while until all of them have started.
  await until(created, { what: 'the job runs, and its counts are shown', timeoutMs: 120_000 });
  expect(await state.innerText()).toBe('RUNNING');
  await lab.screenshot('job-running');
  await writeFile(released, '');
  await running;
  expect(await state.innerText()).toBe('DONE');
  expect(await view.count()).toBe(1);
  const mapped = view.locator('tr').filter({ hasText: /^Map/ });
  expect(await mapped.locator('td').nth(1).innerText()).toBe('64');
  expect(await view.getByAltText(/^Graph of ships/).isVisible()).toBe(true);

  const failed = lab.cell(3).locator('.jp-OutputArea-output .millrace');
  const isFailed = async () => (await failed.getByRole('status').innerText()) === 'FAILED';
  await until(isFailed, { what: 'it failed', timeoutMs: 120_000 });
  expect(await failed.innerText()).toContain('element: 7');
  expect(await lab.cell(4).innerText()).toContain('no sevens');
  await lab.screenshot('job-ended');
  expect(lab.complaints).toEqual([]);
});
