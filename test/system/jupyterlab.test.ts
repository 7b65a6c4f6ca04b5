import { expect } from 'vitest';
import { startJupyterServer } from '../support/jupyter-server.ts';
import { LabPage } from '../support/lab-page.ts';
import { lessonFolder } from '../support/lesson-folder.ts';
import { testNeeding } from '../support/tools.ts';
import { CHAPTERS, countWords } from '../support/word-count.ts';

const testInBrowser = testNeeding('chromium');

testInBrowser('JupyterLab runs lesson 1 and shows table, chart and graph, offline', async () => {
  const server = await startJupyterServer(await lessonFolder());
  const lab = await LabPage.open(server, '01-word-count.ipynb');
  await lab.runAll();

  const { page } = lab;
  expect(
    await page.locator('.jp-RenderedText[data-mime-type="application/vnd.jupyter.stderr"]').allTextContents(),
  ).toEqual([]);
  const { total, top } = await countWords(CHAPTERS);
  await page.getByText(`${total} words`).first().waitFor();
  const [word, count] = top[0] ?? ['', 0];
  const view = page
    .locator('.jp-OutputArea-output')
    .filter({ hasText: word })
    .filter({ has: page.locator('table') });
  expect(await view.first().innerText()).toMatch(
    new RegExp(`${word}[^0-9]*${count.toLocaleString('en').replace(',', '[, \\u2009\\u202f]?')}`),
  );
  for (const picture of [/chart/i, /graph/i]) {
    const image = page.locator('.jp-OutputArea-output img[alt]').and(page.getByAltText(picture)).first();
    await image.waitFor();
    expect(await image.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBeGreaterThan(100);
  }
  await lab.screenshot('01-word-count');
  expect(lab.complaints).toEqual([]);
});
