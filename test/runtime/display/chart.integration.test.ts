import { expect, test } from 'vitest';
import { compile } from 'vega-lite';
import { chartBundle } from '../../../runtime/src/display/chart-bundle.ts';
import { chartSpec } from '../../../runtime/src/display/chart-spec.ts';
import { chartAlt, chartSvg } from '../../../runtime/src/display/chart-svg.ts';
import { chartText } from '../../../runtime/src/display/chart-text.ts';
import { chooseChart, type Chart } from '../../../runtime/src/display/chart.ts';
import { inferSchema } from '../../../runtime/src/display/schema.ts';

function choose(rows: readonly unknown[], options?: Parameters<typeof chooseChart>[2]): Chart | undefined {
  return chooseChart(rows, inferSchema(rows), options);
}

const numbers = Array.from({ length: 100 }, (_, index) => index);
const words = numbers.map((index) => ({ key: `word${index}`, value: index }));
const series = numbers.map((index) => ({ at: new Date(index * 86_400_000), y: index % 7 }));
const pairs = numbers.map((index) => ({ a: index % 10, b: index / 3 }));

test.each([
  { name: 'KV<string, number>', rows: words, want: 'bars: value by key, 20 largest of 100 elements' },
  {
    name: 'records with a name and a number',
    rows: [
      { w: 'a', n: 1 },
      { w: 'b', n: 2 },
    ],
    want: 'bars: n by w',
  },
  {
    name: 'few records with a number, which two texts name together',
    rows: ['18:00', '19:00'].flatMap((hour) =>
      ['otters', 'seals'].map((team) => ({
        hour,
        team,
        points: hour.length + team.length,
        pane: 'onTime 0',
      })),
    ),
    want: 'bars: points by hour and team',
  },
  {
    name: 'more records than there are bars, which two texts name together',
    rows: numbers.map((n) => ({ tens: `${Math.floor(n / 10)}`, ones: `${n % 10}`, n })),
    want: 'histogram: distribution of n',
  },
  {
    name: 'few records with a number, which no two texts name',
    rows: [1, 2, 3].map((n) => ({ hour: '18:00', team: 'seals', n })),
    want: 'histogram: distribution of n',
  },
  { name: 'numbers', rows: numbers, want: 'histogram: distribution of element' },
  { name: 'a time and a number', rows: series, want: 'line: y by at' },
  { name: 'two numbers', rows: pairs, want: 'scatter: b by a' },
  {
    name: 'KV<number, number>',
    rows: [
      { key: 2, value: 1 },
      { key: 1, value: 5 },
    ],
    want: 'line: value by key',
  },
  {
    name: 'numbers, one of them always the same',
    rows: numbers.map((index) => ({ zero: 0, a: index, b: index * 2 })),
    want: 'scatter: b by a',
  },
  {
    name: 'prose and a number',
    rows: numbers.map((index) => ({ text: `${'Call me Ishmael. '.repeat(5)}${index}`, length: index })),
    want: 'histogram: distribution of length',
  },
  { name: 'bigints', rows: [1n, 2n, 3n], want: 'histogram: distribution of element' },
  { name: 'text that repeats', rows: ['a', 'b', 'a'], want: 'bars: count of each element' },
  { name: 'text that does not', rows: ['a', 'b', 'c'], want: undefined },
  { name: 'objects', rows: [[1], [2]], want: undefined },
  { name: 'numbers among text', rows: [1, 'a', 2], want: undefined },
  { name: 'no number that is finite', rows: [NaN, Infinity], want: undefined },
  { name: 'one row', rows: [{ key: 'a', value: 1 }], want: undefined },
  { name: 'no rows', rows: [], want: undefined },
])('chooseChart() of $name', ({ rows, want }) => {
  const chart = choose(rows);
  expect(chart === undefined ? undefined : `${chart.kind}: ${chart.title}`).toBe(want);
});

test('chooseChart() takes the largest, largest first', () => {
  const chart = choose(words);
  expect(chart?.kind === 'bars' && chart.bars.slice(0, 2)).toEqual([
    { label: 'word99', value: 99 },
    { label: 'word98', value: 98 },
  ]);
});

