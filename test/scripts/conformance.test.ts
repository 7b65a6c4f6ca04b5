import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { canonical, sorted } from '../conformance/canonical.ts';
import { difference } from '../conformance/compare.ts';
import { findModules } from '../conformance/modules.ts';
import { readOptions } from '../conformance/options.ts';
import type { Row } from '../conformance/row.ts';
import { rowsOfTests } from '../conformance/rows-of-tests.ts';
import { table } from '../conformance/table.ts';

test.each([
  { name: 'text beyond ASCII', value: 'é\u007f\ud800"', want: '"\\u00e9\\u007f\\ud800\\""' },
  { name: 'an integer', value: -5, want: '-5' },
  { name: 'minus zero', value: -0, want: '["d","8000000000000000"]' },
  { name: 'a fraction', value: 0.1, want: '["d","3fb999999999999a"]' },
  { name: 'a NaN', value: NaN, want: '["d","nan"]' },
  { name: 'an integer that other doubles round to', value: 2 ** 53, want: '["d","4340000000000000"]' },
  { name: 'a bigint', value: 5n, want: '["i","5"]' },
  { name: 'a list', value: [undefined, null, true], want: '["a",[["x"],null,true]]' },
  { name: 'an object, whatever the order', value: { b: 1, a: {} }, want: '["o",{"a":["o",{}],"b":1}]' },
  { name: 'a Map', value: new Map([['k', new Set([1])]]), want: '["m",[["k",["s",[1]]]]]' },
  {
    name: 'bytes and a date',
    value: [Uint8Array.of(1, 255), new Date(7)],
    want: '["a",[["b","01ff"],["t",7]]]',
  },
])('canonical() writes $name', ({ value, want }) => {
  expect(canonical(value)).toBe(want);
});

test('sorted() puts values of any type in an order', () => {
  expect(sorted([2, '2', 10, 2n])).toEqual(sorted([2n, 10, '2', 2]));
});

test('difference() finds nothing where only the order differs', () => {
  expect(difference({ out: ['1', '2', '2'] }, { out: ['2', '1', '2'] })).toBeUndefined();
});

test('difference() counts what is missing and what is there too often', () => {
  expect(difference({ out: ['1', '2', '2'], none: [] }, { out: ['2', '3'], none: [] })).toBe(
    'out: 2 of 3 missing, 1 extra, missing 1, extra 3',
  );
  expect(difference({ a: [] }, { b: [] })).toBe(
    'a: there is no such output; b: Beam Python has no such output',
  );
});

test('table() shows who passed, who did not and why, and who was not there', () => {
  const missing = 'Flink missing (get it)';
  const rows: Row[] = [
    { suite: 'pipelines', case: 'one', runner: 'prism', status: 'pass', reason: '' },
    { suite: 'pipelines', case: 'second', runner: 'prism', status: 'fail', reason: '1 of 1 missing' },
    { suite: 'pipelines', case: 'third', runner: 'prism', status: 'skip', reason: 'it has no timers' },
    ...['one', 'second', 'third'].map((name): Row => ({
      suite: 'pipelines',
      case: name,
      runner: 'flink',
      status: 'skip',
      reason: missing,
    })),
  ];
  expect(table(rows, [{ name: 'pipelines', runners: ['prism', 'flink'] }]).split('\n')).toEqual([
    'pipelines  prism  flink',
    'one        pass   skip',
    'second     FAIL   skip',
    'third      skip   skip',
    '',
    'FAIL second on prism: 1 of 1 missing',
    'skip third on prism: it has no timers',
    `Not run on flink: ${missing}`,
    '',
    'pipelines: 1 pass, 1 fail, 4 skip',
  ]);
});

test('table() counts cases of a group in one line, and sums up each suite that ran', () => {
  const coders = ['int 1', 'int 2', 'row 1'].map((name): Row => ({
    suite: 'coders',
    case: name,
    runner: 'c',
    status: 'pass',
    reason: '',
  }));
  const late: Row = { suite: 'late', case: 'one', runner: 'g', status: 'fail', reason: 'no' };
  const suites = [
    { name: 'coders', runners: ['c'], groupOf: (name: string) => name.slice(0, -2) },
    { name: 'not run', runners: ['n'] },
    { name: 'late', runners: ['g'] },
  ];
  expect(table([...coders, late], suites).split('\n')).toEqual([
    'coders  c',
    'int     2 pass',
    'row     1 pass',
    '',
    'late  g',
    'one   FAIL',
    '',
    'FAIL one on g: no',
    '',
    'coders: 3 pass',
    'late: 0 pass, 1 fail',
  ]);
});

const SUITE = {
  name: 'coders',
  runners: ['c'],
  tests: { file: 'x.test.ts', caseOf: (group: string, title: string) => `${group}: ${title}` },
};

/** What a test gives, in the words of vitest. */
function result(title: string, status: string, { group = 'int', failure = '' } = {}) {
  return {
    ancestorTitles: group === '' ? [] : [group],
    title,
    status,
    failureMessages: failure === '' ? [] : [failure],
  };
}

