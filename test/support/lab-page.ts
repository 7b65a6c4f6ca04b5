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

/** What JupyterLab gives to its page where the server has `expose_app_in_browser`; what we use of it. */
declare const jupyterapp: {
  readonly commands: { execute(id: string): Promise<void> };
  readonly shell: { readonly currentWidget: { readonly sessionContext: { readonly ready: Promise<void> } } };
};

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
    const page = await LabPage.browse();
    const lab = new LabPage(page, server);
    await page.goto(`${server.url}/lab/tree/${encodeURIComponent(notebook)}?token=${server.token}&reset`);
    await page.locator('.jp-NotebookPanel:visible').waitFor({ timeout: 60_000 });
    await page.evaluate(() => jupyterapp.shell.currentWidget.sessionContext.ready);
    return lab;
  }

  /** Opens an empty page. The browser ends with the test. */
  static async browse(): Promise<Page> {
    const executablePath = findTool('chromium');
    if (executablePath === undefined)
      throw new RangeError('Cannot open a page as Chromium must be installed');
    const browser = await chromium.launch({ executablePath, headless: true, args: BROWSER_ARGS });
    onTestFinished(() => browser.close());
    return await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  }

  /** The cell with this number, from 0 on, markdown cells included. */
  cell(index: number): Locator {
    return this.page.locator(`.jp-NotebookPanel:visible .jp-Notebook .jp-Cell`).nth(index);
  }

  /** Runs all cells, and waits until the last one is done. A cell that fails ends the run. */
  async runAll(): Promise<void> {
    await this.command('notebook:run-all-cells');
  }

  /** Writes the notebook with its outputs to its file. */
  async save(): Promise<void> {
    await this.command('docmanager:save');
  }

  /**
   * Takes a picture of the whole notebook, however long, into the folder of screenshots.
   *
   * @returns The file.
   */
  async screenshot(name: string): Promise<string> {
    const file = path.join(SCREENSHOTS, `${name}.png`);
    await mkdir(SCREENSHOTS, { recursive: true });
    await this.page.setViewportSize({ width: 1400, height: await this.#fullHeight() });
    await this.page.locator('.jp-NotebookPanel:visible .jp-WindowedPanel-outer').evaluate((notebook) => {
      notebook.scrollTop = 0;
    });
    await this.page.screenshot({ path: file, animations: 'disabled' });
    return file;
  }

  /** Runs one of JupyterLab's commands, and waits until it is done. */
  async command(id: string): Promise<void> {
    await this.page.evaluate((id) => jupyterapp.commands.execute(id), id);
  }

  /** Notebooks scroll inside the page: how high the window must be for nothing to scroll. */
  async #fullHeight(): Promise<number> {
    return await this.page.evaluate(() => {
      const scrolling = document.querySelector(
        '.jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer',
      );
      const hidden = scrolling === null ? 0 : scrolling.scrollHeight - scrolling.clientHeight;
      return window.innerHeight + hidden;
    });
  }
}
