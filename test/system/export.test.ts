import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { lessonFolder } from '../support/lesson-folder.ts';
import { writeNotebook } from '../support/notebook-file.ts';
import { homeWithPrism, testOnPrism } from '../support/own-prism.ts';
import { MILLRACE } from '../support/repository.ts';
import { runProgram, type ProgramOptions } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CHAPTERS, countWords } from '../support/word-count.ts';

const millrace = (args: readonly string[], options: ProgramOptions = {}) =>
  runProgram(process.execPath, [MILLRACE, ...args], options);

/** Runs npm in a project, and gives what it printed; it must end well. */
async function npm(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, stdout, stderr } = await runProgram('npm', args, { cwd, env });
  expect(code, `npm ${args.join(' ')}\n${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

/** Exports a lesson and installs the project. */
async function exportedLesson(name: string, args: readonly string[] = []): Promise<string> {
  const { notebooks, env } = await lessonFolder();
  const out = path.join(await temporaryFolder(), 'project');
  const { code, stderr } = await millrace(['export', name, '--out', out, ...args], { cwd: notebooks, env });
  expect(code, stderr).toBe(0);
  await npm(out, ['install', '--no-audit', '--no-fund', '--prefer-offline']);
  return out;
}

/** The elements that a run wrote for one output: words with their counts, the most frequent first. */
async function written(folder: string, name: string): Promise<readonly (readonly [string, number])[]> {
  const files = (await readdir(folder)).filter((file) => file.startsWith(`${name}-`));
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  const lines = texts.flatMap((text) => text.split('\n').filter((line) => line !== ''));
  const rows = lines.map((line) => JSON.parse(line) as { readonly key: string; readonly value: number });
  return rows.map(({ key, value }) => [key, value] as const).sort((a, b) => b[1] - a[1]);
}

testOnPrism('lesson 1, exported, passes its tests, and counts alike here and on Prism', async () => {
  const project = await exportedLesson('01-word-count.ipynb');
  expect(await npm(project, ['test'])).toContain('"topTen" is what the notebook gives');
  const { top } = await countWords(CHAPTERS);
  const MILLRACE_HOME = await homeWithPrism();
  for (const runner of ['embedded', 'prism']) {
    await npm(project, ['start', '--', `--runner=${runner}`, `--output=${runner}`], { MILLRACE_HOME });
    expect(await written(path.join(project, runner), 'topTen')).toEqual(top.slice(0, 10));
  }
});

testOnPrism('lesson 6, exported, has its parameter as a flag, and runs here and on Prism', async () => {
  const project = await exportedLesson('06-promote.ipynb', ['--pcollection', 'topTen']);
  expect(await npm(project, ['test'])).toContain('"topTen" is what the notebook gives');
  const { top } = await countWords(CHAPTERS);
  // No two words of six letters or more tie for the tenth place, here or in the rehearsal's sample.
  const long = top.filter(([word]) => word.length >= 6).slice(0, 10);
  const MILLRACE_HOME = await homeWithPrism();
  for (const runner of ['embedded', 'prism']) {
    const flags = [`--runner=${runner}`, `--output=${runner}`, '--min-length=6', '--rehearse'];
    await npm(project, ['start', '--', ...flags], { MILLRACE_HOME });
    expect(await written(path.join(project, runner), 'topTen')).toEqual(long);
  }
  expect(await readFile(path.join(project, 'src/pipeline.ts'), 'utf8')).not.toMatch(/queequeg|promote\(/);
});

test('millrace export takes local modules, packages, parameters, data and writes along', async () => {
  const folder = await temporaryFolder();
  const notebooks = path.join(folder, 'notebooks');
  await mkdir(path.join(notebooks, 'texts'), { recursive: true });
  await mkdir(path.join(folder, 'lib'));
  await mkdir(path.join(folder, 'node_modules/loud'), { recursive: true });
  await writeFile(path.join(notebooks, 'texts/a.txt'), 'one two\nthree\n');
  await writeFile(path.join(notebooks, 'stop.json'), '["two"]');
  await writeFile(
    path.join(folder, 'lib/words.ts'),
    "export const split = (line: string): string[] => line.split(' ');\n",
  );
  await writeFile(
    path.join(folder, 'node_modules/loud/package.json'),
    '{ "name": "loud", "version": "1.2.3", "type": "module", "main": "index.js" }',
  );
  await writeFile(
    path.join(folder, 'node_modules/loud/index.js'),
    'export const shout = (text) => `${text}!`;\n',
  );
  const file = path.join(notebooks, 'it is mine.ipynb');
  await writeNotebook(file, [
    "import * as beam from 'millrace';\nimport * as ib from 'millrace/interactive';\nimport { split } from '../lib/words';\nimport { shout } from 'loud';",
    "import { readFileSync } from 'node:fs';\nconst stop = new Set(JSON.parse(readFileSync('stop.json', 'utf8')) as string[]);",
    "const p = beam.pipeline('mine');\nconst words = p.apply(beam.io.readFromText('texts/*.txt')).flatMap(split).filter((word) => !stop.has(word));\nwords",
    "const loud = words.map((word) => shout(word) as string);\nloud.apply(beam.io.writeToText('out/loud'));\nawait ib.show(loud)",
    'const unique = words.map(() => Math.random());\nconst sizes = words.map((word) => ({ word, size: BigInt(word.length), seen: new Map([[word, -0]]) }));',
  ]);
  const out = path.join(folder, 'mine');
  const { code, stdout, stderr } = await millrace(['export', file, '--out', out], { cwd: folder });
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('its pipeline gives sizes, unique');
  expect(JSON.parse(await readFile(path.join(out, 'package.json'), 'utf8'))).toMatchObject({
    name: 'mine',
    dependencies: { loud: '1.2.3', millrace: 'file:vendor/millrace-0.1.0.tgz' },
  });
  expect(await readFile(path.join(out, 'test/expected/sizes.txt'), 'utf8')).toBe(
    "{ seen: Map(1) { 'one' => -0 }, size: 3n, word: 'one' }\n{ seen: Map(1) { 'three' => -0 }, size: 5n, word: 'three' }\n",
  );

  // No registry has the package: it is put where npm would put it.
  const manifest = JSON.parse(await readFile(path.join(out, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  delete manifest.dependencies.loud;
  await writeFile(path.join(out, 'package.json'), JSON.stringify(manifest));
  await npm(out, ['install', '--no-audit', '--no-fund', '--prefer-offline']);
  await cp(path.join(folder, 'node_modules/loud'), path.join(out, 'node_modules/loud'), { recursive: true });
  expect(await npm(out, ['test'])).toContain('"unique" can be computed');
  await npm(out, ['start', '--', '--loud-output=loud']);
  const [written] = (await readdir(out)).filter((name) => name.startsWith('loud-'));
  expect((await readFile(path.join(out, written ?? ''), 'utf8')).split('\n').sort()).toEqual([
    '',
    'one!',
    'three!',
  ]);
  const wrong = await runProgram('npm', ['start', '--', '--runner=spark'], { cwd: out });
  expect(wrong.stderr).toContain(
    'Cannot read --runner as it must be embedded, prism, flink, portable: received "spark"',
  );
  expect(wrong.code).toBe(2);
});

test('millrace export says which cell fails, and leaves nothing behind', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'failing.ipynb');
  await writeNotebook(file, [
    "import * as beam from 'millrace';\nconst p = beam.pipeline();",
    'const numbers = p.apply(beam.create([1]));\nconst bad = numbers.map((n) => { throw new RangeError(`no ${n}`); });',
  ]);
  const { code, stderr } = await millrace(['export', file, '--out', path.join(folder, 'out')]);
  expect(stderr).toMatch(
    /must run on a sample of its data: received, when its results were computed:[\s\S]*no 1[\s\S]*hint: /,
  );
  expect(code).toBe(1);
  await writeNotebook(file, [
    "import * as beam from 'millrace';\nconst p = beam.pipeline();",
    'const xs: string = p.apply(beam.create([1]));\nconst ys = p.apply(beam.create([xs]));',
  ]);
  const wrong = await millrace(['export', file, '--out', path.join(folder, 'out')]);
  expect(wrong.stderr).toContain('in cell 2:\n');
  expect(await readdir(folder)).toEqual(['failing.ipynb']);
});

test.each([
  { name: 'no notebook', args: ['gone.ipynb', '--out', 'out'], code: 2, want: 'there is no such file' },
  { name: 'no folder', args: ['a.ipynb'], code: 2, want: "required option '-o, --out <dir>' not specified" },
  {
    name: 'a folder in use',
    args: ['a.ipynb', '--out', '.'],
    code: 1,
    want: 'must be a new or an empty folder',
  },
  {
    name: 'no pipeline',
    args: ['a.ipynb', '--out', 'out'],
    code: 1,
    want: 'must make a pipeline: received none',
  },
])('millrace export refuses $name', async ({ args, code, want }) => {
  const cwd = await temporaryFolder();
  await writeNotebook(path.join(cwd, 'a.ipynb'), ['1 + 1']);
  const ended = await millrace(['export', ...args], { cwd });
  expect(ended.stderr).toContain(want);
  expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' });
});
