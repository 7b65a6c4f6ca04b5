import { build } from 'esbuild';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { CellLanguage } from '../../../kernel/src/cells/cell-language.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'millrace-language-'));
const thread = path.join(directory, 'language-thread.mjs');
let threads: Worker[] = [];
let language: CellLanguage;

beforeAll(async () => {
  // A thread runs no TypeScript: it is bundled as a build would leave it.
  await build({
    entryPoints: [fileURLToPath(new URL('../../../kernel/src/cells/language-thread.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: {
      '#typescript': fileURLToPath(new URL('../../../kernel/src/cells/typescript.ts', import.meta.url)),
    },
    // The bundle stands elsewhere, and yet finds TypeScript from here.
    define: { 'import.meta.url': JSON.stringify(import.meta.url) },
    outfile: thread,
    logLevel: 'error',
  });
});

function start(): CellLanguage {
  threads = [];
  language = new CellLanguage({
    directory,
    startThread: (workerData) => {
      const worker = new Worker(thread, { workerData });
      threads.push(worker);
      return worker;
    },
  });
  return language;
}

afterEach(() => language.close());

async function run(id: number, code: string): Promise<string> {
  const cell = await language.prepare({ id, code });
  if (cell.kind === 'ready') language.commit(id, cell.names);
  return cell.kind === 'ready' ? 'ready' : cell.text;
}

test('CellLanguage prepares, completes, inspects and judges cells in a thread', async () => {
  start();
  expect(await run(1, 'const whales = [1, 2]')).toBe('ready');
  expect((await language.complete('whales.ma', 9)).matches).toEqual(['map']);
  expect((await language.inspect('whales', 6, 0))?.plain).toBe('const whales: number[]');
  expect(await language.isComplete('f(')).toEqual({ status: 'incomplete', indent: '  ' });
  expect(await run(2, 'const n: string = whales')).toContain('cell 2:1:7 - error TS2322');
});

test('CellLanguage starts again after a crash, knows the same names, and answers what was asked', async () => {
  start();
  await run(1, 'const whales = [1, 2]; class K { #p = 1 } const k = new K()');
  await run(2, 'const first = whales[0]');
  const asked = language.prepare({
    id: 3,
    code: 'const n: number = first! + whales.length; const same: K = k',
  });
  await threads[0]?.terminate();
  expect((await asked).kind).toBe('ready');
  expect(threads).toHaveLength(2);
  expect(await run(4, 'const s: string = whales')).toContain('TS2322');
});

test('CellLanguage keeps a cell that was committed after its thread was lost', async () => {
  start();
  const cell = await language.prepare({ id: 1, code: 'const whales = 5' });
  await threads[0]?.terminate();
  language.commit(1, cell.kind === 'ready' ? cell.names : []);
  expect(await run(2, 'whales.toFixed()')).toBe('ready');
});

test('CellLanguage refuses what is asked when its thread dies twice', async () => {
  start();
  const asked = language.prepare({ id: 1, code: '1' });
  const outcome = expect(asked).rejects.toThrow('Cannot check the cell as the language thread must be alive');
  for (let i = 0; i < 2; i++) {
    while (threads[i] === undefined) await new Promise((resolve) => setImmediate(resolve));
    await threads[i]?.terminate();
  }
  await outcome;
});

test('CellLanguage.close() refuses what is asked, then and later', async () => {
  start();
  const outcome = expect(language.prepare({ id: 1, code: '1' })).rejects.toThrow('it was closed');
  await language.close();
  await outcome;
  await expect(language.isComplete('1')).rejects.toThrow('it was closed');
  expect(() => language.commit(1, [])).not.toThrow();
});
