import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { flinkUp } from 'millrace/runners';
import { expect, test } from 'vitest';
import { countSessions, eveningOfScores, hourlyPoints, keptScores } from '../support/evening-of-scores.ts';
import { lessonFolder, lessons } from '../support/lesson-folder.ts';
import { errorsOf, printedBy, runCells, shownBy, type RunCell } from '../support/notebook-outputs.ts';
import { lateFlights } from '../support/late-flights.ts';
import { homeWithFlink, testOnFlink } from '../support/own-flink.ts';
import { homeWithPrism, testOnPrism } from '../support/own-prism.ts';
import { runPython } from '../support/python.ts';
import { PYTHON, ROOT } from '../support/repository.ts';
import { runProgram } from '../support/run-program.ts';
import { CHAPTERS, countWords } from '../support/word-count.ts';

/** The lesson that runs jobs. */
const PROMOTE = '06-promote.ipynb';

/** The lesson of event time; its own test runs it. */
const WINDOWS = '02-windows-and-late-data.ipynb';

/** The lesson of joins and state; its own test runs it. */
const JOINS = '03-joins-and-state.ipynb';

/** Runs a copy of a lesson with nbclient. */
async function runLesson(name: string, extra: Readonly<Record<string, string>> = {}) {
  const { notebooks, env } = await lessonFolder();
  const options = { env: { ...env, ...extra } };
  return runCells(await runPython('run_notebook.py', [path.join(notebooks, name)], options));
}

test.for((await lessons()).filter((name) => ![PROMOTE, WINDOWS, JOINS].includes(name)))(
  '%s runs in nbclient without an error',
  async (name) => {
    const cells = await runLesson(name);
    expect(cells.length).toBeGreaterThan(0);
    expect(errorsOf(cells)).toEqual([]);
  },
);

/** Checks what the lesson of jobs shows, with what an independent count finds. */
async function expectJobs(cells: readonly RunCell[]): Promise<void> {
  expect(errorsOf(cells)).toEqual([]);
  const { total, top } = await countWords(CHAPTERS);
  const short = top.filter(([word]) => word.length < 4).reduce((sum, [, count]) => sum + count, 0);
  expect(printedBy(cells, 'wait')).toContain(`DONE { Filter: { 'short words': ${short} } }`);
  expect(shownBy(cells, 'promote')).toMatch(
    /rehearsed "FlatMap 2" on 200 elements of its source: equal here and there/,
  );
  expect(printedBy(cells, 'metrics')).toContain(`words: ${total} long ones: ${total - short}`);
  const failure = cells
    .find(({ id }) => id === 'fail')
    ?.outputs.find(({ output_type }) => output_type === 'error');
  expect(failure?.ename).toBe('UserCodeError');
  expect(failure?.evalue).toContain('I do not know queequeg');
  expect(shownBy(cells, 'cancel')).toContain('CANCELLED');
  expect(shownBy(cells, 'reconnect')).toMatch(/Job "long words(-\w+)?" .*: DONE/);
}

testOnPrism('06-promote.ipynb runs its jobs on Prism', async () => {
  await expectJobs(await runLesson(PROMOTE, { MILLRACE_HOME: await homeWithPrism() }));
});

testOnFlink('06-promote.ipynb runs its jobs on a Flink cluster, when one word is changed', async () => {
  const { notebooks, env } = await lessonFolder();
  const file = path.join(notebooks, PROMOTE);
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace("'flink' = 'prism'", "'flink' = 'flink'"));
  const MILLRACE_HOME = await homeWithFlink();
  await flinkUp({ home: MILLRACE_HOME });
  const options = { env: { ...env, MILLRACE_HOME }, timeoutMs: 230_000 };
  await expectJobs(runCells(await runPython('run_notebook.py', [file], options)));
});

test.for(await lessons())('%s is saved without outputs, for the kernel millrace', async (name) => {
  const notebook: unknown = JSON.parse(await readFile(path.join(ROOT, 'notebooks', name), 'utf8'));
  expect(notebook).toMatchObject({ nbformat: 4, metadata: { kernelspec: { name: 'millrace' } } });
  const { cells } = notebook as {
    readonly cells: readonly { cell_type: string; outputs?: unknown[]; execution_count?: number | null }[];
  };
  const code = cells.filter(({ cell_type }) => cell_type === 'code');
  expect(code.map(({ outputs, execution_count }) => [outputs, execution_count])).toEqual(
    code.map(() => [[], null]),
  );
});

