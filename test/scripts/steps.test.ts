import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { hashFiles } from '../../scripts/setup/stamps.mjs';
import { runSteps, type Step } from '../../scripts/setup/steps.mjs';
import { ROOT } from '../support/repository.ts';
import { runProgram } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Two steps that copy a file; the second one's input is the first one's output. `break` makes them fail. */
async function copyingSteps() {
  const root = await temporaryFolder();
  const at = (name: string) => path.join(root, name);
  await writeFile(at('source'), 'one');
  const copy = (name: string, from: string, to: string): Step => ({
    name,
    inputs: () => hashFiles(root, [from]),
    isThere: () => hashFiles(root, [to])[to] !== 'missing',
    run: async () => {
      if ((await readFile(at(from), 'utf8')) === 'break') throw new RangeError('broken');
      await writeFile(at(to), await readFile(at(from)));
    },
  });
  const steps = [copy('first', 'source', 'middle'), copy('second', 'middle', 'end')];
  const lines: string[] = [];
  const setUp = () => runSteps(steps, { folder: at('.setup'), print: (line) => lines.push(line) });
  return { at, lines, setUp, steps };
}

test('runSteps() runs every step the first time, and none the second', async () => {
  const { setUp } = await copyingSteps();
  expect(await setUp()).toEqual(['first', 'second']);
  expect(await setUp()).toEqual([]);
});

test('runSteps() runs the step whose input changed, and what follows from it', async () => {
  const { at, lines, setUp } = await copyingSteps();
  await setUp();
  await writeFile(at('middle'), 'edited');
  expect(await setUp()).toEqual(['second']);
  expect(lines).toContain('  second … (middle changed)');
  await writeFile(at('source'), 'two');
  expect(await setUp()).toEqual(['first', 'second']);
  expect(await readFile(at('end'), 'utf8')).toBe('two');
});

test('runSteps() runs a step again whose output was removed', async () => {
  const { at, setUp } = await copyingSteps();
  await setUp();
  await rm(at('end'));
  expect(await setUp()).toEqual(['second']);
});

test('runSteps() goes on from a step that failed, and does not take it for done', async () => {
  const { at, setUp } = await copyingSteps();
  await setUp();
  await writeFile(at('source'), 'break');
  await expect(setUp()).rejects.toThrow('broken');
  await expect(setUp()).rejects.toThrow('broken');
  await writeFile(at('source'), 'one');
  expect(await setUp()).toEqual(['first']); // "middle" is what it was: the second step has nothing to do
});

test('runSteps() stamps what was made by other means, without running it', async () => {
  const { setUp, steps } = await copyingSteps();
  const made = steps.map((step) => ({ ...step, isThere: () => true, isCurrent: () => true }));
  const folder = await temporaryFolder();
  const options = { folder, print: () => expect.unreachable() };
  expect(await runSteps(made, options)).toEqual([]);
  expect(await setUp()).toEqual(['first', 'second']);
});

test('runSteps() takes a damaged stamp for none', async () => {
  const { at, setUp } = await copyingSteps();
  await setUp();
  await writeFile(at('.setup/stamps/first.json'), '{"sou');
  expect(await setUp()).toEqual(['first']);
});

test('runSteps() lets one of two run, and the other find it done', async () => {
  const { setUp } = await copyingSteps();
  const ran = await Promise.all([setUp(), setUp(), setUp()]);
  expect(ran.flat().sort()).toEqual(['first', 'second']);
});

test('runSteps() takes over the lock of a process that was killed', async () => {
  const { at, setUp } = await copyingSteps();
  await mkdir(at('.setup'));
  const { stdout } = await runProgram(process.execPath, ['-p', 'process.pid']);
  await writeFile(at('.setup/lock'), `${stdout.trim()} 0`);
  expect(await setUp()).toEqual(['first', 'second']);
});

test('A command of a step that fails is reported with all that it printed', async () => {
  const { code, stderr } = await runProgram(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { runCommand } from ${JSON.stringify(path.join(ROOT, 'scripts/setup/command.mjs'))};
     await runCommand(process.execPath, ['-e', 'console.log(1); console.error(2); process.exit(3)'])
       .catch((error) => { console.error(error.message.slice(-24), JSON.stringify(error.output)); });`,
  ]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/ended with exit code 3 "(1\\n2|2\\n1)\\n"/);
});
