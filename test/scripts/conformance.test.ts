import { expect, test } from 'vitest';
import { canonical, sorted } from '../conformance/canonical.ts';
import { difference } from '../conformance/compare.ts';
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
  const rows = [
    { name: 'one', verdicts: { prism: 'pass', flink: 'Flink missing (get it)' } },
    { name: 'second', verdicts: { prism: 'out: 1 of 1 missing', flink: 'Flink missing (get it)' } },
  ];
  expect(table(rows, ['prism', 'flink']).split('\n')).toEqual([
    '             prism      flink',
    'one          pass       -',
    'second       FAIL       -',
    '2 pipelines  1 pass     0 pass',
    '',
    'second on prism: out: 1 of 1 missing',
    '',
    'Not run on flink: Flink missing (get it)',
  ]);
});
