import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { MILLRACE } from '../support/repository.ts';
import { runProgram, type ProgramOptions } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const millrace = (args: readonly string[], options: ProgramOptions = {}) =>
  runProgram(process.execPath, [MILLRACE, ...args], {
    ...options,
    env: { MILLRACE_HISTORY: 'off', ...options.env },
  });

/** Writes a notebook of code cells, and returns its path. */
async function notebook(folder: string, ...sources: string[]): Promise<string> {
  const file = path.join(folder, 'notebook.ipynb');
  const cells = sources.map((source, index) => ({
    cell_type: 'code',
    id: `c${index}`,
    metadata: {},
    source: [source],
    outputs: [],
    execution_count: null,
  }));
  await writeFile(file, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
  return file;
}

test('millrace run prints what the cells show and writes the notebook, in the notebook’s folder', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'data.txt'), 'from the folder');
  const file = await notebook(
    folder,
    "import { readFileSync } from 'node:fs';\nconsole.log(readFileSync('data.txt', 'utf8'))",
    'const n: number = 41; n + 1',
  );
  const out = path.join(folder, 'out.ipynb');
  const { code, stdout, stderr } = await millrace(['run', file, '--output', out]);
  expect(stdout).toBe('from the folder\n42\n');
  expect(stderr).toContain('[2/2] done');
  expect(code).toBe(0);
  expect(JSON.parse(await readFile(out, 'utf8'))).toMatchObject({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { language_info: { name: 'typescript' } },
    cells: [
      {
        execution_count: 1,
        outputs: [{ output_type: 'stream', name: 'stdout', text: ['from the folder\n'] }],
      },
      { execution_count: 2, outputs: [{ output_type: 'execute_result', data: { 'text/plain': ['42'] } }] },
    ],
  });
});

test('millrace run shows the cell that fails, ends with 1, and still writes the notebook', async () => {
  const folder = await temporaryFolder();
  const file = await notebook(folder, '1', "throw new RangeError('too far')", '3');
  const { code, stderr } = await millrace(['run', file, '--output', file]);
  expect(code).toBe(1);
  expect(stderr).toContain('Cell 2 failed:');
  expect(stderr).toContain("1 | throw new RangeError('too far')");
  expect(stderr).toContain('too far');
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
    cells: [
      { execution_count: 1 },
      { outputs: [{ output_type: 'error', ename: 'RangeError' }] },
      { outputs: [] },
    ],
  });
});

test('millrace run --timeout ends a cell that does not end', async () => {
  const file = await notebook(await temporaryFolder(), 'while (true) {}');
  const { code, stderr } = await millrace(['run', file, '--timeout', '0.5']);
  expect(stderr).toContain('The cell took longer than 0.5 s');
  expect(code).toBe(1);
});

test.each([
  { args: ['run', '/no/such.ipynb'], want: 'there is no such file' },
  { args: ['run'], want: "missing required argument 'notebook'" },
  { args: ['jobs'], want: 'Give --runner prism or --runner flink' },
  { args: ['brew'], want: "unknown command 'brew'" },
  { args: ['install', '--everywhere'], want: "unknown option '--everywhere'" },
  { args: ['install', '--user', '--prefix', 'x'], want: 'cannot be used with' },
  { args: [], want: 'Usage: millrace' },
])('millrace $args ends with 2 and says why', async ({ args, want }) => {
  const { code, stdout, stderr } = await millrace(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(want);
});

test('millrace --help names every command, and --version the version', async () => {
  const help = await millrace(['--help']);
  for (const command of ['run', 'repl', 'install', 'uninstall', 'kernel'])
    expect(help.stdout).toContain(command);
  expect(help.code).toBe(0);
  expect((await millrace(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('millrace install and uninstall manage the kernelspec of a prefix and of the user', async () => {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, 'home'));
  const env = { JUPYTER_DATA_DIR: path.join(folder, 'home') };
  for (const { args, directory } of [
    { args: ['--prefix', folder], directory: path.join(folder, 'share/jupyter/kernels/millrace') },
    { args: ['--user'], directory: path.join(folder, 'home/kernels/millrace') },
  ]) {
    expect(await millrace(['install', ...args], { env })).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(await readFile(path.join(directory, 'kernel.json'), 'utf8'))).toMatchObject({
      display_name: 'TypeScript (Millrace)',
    });
    expect((await millrace(['uninstall', ...args], { env })).stdout).toContain('Removed the kernel');
    expect((await millrace(['uninstall', ...args], { env })).stdout).toContain('Nothing to remove');
  }
});
