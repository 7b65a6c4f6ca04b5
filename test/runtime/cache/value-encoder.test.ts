import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';

import { ValueDecoder } from '../../../runtime/src/cache/value-decoder.ts';
import { ValueEncoder } from '../../../runtime/src/cache/value-encoder.ts';
import { anyValue } from '../../support/any-value.ts';

/** What comes back of values that are encoded one after the other. */
function roundTrip(...values: readonly unknown[]): unknown[] {
  const encoder = new ValueEncoder();
  for (const value of values) encoder.add(value);
  const decoder = new ValueDecoder(encoder.take());
  return values.map(() => decoder.next());
}

const SYMBOL = Symbol('key');

test('ValueEncoder gives back any value, whatever came before it', () => {
  fc.assert(
    fc.property(fc.array(anyValue, { maxLength: 5 }), (values) => {
      const back = roundTrip(...values);
      // Node's comparison knows every own property, but not that two invalid dates are alike.
      if (!isDeepStrictEqual(back, values)) expect(back).toStrictEqual(values);
    }),
    { numRuns: 500 },
  );
});

test.each([
  { name: 'undefined', value: undefined },
  { name: 'NaN', value: NaN },
  { name: '-0', value: -0 },
  { name: 'the largest integers of 32 bits', value: [2147483647, -2147483648, 2147483648, -2147483649] },
  { name: 'an Invalid Date', value: new Date(NaN) },
  { name: 'bigints', value: [0n, -1n, 2n ** 200n, -(2n ** 64n)] },
  { name: 'lone surrogates and a NUL', value: ['\ud800', 'a\udfff', '\0', 'é', '漢', ''] },
  {
    name: 'long strings of each kind',
    value: ['é'.repeat(1000), '漢'.repeat(1000), '\ud800'.repeat(200_000)],
  },
  { name: 'holes', value: [, 1, , undefined, ,] }, // eslint-disable-line no-sparse-arrays -- they are the test
  { name: 'an own property __proto__', value: JSON.parse('{"__proto__":{"a":1},"b":2}') as unknown },
  { name: 'no prototype', value: Object.assign(Object.create(null) as object, { a: 1 }) },
  { name: 'a RegExp', value: /a\/[b]/giu },
  { name: 'a Buffer', value: Buffer.from('abc') },
  { name: 'a typed array within a buffer', value: new Uint16Array(new ArrayBuffer(16), 2, 3) },
  { name: 'a DataView', value: new DataView(new ArrayBuffer(8), 1, 4) },
  { name: 'an ArrayBuffer', value: Uint8Array.from([1, 2, 3]).buffer },
  { name: 'keys of a Map that are objects', value: new Map([[{ a: 1 }, new Set([[1]])]]) },
])('ValueEncoder gives back $name', ({ value }) => {
  const [back] = roundTrip(value);
  if (!isDeepStrictEqual(back, value)) expect(value).toStrictEqual(new Date(NaN));
  expect(back).toStrictEqual(value);
});

test('ValueEncoder keeps the place of a RegExp, and stores a Buffer without its pool', () => {
  const sticky = /a/y;
  sticky.lastIndex = 3;
  const [back, buffer] = roundTrip(sticky, Buffer.from('abc')) as [RegExp, Buffer];
  expect(back.lastIndex).toBe(3);
  expect(buffer.toString()).toBe('abc');
});

test('ValueEncoder keeps references and cycles within an element, and none between elements', () => {
  const shared = { a: 1 };
  const cycle: unknown[] = [shared];
  cycle.push(cycle, new Map([[shared, cycle]]));
  const [one, two] = roundTrip(cycle, [shared, shared]) as [unknown[], unknown[]];
  expect(one[1]).toBe(one);
  expect((one[2] as Map<unknown, unknown>).get(one[0])).toBe(one);
  expect(two[0]).toBe(two[1]);
  expect(two[0]).not.toBe(one[0]);
  expect(two[0]).toEqual({ a: 1 });
});

