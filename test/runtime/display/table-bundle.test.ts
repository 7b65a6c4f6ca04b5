import { expect, test } from 'vitest';
import { tableBundle } from '../../../runtime/src/display/table-bundle.ts';
import type { TableView } from '../../../runtime/src/display/table-view.ts';
import { NO_FIRING } from '../../../runtime/src/model/pane-info.ts';
import { GLOBAL_WINDOWS } from '../../../runtime/src/model/window.ts';
import { MIN_TIMESTAMP } from '../../../runtime/src/model/timestamp.ts';

function bundle(view: Partial<TableView> & Pick<TableView, 'rows'>) {
  const { data } = tableBundle({ name: 'counts', complete: true, ...view });
  const html = String(data['text/html']);
  const json = /<script type="application\/json" class="mr-data">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
  // The shape that the script in the page reads.
  const embedded = JSON.parse(json) as { cells: unknown[][]; numeric: boolean[]; isCut: boolean };
  return { html, text: String(data['text/plain']), embedded };
}

const KVS = [
  { key: 'the', value: 14000 },
  { key: '白鯨', value: 3 },
];

test('tableBundle() gives a terminal an aligned table with a count', () => {
  expect(
    bundle({ rows: KVS, total: 2, elementType: 'KV<string, number>', note: 'computed in 0.42 s' }).text,
  ).toBe(
    [
      'counts: PCollection<KV<string, number>> · computed in 0.42 s',
      'key       value',
      'string  integer',
      '──────  ───────',
      'the       14000',
      '白鯨          3',
      '2 elements',
    ].join('\n'),
  );
});

test.each([
  { name: 'all are shown', view: { rows: [1, 2], total: 2 }, want: '2 elements' },
  { name: 'one is', view: { rows: [1], total: 1 }, want: '1 element' },
  { name: 'there are none', view: { rows: [], total: 0 }, want: '0 elements' },
  { name: 'there are more', view: { rows: [1, 2], total: 250_000 }, want: 'first 2 of 250,000 elements' },
  { name: 'it is a sample', view: { rows: [1, 2], complete: false }, want: 'first 2 elements (sample)' },
])('tableBundle() says how much is seen, when $name', ({ view, want }) => {
  const { text, html } = bundle(view);
  expect(text.split('\n').at(-1)).toBe(want);
  expect(html).toContain(want.replace(' (sample)', ''));
  expect(html.includes('>sample<')).toBe(want.endsWith('(sample)'));
});

test('tableBundle() embeds at most 1,000 rows, and the page knows that it has not all', () => {
  const rows = Array.from({ length: 5000 }, (_, index) => index);
  const { embedded, html } = bundle({ rows, total: 5000 });
  expect(embedded.cells.length).toBe(1000);
  expect(embedded.isCut).toBe(true);
  expect(html).toContain('first 1,000 of 5,000 elements');
});

test('tableBundle() embeds at most about 256 KB, whatever the rows are', () => {
  const wide = (seed: number) =>
    Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`column${i}`, `é${seed}`.repeat(500)]));
  const { html, text } = bundle({ rows: Array.from({ length: 100 }, (_, index) => wide(index)) });
  expect(html.length).toBeLessThan(1_000_000);
  expect(html).toContain('440 more columns');
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(130);
});

test('tableBundle() keeps numbers, nulls, gaps and types apart', () => {
  const rows = [
    { a: 1, b: 'x', c: null },
    { a: -0, b: true },
    { a: NaN, b: 1, c: 10n },
  ];
  const { embedded } = bundle({ rows });
  expect(embedded.cells).toEqual([
    [1, '"x"', null],
    ['-0', true, []],
    ['NaN', 1, '10'],
  ]);
  expect(embedded.numeric).toEqual([true, false, true]);
});

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;

test.each([
  { name: 'no rows', rows: [], want: 'it is empty' },
  { name: 'rows without columns', rows: [{}, {}], want: '{}' },
  { name: 'a circle', rows: [cyclic], want: '[circular]' },
  { name: 'nulls', rows: [null, undefined], want: 'null' },
  {
    name: 'grouped values',
    rows: [{ key: 'a', value: Array.from({ length: 5000 }, () => 1) }],
    want: '[5,000 values]',
  },
  {
    name: 'functions',
    rows: [
      () => 1,
      function stem() {
        return 1;
      },
    ],
    want: 'ƒ stem()',
  },
])('tableBundle() shows $name', ({ rows, want }) => {
  expect(bundle({ rows }).html).toContain(want);
});

test('tableBundle() adds event time, window and pane, when asked', () => {
  const start = Date.UTC(2026, 0, 1);
  const { text } = bundle({
    rows: ['a', 'b'],
    windowInfo: [
      { timestamp: MIN_TIMESTAMP, windows: GLOBAL_WINDOWS, pane: NO_FIRING },
      {
        timestamp: start,
        windows: [{ kind: 'interval', start, end: start + 60_000 }],
        pane: { ...NO_FIRING, timing: 'onTime', isLast: true },
      },
    ],
  });
  expect(text).toContain('event time');
  expect(text).toMatch(/a +start of time +global +–/);
  expect(text).toMatch(/b +2026-01-01T00:00:00Z +\[2026-01-01T00:00:00Z, .* +onTime 0 \(last\)/);
});

test('tableBundle() has a static first page and statistics, for where scripts and style sheets are removed', () => {
  const rows = Array.from({ length: 30 }, (_, index) => ({ key: `word${index % 3}`, value: index }));
  const html = bundle({ rows }).html.replace(/<(script|style)\b.*?<\/\1>/gs, '');
  expect(html.match(/<tr>/g)?.length).toBe(1 + 10 + 1 + 2);
  expect(html).toContain('the first 10 rows');
  expect(html).toContain('word0 ×10');
  expect(html).toContain('alt="histogram from 0 to 29"');
  expect(html).not.toMatch(/hidden|<svg|<button/);
});

const ATTACKS = [
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><b onmouseover=alert(1)>',
  "' onclick='alert(1)",
  '<!--<script>',
  ']]><x>',
  '\u2028</script\u2029>',
];

test.each(ATTACKS)('tableBundle() shows %j as text, wherever it stands', (attack) => {
  const { html, embedded } = bundle({
    name: attack,
    note: attack,
    elementType: attack,
    rows: [{ [attack]: attack, tags: [attack], long: attack.repeat(20) }],
  });
  const [row] = embedded.cells;
  expect(row?.[0]).toBe(attack.replace('\u2028', '\\u2028').replace('\u2029', '\\u2029'));
  expect(html.match(/<script\b/g)?.length).toBe(2);
  expect(html.match(/<\/script/g)?.length).toBe(2);
  expect(html).not.toMatch(/<(b|x|img src=x)\b/);
  // In the JSON a quote is no danger.
  expect(html.replace(/<script\b.*?<\/script>/gs, '')).not.toMatch(/["'] on(mouseover|click)=['"a]/);
});