test('01-word-count.ipynb counts what an independent count finds', async () => {
  const [cells, expected] = await Promise.all([runLesson('01-word-count.ipynb'), countWords(CHAPTERS)]);
  expect(errorsOf(cells)).toEqual([]);
  expect(printedBy(cells, 'total')).toContain(`${expected.total} words, ${expected.distinct} different ones`);
  const shown = shownBy(cells, 'top').replace(/(?<=\d)[,\u2009\u202f ](?=\d{3})/g, '');
  const rows = [...shown.matchAll(/([a-z']+)['"]?\s*[│|]?\s+(\d+)/g)].map(([, word, count]) => [
    word,
    Number(count),
  ]);
  expect(rows).toEqual(expect.arrayContaining(expected.top.slice(0, 10)));
});

/** The rows of the lesson's tables of sums, as `18:00 otters` with the points. */
function sumsShownBy(cells: readonly RunCell[], id: string): ReadonlyMap<string, number> {
  const rows = shownBy(cells, id).matchAll(/(\d\d:00) +(\w+) +(\d+) +onTime 0/g);
  return new Map([...rows].map(([, hour, team, points]) => [`${hour} ${team}`, Number(points)]));
}

test('02-windows-and-late-data.ipynb finds the sums, sessions and late scores that plain loops find', async () => {
  const [cells, scores] = await Promise.all([
    runLesson(WINDOWS),
    eveningOfScores(path.join(ROOT, 'notebooks', WINDOWS)),
  ]);
  expect(errorsOf(cells)).toEqual([]);
  const hourly = hourlyPoints(scores);
  expect(hourly.size).toBe(18);
  expect(sumsShownBy(cells, 'reify')).toEqual(hourly);
  expect(printedBy(cells, 'session-count')).toContain(`${countSessions(scores)} sessions`);

  const kept = keptScores(scores, 0);
  expect(sumsShownBy(cells, 'on-time')).toEqual(hourlyPoints(kept));
  expect(shownBy(cells, 'on-time')).toContain(`${scores.length - kept.length} late elements dropped`);
  const points = (some: typeof scores) => some.reduce((sum, score) => sum + score.points, 0);
  expect(printedBy(cells, 'lost')).toContain(
    `${points(scores)} points were made, ${points(kept)} of them were counted`,
  );

  const keptAnHour = keptScores(scores, 3_600_000);
  const late = `${scores.length - keptAnHour.length} late elements dropped`;
  const total = hourlyPoints(keptAnHour).get('19:00 puffins');
  const panes = ['panes', 'discarding'].map((id) => {
    expect(shownBy(cells, id)).toContain(late);
    return [...shownBy(cells, id).matchAll(/19:00 +puffins +(\d+) +(early|onTime|late) \d/g)].map(
      ([, sum, timing]) => ({ sum: Number(sum), timing }),
    );
  });
  const [accumulated = [], pieces = []] = panes;
  expect(new Set(accumulated.map(({ timing }) => timing))).toEqual(new Set(['early', 'onTime', 'late']));
  expect(accumulated.at(-1)?.sum).toBe(total);
  expect(pieces.reduce((sum, piece) => sum + piece.sum, 0)).toBe(total);
  expect(printedBy(cells, 'test')).toBe('2 assertions hold\n');
});

test('03-joins-and-state.ipynb finds the late flights, alarms and medians that plain loops find', async () => {
  const [cells, expected] = await Promise.all([runLesson(JOINS), lateFlights()]);
  expect(errorsOf(cells)).toEqual([]);
  const worst = [...shownBy(cells, 'worst').matchAll(/^([A-Z]{3}) .* ([\d.]+)$/gm)].map(
    ([, airport, late]) => ({
      airport,
      late: Number(late),
    }),
  );
  expect(worst).toEqual(expected.worst.slice(0, 10));
  expect(printedBy(cells, 'outer')).toContain(`${expected.silent} airports without a flight`);
  const per100 = (expected.average * 100).toFixed(1);
  expect(printedBy(cells, 'side')).toContain(
    `${per100} % of all flights left late, and more than that from ${expected.aboveAverage} airports`,
  );
  const alarms = [...shownBy(cells, 'state').matchAll(/^([A-Z]{3}) .*\[(\d{4}-\d\d-\d\d)/gm)];
  expect(alarms).toHaveLength(20);
  for (const [, airport, day] of alarms) expect(expected.alarms).toContain(`${airport} ${day}`);
  expect(shownBy(cells, 'timer')).toContain(`of ${expected.days} elements`);
  expect(shownBy(cells, 'timer')).toMatch(
    new RegExp(`^ORD +${expected.firstMedian} +2001-01-01T23:59:59.999Z`, 'm'),
  );
});

test('papermill runs 01-word-count.ipynb, and writes a notebook with its outputs', async () => {
  const { notebooks, env } = await lessonFolder();
  const output = path.join(notebooks, 'papermill.ipynb');
  const args = ['-m', 'papermill', '--no-progress-bar', '01-word-count.ipynb', output];
  const { code, stderr } = await runProgram(PYTHON, args, { cwd: notebooks, env });
  expect(code, stderr).toBe(0);
  const { cells } = JSON.parse(await readFile(output, 'utf8')) as {
    readonly cells: readonly { readonly id: string; readonly outputs?: readonly unknown[] }[];
  };
  expect(cells.find(({ id }) => id === 'counts')?.outputs).not.toEqual([]);
});
