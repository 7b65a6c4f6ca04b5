import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { HistoryStore } from '../../../kernel/src/kernel/history-store.ts';
import { completeLine } from '../../../kernel/src/repl/complete-line.ts';
import { continuesStatement } from '../../../kernel/src/repl/continues-statement.ts';
import { Repl } from '../../../kernel/src/repl/repl.ts';
import { failed, fakeSession, result, type FakeCell } from '../kernel/fake-session.ts';

/** Feeds `input` to a REPL that is no terminal. */
async function pipe(input: string, cells: Readonly<Record<string, FakeCell>> = {}) {
  const streams = { input: new PassThrough(), output: new PassThrough(), error: new PassThrough() };
  const history = new HistoryStore({ path: undefined });
  const repl = new Repl({ session: fakeSession(cells), history, ...streams, isTerminal: false });
  streams.input.end(input);
  const { hasFailed } = await repl.run();
  const ran = history.query({ hist_access_type: 'tail', output: false, n: 100 }).map(([, , cell]) => cell);
  const text = (stream: PassThrough): string => String((stream.read() as Buffer | null) ?? '');
  return { hasFailed, ran, out: text(streams.output), error: text(streams.error) };
}

test('Repl runs piped lines cell by cell and prints results, without prompts or colours', async () => {
  const { out, ran, hasFailed } = await pipe('a\n\nb', {
    a: result('\u001b[33m1\u001b[39m'),
    b: result('2'),
  });
  expect(ran).toEqual(['a', 'b']);
  expect(out).toBe('1\n2\n');
  expect(hasFailed).toBe(false);
});

test('Repl gathers lines until the cell is complete, and runs the rest at the end of input', async () => {
  // The fake says that a cell is incomplete while it ends in "{".
  expect((await pipe('f {\n  g {\n}\nx {')).ran).toEqual(['f {\n  g {\n}', 'x {']);
});

test('Repl keeps a pasted chain of calls together', async () => {
  expect((await pipe('xs\n  .map(f)\n  ?.at(0)\nnext')).ran).toEqual(['xs\n  .map(f)\n  ?.at(0)', 'next']);
});

test('Repl prints an error to stderr, goes on, and tells at the end', async () => {
  const { error, out, hasFailed } = await pipe('bad\na', { bad: () => failed(), a: result('1') });
  expect({ error, out, hasFailed }).toEqual({ error: 'Error: boom\n', out: '1\n', hasFailed: true });
});

test('Repl obeys .help and .exit, and refuses other commands by name', async () => {
  const { out, error, ran } = await pipe('.help\n.nope\n.exit\na');
  expect(out).toContain('Ctrl-C');
  expect(error).toContain('Cannot do .nope');
  expect(ran).toEqual([]);
});

test.each([
  ['  .map(f)', true],
  ['?.x', true],
  ['else {', true],
  ['}', true],
  ['const a = 1', false],
  ['// comment', false],
  ['', false],
  ['++i', false],
  ['...rest', false],
])('continuesStatement(%j) is %j', (line, want) => {
  expect(continuesStatement(line)).toBe(want);
});

test('completeLine() completes the last line of a cell of several', async () => {
  const line = 'xs.ma';
  expect(await completeLine({ session: fakeSession(), before: 'f(\n', line, cursor: 5 })).toEqual([
    ['map'],
    'ma',
  ]);
});

test('completeLine() gives nothing where the place is on another line', async () => {
  const session = { complete: () => Promise.resolve({ matches: ['x'], start: 0, end: 1, types: [] }) };
  expect(await completeLine({ session, before: 'f(\n', line: '', cursor: 0 })).toEqual([[], '']);
});