test('ValueEncoder keeps references among many objects, and buffers that views share', () => {
  const many = Array.from({ length: 100 }, (_, i) => ({ i }));
  const [back] = roundTrip([...many, ...many]) as [unknown[]];
  for (let i = 0; i < 100; i++) expect(back[i]).toBe(back[i + 100]);
  const buffer = new ArrayBuffer(8);
  const [views] = roundTrip([new Uint8Array(buffer), new Float64Array(buffer)]) as [
    [Uint8Array, Float64Array],
  ];
  expect(views[0].buffer).toBe(views[1].buffer);
});

test('ValueEncoder tells objects of many shapes apart', () => {
  const values = Array.from({ length: 500 }, (_, i) =>
    i % 3 === 0 ? { a: i, b: { a: i } } : i % 3 === 1 ? { b: i, a: '漢' } : { [`k${i}`]: i, a: undefined },
  );
  expect(roundTrip(...values)).toStrictEqual(values);
  expect(roundTrip(...values).map((value) => Object.keys(value as object))).toEqual(
    values.map((value) => Object.keys(value)),
  );
});

test('ValueEncoder gives new objects to each reader', () => {
  const encoder = new ValueEncoder();
  encoder.add({ a: [1] });
  const encoded = encoder.take();
  const first = new ValueDecoder(encoded).next() as { a: number[] };
  first.a.push(2);
  expect(new ValueDecoder(encoded).next()).toEqual({ a: [1] });
});

class Point {
  x = 1;
}

test.each([
  { name: 'a function', value: { f: () => 1 }, what: 'a function' },
  { name: 'a symbol', value: [SYMBOL], what: 'a symbol' },
  { name: 'an instance', value: new Map([[1, new Point()]]), what: 'an instance of Point' },
  { name: 'a subclass of Array', value: new (class List extends Array {})(), what: 'an instance of List' },
  { name: 'a subclass of Map', value: new (class Table extends Map {})(), what: 'an instance of Table' },
  { name: 'a symbol key', value: { [SYMBOL]: 1 }, what: 'symbol or hidden' },
  {
    name: 'a hidden property',
    value: Object.defineProperty({}, 'a', { value: 1 }),
    what: 'symbol or hidden',
  },
  { name: 'an accessor', value: { get a() { return 1; } }, what: 'an accessor a' }, // prettier-ignore
  { name: 'a Proxy', value: new Proxy({}, {}), what: 'a Proxy' },
  { name: 'a Proxy of an array', value: [new Proxy([], {})], what: 'a Proxy' },
  { name: 'a match, which is an array and more', value: /a/.exec('a'), what: 'other properties' },
  { name: 'a Map with properties', value: Object.assign(new Map(), { a: 1 }), what: 'an instance of Map' },
  { name: 'an Error', value: new TypeError('no'), what: 'an instance of TypeError' },
  { name: 'a boxed number', value: Object(1) as unknown, what: 'an instance of Number' },
  { name: 'a promise', value: Promise.resolve(1), what: 'an instance of Promise' },
  { name: 'a WeakMap', value: new WeakMap(), what: 'an instance of WeakMap' },
  {
    name: 'shared memory',
    value: new Uint8Array(new SharedArrayBuffer(8)),
    what: 'an instance of Uint8Array',
  },
  {
    name: 'a borrowed prototype',
    value: Object.create(Date.prototype) as unknown,
    what: 'an instance of Date',
  },
  { name: 'a huge sparse array', value: new Array(1e9), what: 'a sparse array' },
])('ValueEncoder refuses $name', ({ value, what }) => {
  expect(() => roundTrip(value)).toThrow(what);
});

test('ValueEncoder refuses a module', async () => {
  const module: unknown = await import('../../../runtime/src/cache/errors.ts');
  expect(() => roundTrip(module)).toThrow();
});
