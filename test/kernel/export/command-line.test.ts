import path from 'node:path';
import { expect, test } from 'vitest';
import { helpText, readCommandLine } from '../../../kernel/src/export/template/src/command-line.ts';

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
