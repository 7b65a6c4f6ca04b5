import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { helpText, readCommandLine } from '../../../kernel/src/export/template/src/command-line.ts';
import { optionsModule } from '../../../kernel/src/export/write-options.ts';
import { ROOT } from '../../support/repository.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const DEFAULTS = {
  runner: 'embedded',
  endpoint: undefined,
  jobName: undefined,
  parallelism: undefined,
  environment: undefined,
  image: undefined,
  workerPool: undefined,
  rehearse: false,
  output: path.resolve('output'),
  options: { input: path.resolve('data/*.txt') },
};

test.each([
  { args: [], want: {} },
  { args: ['--runner=flink', '--endpoint', 'h:1'], want: { runner: 'flink', endpoint: 'h:1' } },
  { args: ['--parallelism=4', '--rehearse'], want: { parallelism: 4, rehearse: true } },
  { args: ['--rehearse=false', '--no-rehearse'], want: { rehearse: false } },
  { args: ['--environment=docker', '--image=i'], want: { environment: 'docker', image: 'i' } },
  { args: ['--input=a.txt'], want: { options: { input: path.resolve('a.txt') } } },
  { args: ['--input=gs://b/*.txt'], want: { options: { input: 'gs://b/*.txt' } } },
  { args: ['--output=/o'], want: { output: path.resolve('/o') } },
])('readCommandLine() reads $args', ({ args, want }) => {
  expect(readCommandLine(args)).toEqual({ ...DEFAULTS, ...want });
});

test.each([
  {
    args: ['--runner=spark'],
    want: /--runner as it must be embedded, prism, flink, portable: received "spark"/,
  },
  { args: ['--parallelism=many'], want: /--parallelism as it must be a number: received "many"/ },
  { args: ['--rehearse=maybe'], want: /--rehearse as it must be true or false: received "maybe"/ },
  { args: ['--runner=portable'], want: /--runner=portable as it needs --endpoint: received none/ },
  { args: ['--environment=docker'], want: /--environment=docker as it needs --image: received none/ },
  { args: ['--colour=red'], want: /Unknown option '--colour'/ },
  { args: ['extra'], want: /Unexpected argument 'extra'/ },
])('readCommandLine() refuses $args', ({ args, want }) => {
  expect(() => readCommandLine(args)).toThrow(want);
});

test('readCommandLine() knows that help is asked for, and helpText() names every flag with its default', () => {
  expect(readCommandLine(['--help'])).toBe('help');
  expect(helpText()).toContain('--runner=embedded|prism|flink|portable');
  expect(helpText()).toContain('  --input=string\n        Text files to read. ("data/*.txt")');
});

test('readCommandLine() compiles in a project whose pipeline has no settings', async () => {
  const folder = await temporaryFolder();
  const source = path.join(ROOT, 'kernel/src/export/template/src/command-line.ts');
  const file = path.join(folder, 'command-line.ts');
  await copyFile(source, file);
  await writeFile(path.join(folder, 'options.ts'), optionsModule([]));
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    allowImportingTsExtensions: true,
    types: ['node'],
    typeRoots: [path.join(ROOT, 'node_modules/@types')],
    skipLibCheck: true,
  });
  const faults = ts.getPreEmitDiagnostics(program);
  expect(faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
});
