import { afterAll, beforeAll, expect, test } from 'vitest';
import { SessionNotebook } from '../support/session-notebook.ts';
import { until } from '../support/until.ts';

let notebook: SessionNotebook;

beforeAll(async () => {
  notebook = new SessionNotebook();
  await notebook.run(
    'let kept = 42; const sleep = (ms: number) => new Promise<void>((r) => setTimeout(r, ms));',
  );
});
afterAll(() => notebook.close());

const TIMES = 5;

test.each([
  { name: 'a loop', code: 'console.log(1); while (true) {}' },
  { name: 'a loop after an await', code: 'await sleep(1); console.log(1); while (true) {}' },
  { name: 'a loop of awaits', code: 'console.log(1); while (true) await sleep(10);' },
  { name: 'a promise that never settles', code: 'console.log(1); await new Promise(() => {});' },
  {
    name: 'a loop in a timer',
    code: 'setTimeout(() => { console.log(1); while (true) {} }, 1); await sleep(1e6);',
  },
  {
    name: 'a loop that catches all',
    code: 'console.log(1); while (true) { try { while (true) {} } catch {} finally { kept = 42; } }',
  },
  {
    name: 'awaits that catch all',
    code: 'console.log(1); while (true) { try { await sleep(10); } catch { console.log("caught"); } }',
  },
  { name: 'a regular expression that blows up', code: 'console.log(1); /(a+)+$/.test("a".repeat(50) + "!")' },
  {
    name: 'for await over an endless generator',
    code: 'console.log(1); for await (const _ of (async function* () { while (true) yield 1; })()) {}',
  },
  {
    name: 'a loop in an async function of microtasks',
    code: 'console.log(1); await (async () => { while (true) await null; })();',
  },
  { name: 'a flood of output', code: 'while (true) console.log("flood");' },
  {
    name: 'Atomics.wait',
    code: 'console.log(1); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
  },
])('interrupt() ends $name, and the state is kept', async ({ code }) => {
  for (let time = 0; time < TIMES; time++) {
    const { outcome } = await notebook.run(code, 30);
    expect(outcome).toMatchObject({ status: 'error', ename: 'Interrupted' });
    const { result } = await notebook.run('kept');
    expect(result).toBe('42');
  }
  // A timer works after all that.
  const { text } = await notebook.run('await sleep(5); console.log("timer")');
  expect(text).toContain('timer');
  expect(notebook.deaths).toEqual([]);
});

test('interrupt() does nothing to the next cell when nothing runs', async () => {
  for (let time = 0; time < 10; time++) {
    notebook.session.interrupt();
    const { result } = await notebook.run('1 + 1');
    expect(result).toBe('2');
  }
});

test('interrupt() twice at once ends one cell, and not the next', async () => {
  for (let time = 0; time < TIMES; time++) {
    const cell = notebook.session.execute('console.log(1); while (true) {}', {
      executionCount: 1000 + time,
      onOutput: () => {
        notebook.session.interrupt();
        notebook.session.interrupt();
        setTimeout(() => notebook.session.interrupt(), 1);
      },
    });
    expect(await cell).toMatchObject({ ename: 'Interrupted' });
    expect((await notebook.run('"next"')).result).toBe("'next'");
  }
});

test('interrupt() ends a cell that is being checked, which then never runs', async () => {
  const outcome = notebook.session.execute('kept = 0;', { executionCount: 2000, onOutput: () => undefined });
  await Promise.resolve();
  notebook.session.interrupt();
  expect(await outcome).toMatchObject({ ename: 'Interrupted' });
  expect((await notebook.run('kept')).result).toBe('42');
});

test('interrupt() runs the finally blocks of what the cell awaits, and aborts its signal', async () => {
  const { text } = await notebook.run(
    [
      'console.log("start");',
      'const host = (globalThis as any)[Symbol.for("millrace.notebook")];',
      'host.signal.addEventListener("abort", () => console.log("aborted"));',
      'try { await new Promise(() => {}) } finally { console.log("cleanup") }',
    ].join('\n'),
    20,
  );
  expect(text).toContain('aborted');
  expect(text).toContain('cleanup');
});

test('interrupt() keeps the names that were assigned before it, and only those', async () => {
  await notebook.run('const before = 1; console.log(1); while (true) {} const after = 2;', 20);
  expect((await notebook.run('before')).result).toBe('1');
  expect((await notebook.run('after')).outcome).toMatchObject({ ename: 'TypeScriptError' });
});

test('interrupt() ends what an earlier cell left in an endless loop', async () => {
  const { text } = await notebook.run('setTimeout(() => { console.log("loops"); while (true) {} }, 1)');
  const loops = () => (text + notebook.backgroundText).includes('loops');
  await until(() => Promise.resolve(loops()), { what: 'the loop began' });
  notebook.session.interrupt();
  expect((await notebook.run('kept')).result).toBe('42');
});
