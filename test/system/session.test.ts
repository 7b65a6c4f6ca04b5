import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SessionOutput } from '@millrace/kernel';
import { SessionNotebook, tracebackOf } from '../support/session-notebook.ts';
import { until } from '../support/until.ts';

let notebook: SessionNotebook;

beforeAll(() => {
  notebook = new SessionNotebook();
});
afterAll(() => notebook.close());

test.each([
  { code: '1+1', want: '2' },
  { code: '"a"', want: "'a'" },
  { code: 'undefined', want: undefined },
  { code: 'const noResult = 1', want: undefined },
  { code: '[1n, null]', want: '[ 1n, null ]' },
  { code: 'Promise.resolve(3)', want: '3' },
  { code: 'await Promise.resolve(4)', want: '4' },
  { code: 'process.cwd() === __dirname', want: 'true' },
  { code: 'require("node:path").basename("/a/b")', want: "'b'" },
])('execute() shows the result of $code', async ({ code, want }) => {
  const { outcome, result } = await notebook.run(code);
  expect(outcome).toEqual({ status: 'ok' });
  expect(result).toBe(want);
});

test('execute() keeps the order of streams, displays and the result', async () => {
  const { outputs } = await notebook.run(
    'console.log("a"); console.error("b"); display.html("<i>c</i>"); process.stdout.write("d"); "e"',
  );
  expect(outputs.map((output) => ('data' in output ? Object.values(output.data)[0] : output))).toEqual([
    { kind: 'stream', name: 'stdout', text: 'a\n' },
    { kind: 'stream', name: 'stderr', text: 'b\n' },
    '<i>c</i>',
    { kind: 'stream', name: 'stdout', text: 'd' },
    "'e'",
  ]);
});

test('execute() delivers 100,000 lines, and a line of 10 MB, whole and in few outputs', async () => {
  const lines = await notebook.run('for (let i = 0; i < 100_000; i++) console.log("line", i)');
  expect(lines.text).toBe(Array.from({ length: 100_000 }, (_, i) => `line ${i}\n`).join(''));
  expect(lines.outputs.length).toBeLessThan(500);
  const line = await notebook.run('console.log("é".repeat(10_000_000))');
  expect(line.text === `${'é'.repeat(10_000_000)}\n`).toBe(true);
});

test('execute() makes the cell wait while its outputs are not taken', async () => {
  let isFirst = true;
  let taken = 0;
  let release: () => void = () => undefined;
  const running = notebook.session.execute('for (let i = 0; i < 50_000; i++) console.log("x".repeat(99))', {
    executionCount: 500,
    onOutput: (output: SessionOutput) => {
      if (output.kind === 'stream') taken += output.text.length;
      if (!isFirst) return;
      isFirst = false;
      return new Promise<void>((resolve) => (release = resolve));
    },
  });
  await until(() => Promise.resolve(taken > 0), { what: 'the first output' });
  const ended = await Promise.race([running, new Promise((resolve) => setTimeout(resolve, 300, 'waiting'))]);
  expect(ended).toBe('waiting');
  expect(taken).toBeLessThan(1_000_000);
  release();
  expect(await running).toEqual({ status: 'ok' });
  expect(taken).toBe(5_000_000);
});

test('execute() shows an error with the lines of its cells', async () => {
  await notebook.run('interface A { b: { c: number } }\nfunction deep(a: A): number {\n  return a.b.c;\n}');
  const failed = await notebook.run(
    'async function go(): Promise<number> {\n  await null;\n  return deep({} as A);\n}\nawait go()',
  );
  const traceback = tracebackOf(failed);
  expect(failed.outcome).toMatchObject({ ename: 'TypeError' });
  expect(traceback).toMatch(
    / {4}at deep \(cell \d+:3:14\)\n {4}at go \(cell \d+:3:10\)\n {4}at async cell \d+:5:1\n/,
  );
  expect(traceback).toContain('> 3 |   return a.b.c;');
  expect(traceback).not.toMatch(/node:|kernel|\.js/);
});

test("execute() shows TypeScript's errors, and does not run the cell", async () => {
  const refused = await notebook.run('console.log("ran"); const bad: number = "x"');
  expect(refused.outcome).toMatchObject({ ename: 'TypeScriptError' });
  expect(tracebackOf(refused)).toMatch(/TS2322[\s\S]*~~~/);
  expect(refused.text).toBe('');
});

test('execute() keeps what was declared before the cell threw', async () => {
  await notebook.run('const early = 1; if (early) throw new Error("x"); const late = 2;');
  expect((await notebook.run('early')).result).toBe('1');
  expect((await notebook.run('late')).outcome).toMatchObject({ ename: 'TypeScriptError' });
});

test('execute() runs cells one at a time, in the order given', async () => {
  const [slow, quick] = await Promise.all([
    notebook.run(
      'let order = ["slow"]; await new Promise<void>((r) => setTimeout(r, 30)); order.push("end")',
    ),
    notebook.run('order.push("quick"); order.join()'),
  ]);
  expect(slow.outcome).toEqual({ status: 'ok' });
  expect(quick.result).toBe("'slow,end,quick'");
});

