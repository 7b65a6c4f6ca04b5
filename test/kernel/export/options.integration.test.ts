import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ProjectData } from '../../../kernel/src/export/project-data.ts';
import { flagOf, literal, optionsModule } from '../../../kernel/src/export/write-options.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { bodyOf, IMPORTS, moduleOf, planOf, type TestCell } from './plan.ts';

const P = "const p = beam.pipeline('t');\nconst numbers = p.apply(beam.create([1, 2, 3]));";
const parameters = (code: string): TestCell => ({ code, tags: ['parameters'] });

test('planExport() makes options of the parameters that are used', () => {
  const cells = [
    IMPORTS,
    parameters(`// The largest number
// that is kept.
const limit = 2;
const mode: 'fast' | 'slow' = 'fast'; /* How to go */
const names = ['a', 'b'], isLoud = false;
const offset = -1.5;
const runner = 'prism';
const most: number | undefined = undefined;`),
    P,
    'const kept = numbers.filter((n) => n < limit + offset && !isLoud && n < (most ?? 9)).map((n) => ({ mode, name: names[n] }));',
  ];
  const plain = { isList: false, description: '' };
  expect(planOf(cells).options.options).toEqual([
    { ...plain, name: 'limit', type: 'number', value: 2, description: 'The largest number that is kept.' },
    {
      ...plain,
      name: 'mode',
      type: 'string',
      value: 'fast',
      description: 'How to go',
      choices: ['fast', 'slow'],
    },
    { ...plain, name: 'names', type: 'string', isList: true, value: ['a', 'b'] },
    { ...plain, name: 'isLoud', type: 'boolean', value: false },
    { ...plain, name: 'offset', type: 'number', value: -1.5 },
    { ...plain, name: 'most', type: 'number', value: undefined },
  ]);
  expect(bodyOf(cells)).toContain('const { limit, mode, names, isLoud, offset, most } = options;\n\nconst p');
});

test('planExport() takes the choices of a parameter from its type', () => {
  const cells = [
    IMPORTS,
    "type Mode = 'slow' | 'fast';",
    parameters(`const mode: Mode = 'fast';
const modes: Mode[] = [];
const first = 3;
const level: 1 | 2 | 3 = 2;
let other: Mode | undefined;
const plain = 'fast';
const isLoud: boolean = true;`),
    P,
    'const kept = numbers.map((n) => ({ n, mode, modes, first, level, other, plain, isLoud }));',
  ];
  const { options } = planOf(cells).options;
  expect(options.map(({ name, type, isList, choices }) => [name, type, isList, choices])).toEqual([
    ['mode', 'string', false, ['slow', 'fast']],
    ['modes', 'string', true, ['slow', 'fast']],
    ['first', 'number', false, undefined],
    ['level', 'number', false, [1, 2, 3]],
    ['other', 'string', false, ['slow', 'fast']],
    ['plain', 'string', false, undefined],
    ['isLoud', 'boolean', false, undefined],
  ]);
  expect(optionsModule(options)).toContain("readonly modes: readonly ('slow' | 'fast')[];");
  expect(optionsModule(options)).toContain('readonly level: 1 | 2 | 3;');
});

test('planExport() lets the pipeline change a parameter', () => {
  const cells = [
    IMPORTS,
    parameters('let limit = 2;'),
    P,
    'limit += 1;',
    'const kept = numbers.filter((n) => n < limit);',
  ];
  expect(bodyOf(cells)).toContain('let { limit } = options;');
  expect(bodyOf(cells)).toContain('limit += 1;');
});

test('planExport() puts into the builder what needs an option, and leaves the rest to the module', () => {
  const cells = [
    IMPORTS,
    parameters('const limit = 2;'),
    'const one = 1;\nconst table = new Set<number>();\nfunction isSmall(n: number) { return n < limit; }\nconst plusOne = (n: number) => n + one;',
    'table.add(limit);',
    P,
    'const kept = numbers.filter(isSmall).filter((n) => table.has(n)).map(plusOne);',
  ];
  const [outside = '', inside = ''] = moduleOf(cells).split('/** Builds');
  expect(outside).toContain('const one = 1;\nconst plusOne =');
  expect(outside).not.toContain('table');
  expect(inside).toContain('const table =');
  expect(inside).toContain('function isSmall');
  expect(inside).toContain('table.add(limit);');
});

