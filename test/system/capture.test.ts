import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SessionNotebook, tracebackOf } from '../support/session-notebook.ts';

const capturePath = fileURLToPath(new URL('../../runtime/dist/capture/capture-module.js', import.meta.url));
const runtimeUrl = new URL('../../runtime/dist/index.js', import.meta.url).href;

let notebook: SessionNotebook;
beforeAll(async () => {
  notebook = new SessionNotebook();
  const cell = await notebook.run(`
    import * as beam from 'millrace';
    const { captureModule } = require(${JSON.stringify(capturePath)});
    const { writeFileSync } = process.getBuiltinModule('node:fs');
    async function ship(shipped: unknown) {
      const host = (globalThis as any)[Symbol.for('millrace.notebook')];
      const { code, sourceMap } = await captureModule({
        exports: new Map([['shipped', shipped]]),
        modules: { millrace: beam },
        directory: process.cwd(),
        sourceOf: (url: string) => host.sourceOf(url),
      });
      writeFileSync('shipped.mjs', code + '\\n//# sourceMappingURL=shipped.mjs.map\\n');
      writeFileSync('shipped.mjs.map', sourceMap);
    }`);
  expect(tracebackOf(cell)).toBe('');
});
afterAll(() => notebook.close());

async function run(code: string): Promise<void> {
  expect(tracebackOf(await notebook.run(code))).toBe('');
}

/** Ships what a cell's expression gives; runs a function body in a process of its own, which has it as `shipped`. */
async function shipped(expression: string, probe: string): Promise<unknown> {
  await run(`await ship(${expression});`);
  const main = join(notebook.directory, 'main.mjs');
  const module = pathToFileURL(join(notebook.directory, 'shipped.mjs')).href;
  writeFileSync(
    main,
    `globalThis[Symbol.for('millrace.modules')] = { millrace: await import(${JSON.stringify(runtimeUrl)}) };
    const { shipped } = await import(${JSON.stringify(module)});
    const answer = await (async () => { ${probe} })();
    console.log(JSON.stringify(answer));`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, ['--enable-source-maps', main]);
  return JSON.parse(stdout);
}

test('captureModule() ships a function of a notebook, with the names of its cells', async () => {
  await run(
    `const stop = new Set(['the']);\nfunction clean(word: string): string {\n  return word.toLowerCase();\n}`,
  );
  await run('let seen = 0;');
  const expression = '(word: string) => { seen++; return stop.has(clean(word)) ? [] : [word, seen]; }';
  expect(await shipped(expression, `return [shipped('The'), shipped('Whale')];`)).toEqual([[], ['Whale', 2]]);
});

test('captureModule() ships classes with private fields, and transforms of Millrace', async () => {
  await run(`class Stem {\n  readonly #suffix: string;\n  constructor({ suffix }: { suffix: string }) { this.#suffix = suffix; }
    *process(word: string) { yield word.replace(this.#suffix, ''); }\n}`);
  const pipeline = `beam.pipeline().apply(beam.create([1])).apply(beam.combineGlobally(beam.top(2))).pipeline.transforms
    .flatMap(({ spec }) => (spec?.kind === 'combinePerKey' ? [spec.fn] : []))[0]`;
  const probe = `const { stem, top } = shipped;
    const all = [[3], [1], [2]].reduce((sum, n) => top.addInput(sum, n), top.createAccumulator());
    return [[...stem.process('whaling')], top.extractOutput(all)];`;
  expect(await shipped(`{ stem: new Stem({ suffix: 'ing' }), top: ${pipeline} }`, probe)).toEqual([
    ['whal'],
    [3, 2],
  ]);
});

test('captureModule() ships what local modules, packages and Node give, also by import() in a function', async () => {
  const write = (path: string, text: string) => {
    mkdirSync(join(notebook.directory, path, '..'), { recursive: true });
    writeFileSync(join(notebook.directory, path), text);
  };
  write(
    'lib/words.ts',
    `import { half } from './half.ts';\nexport const words = (n: number): number[] => [half(n)];`,
  );
  write('lib/half.ts', `export function half(n: number): number {\n  return n / 2;\n}`);
  write(
    'node_modules/pkg/package.json',
    '{ "name": "pkg", "version": "1.0.0", "type": "module", "exports": "./i.js" }',
  );
  write('node_modules/pkg/i.js', 'export const plus = (a, b) => a + b; export default (x) => [x];');
  await run(
    `import { words } from './lib/words.ts';\nimport * as pkg from 'pkg';\nimport wrap from 'pkg';\nimport path from 'node:path';`,
  );
  const expression = `async (n: number) => {
    const lazy = await import('./lib/half.ts');
    return [words(n), pkg.plus(n, 1), wrap(n), path.join('a', 'b'), lazy.half(n)];
  }`;
  expect(await shipped(expression, 'return shipped(4);')).toEqual([[2], 5, [4], 'a/b', 2]);
});

test('captureModule() leads an error of a worker back to the cell or file', async () => {
  await run(`import { half } from './lib/half.ts';
const fail = (n: number): number => {
  if (n > 1) {
    throw new RangeError('too many');
  }
  return half(n);
};`);
  const probe = `try { shipped(2); } catch (error) { return error.stack; }`;
  expect(await shipped('fail', probe)).toMatch(/at fail \(.*cell \d+:4:11\)/);
});

test('captureModule() refuses what a notebook has alone, and says where it was', async () => {
  await run(
    `import { createServer } from 'node:net';\nconst db = { server: createServer() };\nfunction enrich(x: number) {\n  return db;\n}`,
  );
  const cell = await notebook.run('await ship((x: number) => enrich(x));');
  expect(tracebackOf(cell)).toMatch(
    /"db"\.server \(captured by "enrich", cell \d+, line 3\), which is a live\s+connection/,
  );
  expect(tracebackOf(cell)).toContain('hint: Open it in setup() of a DoFn');
  const shown = await notebook.run('await ship((x: number) => display(x));');
  expect(tracebackOf(shown)).toMatch(/"display" .*which\s+belongs\s+to\s+the\s+notebook/s);
});
