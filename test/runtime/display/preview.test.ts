import { expect, test } from 'vitest';
import { cellText, preview } from '../../../runtime/src/display/preview.ts';
import { displayWidth } from '../../../runtime/src/display/text-width.ts';

const cyclic: Record<string, unknown> = { a: 1 };
cyclic.self = cyclic;
const stem = (): number => 1;
class Whale {
  name = 'Moby';
}
const thrower = new Proxy(
  {},
  {
    ownKeys: () => {
      throw new TypeError('no');
    },
    getPrototypeOf: () => {
      throw new TypeError('no');
    },
  },
);
let getterCalls = 0;
const withGetter = Object.defineProperty({ a: 1 }, 'b', { get: () => ++getterCalls, enumerable: true });

test.each([
  { name: 'a string', value: 'a "b"\n', want: '"a \\"b\\"\\n"' },
  { name: 'numbers that are easily lost', value: [-0, NaN, Infinity, 10n], want: '[-0, NaN, Infinity, 10n]' },
  { name: 'null and undefined', value: [null, undefined], want: '[null, undefined]' },
  { name: 'an object', value: { a: 1, 'b c': [true] }, want: '{ a: 1, "b c": [true] }' },
  { name: 'an empty object', value: {}, want: '{}' },
  {
    name: 'a null prototype',
    value: Object.assign(Object.create(null) as object, { a: 1 }),
    want: '{ a: 1 }',
  },
  { name: 'a class instance', value: new Whale(), want: 'Whale { name: "Moby" }' },
  { name: 'a Map', value: new Map([['k', { v: 1 }]]), want: 'Map {"k" => { v: 1 }}' },
  { name: 'a Set', value: new Set([1, 'x']), want: 'Set {1, "x"}' },
  { name: 'a typed array', value: new Uint8Array([1, 2]), want: 'Uint8Array [1, 2]' },
  { name: 'a date', value: new Date(Date.UTC(2026, 0, 2)), want: '2026-01-02' },
  { name: 'an invalid date', value: new Date(NaN), want: 'Invalid Date' },
  { name: 'a function', value: stem, want: 'ƒ stem()' },
  { name: 'a symbol', value: Symbol('s'), want: 'Symbol(s)' },
  { name: 'an error', value: new RangeError('too far'), want: 'RangeError: too far' },
  { name: 'a circle', value: cyclic, want: '{ a: 1, self: [circular] }' },
  { name: 'a proxy that throws', value: thrower, want: '[unreadable]' },
  { name: 'a getter', value: withGetter, want: '{ a: 1, b: [getter] }' },
  { name: 'a text-direction override', value: 'a\u202eb', want: '"a\\u202eb"' },
  { name: 'a lone surrogate', value: '\ud800', want: '"\\ud800"' },
  { name: 'what is deeply nested', value: [[[[[[1]]]]]], want: '[[[[[1 value]]]]]' },
])('preview() shows $name', ({ value, want }) => {
  expect(preview(value)).toBe(want);
});

test('preview() never calls a getter', () => {
  preview(withGetter);
  expect(getterCalls).toBe(0);
});

test('preview() says how many values there are, when they do not all fit', () => {
  const shown = preview(
    Array.from({ length: 12_345 }, (_, index) => index),
    40,
  );
  expect(shown).toMatch(/^\[12,345 values\] 0, 1, 2/);
  expect(displayWidth(shown)).toBeLessThanOrEqual(40);
});

test('preview() looks at no more of an endless iterable than it shows', () => {
  let taken = 0;
  const endless = {
    *[Symbol.iterator]() {
      for (;;) yield taken++;
    },
  };
  expect(preview(endless, 30)).toMatch(/^\[values\] 0, 1/);
  expect(taken).toBeLessThan(40);
});

test.each([
  { name: 'a string of 50 MB', value: 'x'.repeat(50_000_000) },
  { name: 'a bigint of a million digits', value: 10n ** 1_000_000n },
  {
    name: 'an object of 100,000 properties',
    value: Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [`p${i}`, i])),
  },
  { name: 'wide characters', value: '白鯨'.repeat(100) },
  { name: 'emoji families', value: '👩‍👩‍👧‍👦'.repeat(100) },
])('preview() keeps to its width, given $name', ({ value }) => {
  expect(displayWidth(preview(value, 50))).toBeLessThanOrEqual(50);
});

test('cellText() leaves a string unquoted, and what is in it quoted', () => {
  expect(cellText('whale')).toBe('whale');
  expect(cellText(['whale'])).toBe('["whale"]');
});