describe('files', () => {
  const filledFolder = async (): Promise<string> => {
    const directory = await temporaryFolder();
    await mkdir(path.join(directory, 'texts/deep'), { recursive: true });
    await writeFile(path.join(directory, 'texts/a.txt'), 'a\n'.repeat(300));
    await writeFile(path.join(directory, 'texts/deep/b.txt'), 'b\n');
    await writeFile(path.join(directory, 'events.json'), '[1]');
    return directory;
  };
  const dataOf = (cells: readonly TestCell[], directory: string) =>
    new ProjectData(planOf(cells, { directory }).options, directory);

  test('planExport() makes an option of what is read, by the name that nothing has', async () => {
    const directory = await filledFolder();
    const one = [
      IMPORTS,
      "const input = 1;\nconst p = beam.pipeline();\nconst lines = p.apply(beam.io.readFromText('texts/**/*.txt'));",
    ];
    expect(bodyOf(one, { directory })).toContain('readFromText(input2)');
    const two = [
      IMPORTS,
      "const p = beam.pipeline();\nconst a = p.apply(beam.io.readFromText('texts/a.txt'));\nconst b = p.apply(beam.io.readFromText(['texts/deep/b.txt']));",
    ];
    expect(bodyOf(two, { directory })).toContain('const { aInput, bInput } = options;');
    expect(bodyOf(two, { directory })).toContain('readFromText(bInput)');
  });

  test('ProjectData names the copies, and the sample of what is text', async () => {
    const directory = await filledFolder();
    const cells = [
      IMPORTS,
      "const p = beam.pipeline();\nconst lines = p.apply(beam.io.readFromText('texts/**/*.txt'));",
    ];
    const data = dataOf(cells, directory);
    expect(data.options.map(({ name, value }) => [name, value])).toEqual([['input', 'data/**/*.txt']]);
    expect(data.sample).toEqual({ input: 'test/sample/**/*.txt' });
  });

  test('planExport() makes an option of any literal that names a file that is there', async () => {
    const directory = await filledFolder();
    const cells = [
      IMPORTS,
      "const { readFileSync } = await import('node:fs');\nconst events = JSON.parse(readFileSync('events.json', 'utf8')) as number[];\nconst text = 'no such.file/here';",
      'const p = beam.pipeline(text);\nconst xs = p.apply(beam.create(events));',
    ];
    expect(bodyOf(cells, { directory })).toContain("readFileSync(eventsFile, 'utf8')");
    expect(dataOf(cells, directory).options.map(({ name, value }) => [name, value])).toEqual([
      ['eventsFile', 'data/events.json'],
    ]);
    expect(dataOf(cells, directory).sample).toEqual({});
  });

  test('planExport() knows a parameter that names what is read, and where it writes', async () => {
    const directory = await filledFolder();
    const cells = [
      IMPORTS,
      parameters("const source = 'texts/a.txt';"),
      "const p = beam.pipeline();\nconst lines = p.apply(beam.io.readFromText(source));\nlines.apply(beam.io.writeToText('../results/lines'));",
    ];
    expect(
      dataOf(cells, directory).options.map(({ name, value, path: place }) => [name, value, place]),
    ).toEqual([
      ['source', 'data/a.txt', { kind: 'input', isText: true }],
      ['linesOutput', 'output/lines', { kind: 'output', isText: true }],
    ]);
  });
});

test.each([
  { name: 'minLength', want: 'min-length' },
  { name: 'n', want: 'n' },
  { name: 'maxURL', want: 'max-url' },
  { name: 'runner', want: 'pipeline-runner' },
  { name: 'noise', want: 'noise' },
])('flagOf() makes $want of $name', ({ name, want }) => expect(flagOf(name)).toBe(want));

test.each([
  { value: 'it\'s "so" \\ \n', want: "'it\\'s \"so\" \\\\ \\n'" },
  { value: [1, -0, 2.5], want: '[1, -0, 2.5]' },
  { value: ['a'], want: "['a']" },
  { value: true, want: 'true' },
])('literal() writes $want', ({ value, want }) => expect(literal(value)).toBe(want));

test('optionsModule() writes types, values and flags', () => {
  const text = optionsModule([
    { name: 'limit', type: 'number', isList: false, value: 2, description: 'The most' },
    { name: 'mode', type: 'string', isList: false, value: 'a', description: '', choices: ['a', 'b'] },
    { name: 'most', type: 'number', isList: true, value: undefined, description: '' },
  ]);
  expect(text).toContain(
    "  /** The most. */\n  readonly limit: number;\n  /** Mode. */\n  readonly mode: 'a' | 'b';\n",
  );
  expect(text).toContain('  readonly most?: readonly number[];');
  expect(text).toContain("= {\n  limit: 2,\n  mode: 'a',\n};");
  expect(text).toContain("  mode: { flag: 'mode', type: 'string', choices: ['a', 'b'], help: 'Mode.' },");
});
