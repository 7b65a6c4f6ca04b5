import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Session, type SessionOutput } from '@millrace/kernel';

/** A notebook with its kernel: cells go in, text comes out. */
class Notebook {
  readonly #session: Session;
  #count = 0;

  constructor(directory: string) {
    this.#session = new Session({ directory });
  }

  /** Runs a cell and gives the text of all it showed. */
  async run(code: string): Promise<string> {
    const outputs: SessionOutput[] = [];
    const outcome = await this.#session.execute(code, {
      executionCount: ++this.#count,
      onOutput: (output) => outputs.push(output),
    });
    if (outcome.status === 'error') throw new TypeError(outcome.traceback.join('\n'));
    return outputs.map(textOf).join('\n');
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

function textOf(output: SessionOutput): string {
  switch (output.kind) {
    case 'stream':
      return output.text;
    case 'display':
    case 'result':
      return String(output.data['text/plain']);
    case 'clear':
      return '';
  }
}

let folder: string;
let notebook: Notebook;
const home = process.cwd();
const SETUP = `
import * as beam from 'millrace';
import * as ib from 'millrace/interactive';
const p = beam.pipeline('cache');
const stem = (word: string) => word.replace(/s$/, '');
`;
const COUNTS = `
const counts = p
  .apply(beam.io.readFromText('words.txt'))
  .map((word) => stem(word))
  .apply(beam.countPerElement());
counts`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-cells-'));
  process.env.MILLRACE_CACHE = join(folder, 'cache');
  await writeFile(join(folder, 'words.txt'), 'whale\nwhales\nsea\n');
  notebook = new Notebook(folder);
  await notebook.run(SETUP);
  expect(await notebook.run(COUNTS)).toMatch(/computed in .*: it was never computed before/);
});

afterEach(async () => {
  await notebook.close();
  process.chdir(home);
  delete process.env.MILLRACE_CACHE;
  await rm(folder, { recursive: true, force: true });
});

/** Key and value of each element, as the cell \`counts\` has it now. */
async function counts(): Promise<Record<string, number>> {
  const text = await notebook.run(
    `console.log(JSON.stringify(Object.fromEntries((await ib.collect(counts)).map(({ key, value }) => [key, value]))))`,
  );
  // It is what the line above printed.
  return JSON.parse(text) as Record<string, number>;
}

test('a cell that is run again hits', async () => {
  expect(await notebook.run(COUNTS)).toMatch(/from the cache/);
  expect(await counts()).toEqual({ whale: 2, sea: 1 });
});

test('a cell with another comment and other formatting hits', async () => {
  const edited = COUNTS.replace(
    '.map((word) => stem(word))',
    '// singular\n  .map(\n    (word) => stem(word), // now\n  )',
  );
  expect(edited).not.toBe(COUNTS);
  expect(await notebook.run(edited)).toMatch(/from the cache/);
  expect(await counts()).toEqual({ whale: 2, sea: 1 });
});

test('an edited helper that the lambda calls misses, and gives the right answer', async () => {
  await notebook.run(`const stem = (word: string) => word.toUpperCase();`);
  expect(await notebook.run(COUNTS)).toMatch(/computed in .*"Map": helper "stem" changed/);
  expect(await counts()).toEqual({ WHALE: 1, WHALES: 1, SEA: 1 });
});

test('an edited helper misses also where the cell of the pipeline is not run again', async () => {
  await notebook.run(`const stem = (word: string) => word.charAt(0);`);
  expect(await counts()).toEqual({ w: 2, s: 1 });
});

test('an edited input file misses, and gives the right answer', async () => {
  await writeFile(join(folder, 'words.txt'), 'whale\nships\nsea\n');
  expect(await notebook.run(COUNTS)).toMatch(/computed in .*source files changed/);
  expect(await counts()).toEqual({ whale: 1, ship: 1, sea: 1 });
});

test('a restarted kernel hits', async () => {
  await notebook.close();
  notebook = new Notebook(folder);
  await notebook.run(SETUP);
  expect(await notebook.run(COUNTS)).toMatch(/from the cache/);
  expect(await counts()).toEqual({ whale: 2, sea: 1 });
});