test('errors that no one caught are shown with their lines, and survived', async () => {
  const { text } = await notebook.run(
    'setTimeout(() => { throw new RangeError("late") }, 1); void Promise.reject(new TypeError("floating"));',
  );
  // They may come before or after the cell's end has been told.
  const shown = () => text + notebook.backgroundText;
  const areShown = () => /RangeError\S*: late/.test(shown()) && /TypeError\S*: floating/.test(shown());
  await until(() => Promise.resolve(areShown()), { what: 'both errors are shown' });
  expect(shown()).toMatch(/RangeError[\s\S]*cell \d+:1:26/);
  expect((await notebook.run('1')).result).toBe('1');
});

test('what a notebook cannot do is refused clearly, and survived', async () => {
  expect((await notebook.run('process.exit(3)')).outcome).toMatchObject({ ename: 'ProcessExit' });
  expect((await notebook.run('process.chdir("/")')).outcome).toMatchObject({ ename: 'TypeError' });
  const asked = await notebook.run(
    'import rl from "node:readline/promises"; await rl.createInterface({ input: process.stdin }).question("name?")',
  );
  expect(asked.outcome).toMatchObject({ ename: 'StdinError' });
  expect((await notebook.run('2')).result).toBe('2');
});

test('the globals are those that tslab notebooks and the runtime expect', async () => {
  const { outputs } = await notebook.run(
    [
      'import * as tslab from "tslab";',
      'tslab.display.html("<b>1</b>");',
      'const host = (globalThis as any)[Symbol.for("millrace.notebook")];',
      'host.display({ data: { "text/plain": "2" } }, { displayId: "d" });',
      'host.display({ data: { "text/plain": "3" } }, { displayId: "d", update: true });',
      'host.clearOutput({ wait: true });',
      'const named = {}; host.variableName(named)',
    ].join('\n'),
  );
  expect(outputs).toEqual([
    { kind: 'display', data: { 'text/html': '<b>1</b>' }, metadata: {}, update: false },
    { kind: 'display', data: { 'text/plain': '2' }, metadata: {}, update: false, displayId: 'd' },
    { kind: 'display', data: { 'text/plain': '3' }, metadata: {}, update: true, displayId: 'd' },
    { kind: 'clear', wait: true },
    { kind: 'result', data: { 'text/plain': "'named'" }, metadata: {} },
  ]);
});

test('a local file that was edited is seen when its import is run again, and one that was not keeps its state', async () => {
  const write = (name: string, text: string) => writeFile(join(notebook.directory, name), text);
  await write('deep.ts', 'export const deep = (): number => 1;');
  await write(
    'helper.ts',
    'import { deep } from "./deep.js";\nlet count = 0;\nexport const next = (): number => ++count * 10 + deep();',
  );
  await write('data.json', '{ "n": 5 }');
  await write('old.cjs', 'module.exports = { q: 7 };');
  const cell = (n: number) =>
    `import { next as next${n} } from "./helper"; import data${n} from "./data.json"; import { q as q${n} } from "./old.cjs"; [next${n}(), data${n}.n, q${n}].join()`;
  expect((await notebook.run(cell(1))).result).toBe("'11,5,7'");
  expect((await notebook.run(cell(2))).result).toBe("'21,5,7'");
  await write('deep.ts', 'export const deep = (): number => 2;');
  await write('data.json', '{ "n": 6 }');
  await write('old.cjs', 'module.exports = { q: 8 };');
  expect((await notebook.run(cell(3))).result).toBe("'12,6,8'");
});

test('an import that fails says where it looked, and can be tried again', async () => {
  const missing = await notebook.run('// @ts-ignore\nimport none from "no-such-package"');
  expect(missing.outcome).toMatchObject({ ename: 'ModuleNotFoundError' });
  expect(tracebackOf(missing)).toContain(`node_modules of ${notebook.directory}`);
  expect(tracebackOf(missing)).toContain('npm install no-such-package');
  await writeFile(join(notebook.directory, 'broken.ts'), '\nexport const x: number = ;');
  expect(tracebackOf(await notebook.run('// @ts-ignore\nimport "./broken.ts"'))).toContain('broken.ts:2:26');
  await writeFile(join(notebook.directory, 'throws.ts'), '\nthrow new Error("at top");\nexport {};');
  expect(tracebackOf(await notebook.run('import "./throws.ts"'))).toContain('throws.ts:2:7');
  await writeFile(join(notebook.directory, 'throws.ts'), 'export const fine = 1;');
  expect((await notebook.run('import { fine } from "./throws.ts"; fine')).result).toBe('1');
});

test('cells that run out of memory lose their state, and nothing else', async () => {
  const small = new SessionNotebook({ heapLimitMb: 100 });
  await small.run('const lost = 1');
  const { outcome, text } = await small.run(
    'console.log("before"); const all: unknown[] = []; while (true) all.push(new Array(1000).fill({}))',
  );
  expect(outcome).toMatchObject({ ename: 'StateLost' });
  expect(text).toBe('before\n');
  expect(small.deaths).toHaveLength(1);
  expect((await small.run('lost')).outcome).toMatchObject({ ename: 'TypeScriptError' });
  expect((await small.run('1 + 1')).result).toBe('2');
  await small.close();
});

test('a thread that cannot start is not started for ever', async () => {
  const tiny = new SessionNotebook({ heapLimitMb: 1 });
  const { outcome } = await tiny.run('1 + 1');
  expect(outcome).toMatchObject({ ename: 'StateLost' });
  expect(tiny.deaths.length).toBeLessThan(4);
  await tiny.close();
});