test('chooseChart() names bars by two texts, where neither names a row alone', () => {
  const chart = choose([
    { hour: '18:00', team: 'otters', points: 1 },
    { hour: '18:00', team: 'seals', points: 3 },
    { hour: '19:00', team: 'seals', points: 2 },
  ]);
  expect(chart).toMatchObject({
    labelTitle: 'hour and team',
    bars: [
      { label: '18:00 seals', value: 3 },
      { label: '19:00 seals', value: 2 },
      { label: '18:00 otters', value: 1 },
    ],
  });
});

test('chooseChart() says so, when the rows are the first of more', () => {
  expect(choose(words, { isComplete: false, name: 'counts' })?.title).toBe(
    'counts: value by key, 20 largest of the first 100 elements',
  );
});

test('chooseChart() takes at most 500 points', () => {
  const chart = choose(Array.from({ length: 10_001 }, (_, index) => ({ a: index, b: -index })));
  expect(chart?.kind === 'scatter' && chart.points.length).toBe(477);
  expect(chart?.title).toContain('one point in 21');
});

test('chooseChart() leaves out points that are not there', () => {
  const chart = choose([
    { a: 1, b: null },
    { a: 2, b: 3 },
    { a: 1, b: NaN },
    { a: 4, b: 5 },
  ]);
  expect(chart?.kind === 'scatter' && chart.points).toEqual([
    { x: 2, y: 3 },
    { x: 4, y: 5 },
  ]);
});

const CHARTS = [
  { kind: 'bars', rows: words },
  { kind: 'bars below zero', rows: words.map(({ key, value }) => ({ key, value: 50 - value })) },
  { kind: 'bars of zero', rows: words.map(({ key }) => ({ key, value: 0 })) },
  { kind: 'histogram', rows: numbers },
  { kind: 'histogram of one value', rows: [7, 7, 7] },
  { kind: 'histogram of the widest span', rows: [-Number.MAX_VALUE, Number.MAX_VALUE] },
  { kind: 'line', rows: series },
  { kind: 'scatter', rows: pairs },
  {
    kind: 'scatter of one place',
    rows: [
      { a: 1, b: 1 },
      { a: 1, b: 1 },
    ],
  },
];

test.each(CHARTS)('chartSpec() of a $kind compiles, with its data and a v5 schema', ({ rows }) => {
  const spec = chartSpec(rows, inferSchema(rows));
  expect(spec?.$schema).toBe('https://vega.github.io/schema/vega-lite/v5.json');
  expect(JSON.stringify(spec).length).toBeLessThan(30_000);
  // compile() throws on what is no spec.
  const { spec: vega } = compile(spec as unknown as Parameters<typeof compile>[0]);
  expect(vega.marks?.length).toBeGreaterThan(0);
});

test.each(CHARTS)('chartSvg() of a $kind has finite places alone', ({ rows }) => {
  const chart = choose(rows);
  const svg = chart === undefined ? '' : chartSvg(chart);
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="420"/);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

test('chartSvg() and chartAlt() show labels as text', () => {
  const chart = choose([
    { key: '</text><script>', value: 1 },
    { key: 'b\u0000', value: 2 },
  ]);
  const svg = chart === undefined ? '' : chartSvg(chart);
  expect(svg).toContain('&lt;/text&gt;&lt;script&gt;');
  expect(svg).not.toContain('<script');
  expect(chart === undefined ? '' : chartAlt(chart)).toBe(
    'Bar chart, value by key. Largest: b\\u0000 2, </text><script> 1',
  );
});

test('chartText() draws bars as long as their values', () => {
  const chart = choose([
    { key: 'the', value: 8 },
    { key: 'a', value: 2 },
  ]);
  expect(chart === undefined ? '' : chartText(chart)).toBe(
    ['value by key', `the 8 ${'█'.repeat(40)}`, `  a 2 ${'█'.repeat(10)}`].join('\n'),
  );
});

test('chartBundle() has Vega-Lite for JupyterLab, a picture for nbconvert, and no HTML, which would win', async () => {
  const chart = choose([
    { key: 'Ishmael "', value: 8 },
    { key: 'a', value: 2 },
  ]);
  const { data } = chart === undefined ? { data: {} } : await chartBundle(chart);
  expect(Object.keys(data)).toEqual(['application/vnd.vegalite.v5+json', 'image/svg+xml', 'text/plain']);
  expect(data['image/svg+xml']).toContain('Ishmael');
});