test('rowsOfTests() gives a row for each test, with the reason why it did not pass', () => {
  const assertionResults = [
    result('has 0', 'passed'),
    result('has (1)', 'failed', { failure: 'AssertionError: 1 is not 2\n    at here' }),
    result('has (2) (Prism missing (get it) yet)', 'skipped'),
    result('all are known (yes)', 'passed', { group: '' }),
  ];
  const rows = rowsOfTests(SUITE, { name: 'x.test.ts', status: 'failed', assertionResults });
  const same = { suite: 'coders', runner: 'c' };
  expect(rows).toEqual([
    { ...same, case: 'int: has 0', status: 'pass', reason: '' },
    { ...same, case: 'int: has (1)', status: 'fail', reason: 'AssertionError: 1 is not 2' },
    { ...same, case: 'int: has (2)', status: 'skip', reason: 'Prism missing (get it) yet' },
  ]);
});

test.each([
  { what: 'a test is skipped without a reason', results: [result('has 1', 'skipped')], name: 'int: has 1' },
  {
    what: 'a test of the whole suite fails',
    results: [result('all', 'failed', { group: '', failure: 'none' })],
    name: 'all',
  },
  { what: 'there is no test', results: [], name: 'all' },
])('rowsOfTests() fails the suite, when $what', ({ results, name }) => {
  const rows = rowsOfTests(SUITE, { name: 'x.test.ts', status: 'passed', assertionResults: results });
  expect(rows.map(({ status, case: one }) => ({ status, one }))).toEqual([{ status: 'fail', one: name }]);
  expect(rows[0]?.reason).not.toBe('');
});

test('rowsOfTests() fails the suite, when its file could not be run', () => {
  const report = {
    name: 'x.test.ts',
    status: 'failed',
    message: 'SyntaxError: no\nat x',
    assertionResults: [],
  };
  expect(rowsOfTests(SUITE, report)).toMatchObject([{ status: 'fail', reason: 'SyntaxError: no' }]);
  expect(rowsOfTests(SUITE, undefined)).toMatchObject([{ status: 'fail' }]);
});

test('readOptions() takes all suites, or those that are named or have a named runner', () => {
  const chosen = (...args: string[]) =>
    readOptions(args).suites.map(({ name, runners }) => `${name} ${runners.join('+')}`);
  const all = ['pipelines embedded+prism+flink', 'standard_coders coders', 'trigger_transcripts groups'];
  expect(chosen()).toEqual(all);
  expect(chosen('--suite', 'trigger_transcripts,standard_coders')).toEqual(all.slice(1));
  expect(chosen('--runner', 'flink,groups')).toEqual(['pipelines flink', 'trigger_transcripts groups']);
  expect(readOptions(['map', '--json', 'a.json'])).toMatchObject({ names: ['map'], json: 'a.json' });
});

test.each([
  { args: ['--suite', 'nexmark'], want: /suites are pipelines, .*: received nexmark/ },
  { args: ['--runner', 'spark'], want: /runners are embedded, .*: received spark/ },
  { args: ['--suite', 'pipelines', '--runner', 'coders'], want: /pipelines must run on it: received coders/ },
  { args: ['--sweet', 'x'], want: /Unknown option '--sweet'/ },
])('readOptions() refuses $args', ({ args, want }) => {
  expect(() => readOptions(args)).toThrow(want);
});

/** A clone with two modules of pipelines and one that they share; `edit` changes a file of it. */
function clone() {
  const root = mkdtempSync(path.join(tmpdir(), 'millrace-modules-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const edit = (file: string, content: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  };
  for (const file of ['pipelines/map.ts', 'pipelines/par-do.ts', 'inputs.ts', 'beam_pipelines.py']) {
    edit(`test/conformance/${file}`, '');
  }
  for (const module of ['map', 'par_do', 'common']) edit(`test/conformance/beam/${module}.py`, '');
  edit('scripts/requirements-peers.txt', '');
  return { root, edit };
}

test.each([
  { file: 'test/conformance/beam/par_do.py', want: ['par_do'] },
  { file: 'test/conformance/beam/common.py', want: ['map', 'par_do'] },
  { file: 'test/conformance/beam_pipelines.py', want: ['map', 'par_do'] },
  { file: 'test/conformance/inputs.ts', want: ['map', 'par_do'] },
  { file: 'scripts/requirements-peers.txt', want: ['map', 'par_do'] },
  { file: 'test/conformance/pipelines/map.ts', want: [] },
])('findModules() gives new keys to $want when $file changes', ({ file, want }) => {
  const { root, edit } = clone();
  const before = findModules(root, 'inputs');
  edit(file, 'other');
  const after = findModules(root, 'inputs');
  expect(before.map(({ name }) => name)).toEqual(['map', 'par_do']);
  expect(after.filter(({ key }, n) => key !== before[n]?.key).map(({ name }) => name)).toEqual(want);
});

test('findModules() gives new keys to all when the inputs change, and the same ones when nothing does', () => {
  const { root } = clone();
  const keys = (inputs: string) => findModules(root, inputs).map(({ key }) => key);
  expect(keys('1')).toEqual(keys('1'));
  for (const key of keys('2')) expect(keys('1')).not.toContain(key);
});
