import fc from 'fast-check';
import { expect, test } from 'vitest';

import { KeyCoder } from '../../../runtime/src/coders/key-coder.ts';
import { KeyIndex } from '../../../runtime/src/coders/key-index.ts';
import { decoded, encoded, hexOf } from '../../support/round-trip.ts';

const hex = (key: unknown) => hexOf(new KeyCoder('Group'), key);

/** Whether two keys are one as groupBy holds them: by number. */
function isOneKey(a: unknown, b: unknown): boolean {
  const index = new KeyIndex('Group');
  return index.numberOf(a) === index.numberOf(b);
}

const TWICE = { a: 1 };
const ITEMS = [1];

test.each([
  ['the order of properties', { a: 1, b: [2] }, { b: [2], a: 1 }],
  ['the order of properties, deep and shared', [{ x: { p: 1, q: 2 } }], [{ x: { q: 2, p: 1 } }]],
  ['-0 and 0', [-0], [0]],
  ['-0 and 0 alone', -0, 0],
  ['NaN', [NaN], [NaN]],
  ['a Buffer and a Uint8Array of the same bytes', Buffer.from([1, 2]), new Uint8Array([1, 2])],
  ['dates of one instant', new Date(5), new Date(5)],
  ['invalid dates', new Date(NaN), new Date(NaN)],
  ['a hole and undefined', Array<unknown>(1), [undefined]],
  [
    'an object that is there twice and two alike',
    [[TWICE], TWICE, [TWICE]],
    [[{ a: 1 }], { a: 1 }, [{ a: 1 }]],
  ],
  ['an array that is there twice and two alike', [ITEMS, { a: ITEMS }], [[1], { a: [1] }]],
  ['objects without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
])('KeyCoder holds equal: %s', (_name, a, b) => {
  expect(hex(a)).toBe(hex(b));
  expect(isOneKey(a, b)).toBe(true);
});

test.each([
  ['number and string', [1], ['1']],
  ['number and bigint', [1], [1n]],
  ['number and bigint alone', 1, 1n],
  ['null and undefined', [null], [undefined]],
  ['absent and undefined', {}, { a: undefined }],
  ['where strings end', ['ab', 'c'], ['a', 'bc']],
  ['nesting', [[1], 2], [[1, 2]]],
  ['array and object', [1], { 0: 1 }],
  ['date and number', [new Date(1)], [1]],
  ['text that looks encoded', ['s1:a'], ['a']],
  ['name and value', { a: 'b' }, { ab: '' }],
  ['lone surrogates', '\ud800', '\ud801'],
  ['latin1 and other text', ['\xff'], ['\u0100']],
  ['bytes and text', new Uint8Array([97]), 'a'],
])('KeyCoder tells apart: %s', (_name, a, b) => {
  expect(hex(a)).not.toBe(hex(b));
  expect(isOneKey(a, b)).toBe(false);
});

class Point {
  readonly x = 1;
}

function nested(levels: number): unknown {
  let value: unknown = null;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

const cycle: Record<string, unknown> = {};
cycle.self = [cycle];

test.each([
  [{ tags: [new Map()] }, 'an instance of Map at key.tags[0]'],
  [{ at: new Point() }, 'an instance of Point at key.at'],
  [new Set(), 'an instance of Set at key'],
  [{ f: () => 1 }, 'a function at key.f'],
  [[Symbol('s')], 'a symbol at key[0]'],
  [cycle, 'a cycle at key.self[0]'],
  [nested(100_000), 'a key of more than 500 levels at key'],
  [{ [Symbol('s')]: 1 }, 'a property whose name is a symbol at key'],
])('KeyCoder refuses what has no deterministic encoding, and names the path', (key, received) => {
  const message = `Cannot group by key in "Group" as its keys must have a deterministic encoding: received ${received}`;
  expect(() => hex(key)).toThrow(message);
  expect(() => new KeyIndex('Group').numberOf(key)).toThrow(message);
});

const leaf = fc.oneof(
  fc.string({ maxLength: 3, unit: 'binary' }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, undefined),
  fc.bigInt(),
  fc.date(),
  fc.uint8Array({ maxLength: 3 }),
);
const { key: anyKey } = fc.letrec((tie) => ({
  key: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('key'), { maxLength: 3 }),
    fc.dictionary(fc.string({ maxLength: 2 }), tie('key'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

test('KeyCoder gives equal bytes to equal keys alone, as KeyIndex does', () => {
  fc.assert(
    fc.property(anyKey, anyKey, (a, b) => {
      const isEqual = oracle(a) === oracle(b);
      expect(hex(a) === hex(b)).toBe(isEqual);
      expect(isOneKey(a, b)).toBe(isEqual);
      expect(hex(structuredClone(a))).toBe(hex(a));
    }),
  );
});

test('KeyCoder gives back an equal key', () => {
  const coder = new KeyCoder('Group');
  fc.assert(
    fc.property(anyKey, (key) => {
      const back = decoded(new KeyCoder('Group'), encoded(coder, key));
      expect(oracle(back)).toBe(oracle(key));
      expect(back).toEqual(withoutMinusZero(key));
    }),
    { numRuns: 300 },
  );
});

/** The key as text that is equal for equal keys alone, by the rules of KeyWriter's description. */
function oracle(key: unknown): string {
  if (Array.isArray(key)) return `[${Array.from(key, oracle).join(',')}]`;
  if (key instanceof Date) return `Date ${key.getTime()}`;
  if (key instanceof Uint8Array) return `bytes ${Array.from(key).join(' ')}`;
  if (typeof key === 'object' && key !== null) {
    const fields = Object.entries(key).map(([name, value]) => `${JSON.stringify(name)}:${oracle(value)}`);
    return `{${fields.sort().join(',')}}`;
  }
  return typeof key === 'string' ? JSON.stringify(key) : `${typeof key} ${String(key)}`;
}

function withoutMinusZero(key: unknown): unknown {
  if (Array.isArray(key)) return key.map(withoutMinusZero);
  if (key === 0) return 0;
  if (typeof key !== 'object' || key === null || key instanceof Date || key instanceof Uint8Array) return key;
  return Object.fromEntries(Object.entries(key).map(([name, value]) => [name, withoutMinusZero(value)]));
}
