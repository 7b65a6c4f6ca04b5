import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Locator, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { JupyterServer } from './jupyter-server.ts';
import { SCREENSHOTS } from './repository.ts';
import { findTool } from './tools.ts';

const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A JupyterLab page in Chromium, as a user sees it. */
export class LabPage {
  readonly page: Page;
  /** What the page's scripts complained of: uncaught errors, and requests to other hosts than the server. */
  readonly complaints: string[] = [];

  private constructor(page: Page, server: JupyterServer) {
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('request', (request) => {
      const url = request.url();
      if (/^(https?|wss?):/.test(url) && new URL(url).host !== new URL(server.url).host) {
        this.complaints.push(`asked for ${url}`);
      }
    });
  }

  /** Opens a notebook, in a window of its own size, and waits until its kernel is ready. The browser ends with the test. */
  static async open(server: JupyterServer, notebook: string): Promise<LabPage> {
    const executablePath = findTool('chromium');
    if (executablePath === undefined)
      throw new RangeError('Cannot open a page as Chromium must be installed');
    const browser = await chromium.launch({ executablePath, headless: true, args: BROWSER_ARGS });
    onTestFinished(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    const lab = new LabPage(page, server);
    await page.goto(`${server.url}/lab/tree/${encodeURIComponent(notebook)}?token=${server.token}&reset`);
    await page.locator('.jp-NotebookPanel:visible').waitFor({ timeout: 60_000 });
    await lab.waitUntilIdle(60_000);
    return lab;
  }

  /** The cell with this number, from 0 on, markdown cells included. JupyterLab draws only those near the window. */
  cell(index: number): Locator {
    return this.page.locator(`.jp-NotebookPanel:visible .jp-Cell[data-windowed-list-index="${index}"]`);
  }

  /** Runs all cells, and waits until the last one is done. */
  async runAll(timeoutMs = 120_000): Promise<void> {
    await this.command('notebook:run-all-cells');
    await this.waitUntilIdle(timeoutMs);
  }

  /** Waits until no cell is running or waiting, and the kernel says that it is idle. */
  async waitUntilIdle(timeoutMs: number): Promise<void> {
    await this.page.waitForFunction(
      () => {
        const prompts = [
          ...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-InputPrompt'),
        ];
        const status = document.querySelector(
          '.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-ExecutionIndicator',
        );
        return (
          status?.getAttribute('data-status') === 'idle' &&
          prompts.every((p) => !p.textContent.includes('[*]'))
        );
      },
      undefined,
      { timeout: timeoutMs, polling: 100 },
    );
  }

  /**
   * Takes a picture of the whole notebook, however long, into the folder of screenshots.
   *
   * @returns The file.
   */
  async screenshot(name: string): Promise<string> {
    const file = path.join(SCREENSHOTS, `${name}.png`);
    await mkdir(SCREENSHOTS, { recursive: true });
    await this.page.setViewportSize({ width: 1400, height: await this.#notebookHeight() });
    await this.page.screenshot({ path: file, animations: 'disabled' });
    return file;
  }

  /** Runs one of JupyterLab's commands through its command palette. */
  async command(id: string): Promise<void> {
    await this.page.locator('.jp-NotebookPanel:visible .jp-Notebook').click({ position: { x: 2, y: 2 } });
    await this.page.keyboard.press('ControlOrMeta+Shift+C');
    await this.page.locator(`.jp-ModalCommandPalette [data-command="${id}"]`).first().click();
  }

  /** JupyterLab draws the cells near the window only: the window grows until all of them are in it. */
  async #notebookHeight(): Promise<number> {
    let height = 1_000;
    for (;;) {
      await this.page.setViewportSize({ width: 1400, height });
      const wanted = await this.page.evaluate(async () => {
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
        const outer = document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer');
        return outer === null ? 0 : outer.scrollHeight - outer.clientHeight;
      });
      if (wanted <= 0 || height > 15_000) return height;
      height += wanted;
    }
  }
}
