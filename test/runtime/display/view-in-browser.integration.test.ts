import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jobBundle } from '../../../runtime/src/display/job-bundle.ts';
import { pcollectionBundle } from '../../../runtime/src/display/pcollection-bundle.ts';
import { NO_FIRING } from '../../../runtime/src/model/pane-info.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
/** A missing browser skips these by name; in CI it fails. */
const inBrowser = test.skipIf(!existsSync(CHROMIUM) && process.env.CI !== 'true');

let browser: Browser | undefined;
beforeAll(async () => {
  if (!existsSync(CHROMIUM) && process.env.CI !== 'true') return;
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
}, 60_000);
afterAll(async () => {
  await browser?.close();
});

const ROWS = Array.from({ length: 25 }, (_, index) => ({
  key: index === 3 ? '<img src=x onerror="window.hacked=true">' : `word${index}`,
  value: index === 7 ? null : index === 8 ? NaN : (index * 7) % 25,
}));

/** Opens the view as JupyterLab does: as innerHTML of a node, whose scripts are then cloned so that they run. */
async function open(): Promise<Page> {
  if (browser === undefined) throw new TypeError('Cannot open a page as there is no browser');
  const { data } = await pcollectionBundle({
    table: { name: 'counts', rows: ROWS, total: 100, complete: true },
    graph: {
      title: 'p',
      nodes: [{ id: 'a', label: 'Create', fullName: 'Create', kind: 'create' }],
      edges: [],
    },
  });
  const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
  await page.setContent('<div id="out"></div>');
  await page.evaluate((html) => {
    const out = document.querySelector('#out');
    if (out === null) return;
    out.innerHTML = html;
    for (const script of out.querySelectorAll('script')) {
      const clone = document.createElement('script');
      for (const { name, value } of script.attributes) clone.setAttribute(name, value);
      clone.textContent = script.textContent;
      script.replaceWith(clone);
    }
  }, String(data['text/html']));
  return page;
}

inBrowser('a job in a browser cuts no column off, and has its counters below', async () => {
  if (browser === undefined) throw new TypeError('Cannot open a page as there is no browser');
  const name = 'CombineGlobally(Top 10)/CombinePerKey(Top 10)';
  const { data } = await jobBundle({
    ...{
      name: 'ships',
      id: 'job-001',
      runner: 'Prism',
      endpoint: 'localhost:1',
      state: 'DONE',
      tone: 'done',
    },
    ...{ states: [], elapsedMs: 1, graph: undefined, watermarkLagMs: undefined, messages: [], notes: [] },
    steps: [{ name, elements: 1e6, perSecond: 12_345, ms: 12_345, errors: 0 }],
    counters: [{ step: 'Filter', name: 'short words', value: 1 }],
    error: undefined,
  });
  const page = await browser.newPage({ viewport: { width: 950, height: 800 } });
  await page.setContent(String(data['text/html']));
  const hidden = await page
    .locator('.mr-scroll')
    .evaluateAll((boxes) => boxes.map((box) => box.scrollWidth - box.clientWidth));
  expect(hidden).toEqual([0, 0]);
});

inBrowser('a view in a browser cuts no window and no pane off, and puts the chart below', async () => {
  if (browser === undefined) throw new TypeError('Cannot open a page as there is no browser');
  const start = Date.parse('2026-03-28T18:00:00Z');
  const window = { kind: 'interval', start, end: start + 3_600_000 } as const;
  const rows = [1, 2, 3].map((value) => ({ key: 'otters', value }));
  const windowInfo = rows.map(() => ({ timestamp: window.end - 1, windows: [window], pane: NO_FIRING }));
  const table = { name: 'hourly', rows, total: 3, complete: true, windowInfo };
  const { data } = await pcollectionBundle({ table });
  const page = await browser.newPage({ viewport: { width: 900, height: 800 } });
  await page.setContent(String(data['text/html']));
  const hidden = await page
    .locator('.mr-scroll')
    .first()
    .evaluate((box) => box.scrollWidth - box.clientWidth);
  expect(hidden).toBe(0);
  const [tableBox, chartBox] = [
    await page.locator('.mr-main').boundingBox(),
    await page.locator('.mr-side').boundingBox(),
  ];
  expect(chartBox?.y).toBeGreaterThanOrEqual((tableBox?.y ?? Infinity) + (tableBox?.height ?? 0));
});

async function column(page: Page, index: number): Promise<string[]> {
  return page.locator(`table.mr-rows tbody tr td:nth-child(${index})`).allTextContents();
}

inBrowser('a view in a browser pages through its rows', async () => {
  const page = await open();
  expect(await column(page, 1)).toHaveLength(10);
  await page.getByRole('button', { name: 'Next page' }).click();
  await page.getByRole('button', { name: 'Next page' }).click();
  expect(await column(page, 1)).toEqual(['word20', 'word21', 'word22', 'word23', 'word24']);
  expect(await page.getByRole('button', { name: 'Next page' }).isDisabled()).toBe(true);
  expect(await page.getByRole('status').textContent()).toBe('21–25 of 25 shown');
  await page.getByRole('combobox').selectOption('50');
  expect(await column(page, 1)).toHaveLength(25);
  await page.close();
});

inBrowser('a view in a browser sorts by number, what has no value last, by keyboard too', async () => {
  const page = await open();
  await page.getByRole('combobox').selectOption('50');
  const sorter = page.getByRole('columnheader', { name: 'value' }).getByRole('button');
  await sorter.press('Enter');
  const rising = await column(page, 2);
  expect(rising.slice(0, 4)).toEqual(['0', '1', '2', '3']);
  expect(rising.slice(-2)).toEqual(['null', 'NaN']);
  expect(await page.getByRole('status').textContent()).toContain('sorted within these');
  await sorter.press('Enter');
  const falling = await column(page, 2);
  expect(falling.slice(0, 2)).toEqual(['23', '22']);
  expect(falling.slice(-2)).toEqual(['null', 'NaN']);
  await sorter.press('Enter');
  expect((await column(page, 1)).slice(0, 2)).toEqual(['word0', 'word1']);
  await page.close();
});

inBrowser('a view in a browser shows statistics in a tab, and chart and graph without a click', async () => {
  const page = await open();
  const statistics = page.getByRole('region', { name: 'Column statistics' });
  expect(await statistics.isVisible()).toBe(false);
  await page.getByRole('tab', { name: 'Table' }).press('ArrowRight');
  expect(await statistics.isVisible()).toBe(true);
  for (const name of [/^Bar chart, value by key/, /^Graph of p/]) {
    const picture = page.getByRole('img', { name });
    expect(await picture.isVisible()).toBe(true);
    expect(
      await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)),
    ).toBeGreaterThan(50);
  }
  await page.close();
});

inBrowser('a view in a browser never runs what is in the data', async () => {
  const page = await open();
  await page.getByRole('combobox').selectOption('50');
  expect((await column(page, 1))[3]).toBe('<img src=x onerror="window.hacked=true">');
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  await page.close();
});
