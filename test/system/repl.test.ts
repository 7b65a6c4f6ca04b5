import path from 'node:path';
import { expect, test } from 'vitest';
import { MILLRACE, ROOT } from '../support/repository.ts';
import { runProgram } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('millrace repl runs what a pipe gives it', async () => {
  const input =
    'const xs: number[] = [1, 2]\nfunction f() {\n  return xs.length\n}\nf() +\n  1\nxs\n  .map(String)\n';
  const { code, stdout, stderr } = await runProgram(process.execPath, [MILLRACE, 'repl'], { input });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "3\n[ '1', '2' ]\n", stderr: '' });
});

test('millrace repl shows a type error with a caret, and ends with 1', async () => {
  const { code, stderr } = await runProgram(process.execPath, [MILLRACE, 'repl'], {
    input: 'const s: string = 4',
  });
  expect(stderr).toContain("Type 'number' is not assignable to type 'string'");
  expect(stderr).toMatch(/\n +~/);
  expect(code).toBe(1);
});

test('millrace repl in a terminal: completion, several lines, Ctrl-C with state kept, history, Ctrl-D', async () => {
  const folder = await temporaryFolder();
  const script = path.join(ROOT, 'test/support/repl_terminal.py');
  const { code, stdout, stderr } = await runProgram('python3', [script, process.execPath, MILLRACE], {
    cwd: folder,
    env: { MILLRACE_HISTORY: path.join(folder, 'history.jsonl'), TERM: 'xterm' },
  });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'ok\n', stderr: '' });
});
