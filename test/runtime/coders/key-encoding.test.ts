import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeKey } from '../../../runtime/src/coders/key-encoding.ts';
import { KeyIndex } from '../../../runtime/src/coders/key-index.ts';

const encode = (key: unknown) => encodeKey(key, 'Group');

test.each([
  ['the order of properties', { a: 1, b: [2] }, { b: [2], a: 1 }],
  ['-0 and 0', [-0], [0]],
  ['NaN', [NaN], [NaN]],
  ['a Buffer and a Uint8Array of the same bytes', Buffer.from([1, 2]), new Uint8Array([1, 2])],
  ['dates of one instant', new Date(5), new Date(5)],
  ['a hole and undefined', Array<unknown>(1), [undefined]],
  ['objects without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
])('encodeKey() holds equal: %s', (_name, a, b) => {
  expect(encode(a)).toBe(encode(b));
});

test.each([
  ['number and string', [1], ['1']],
  ['number and bigint', [1], [1n]],
  ['null and undefined', [null], [undefined]],
  ['absent and undefined', {}, { a: undefined }],
  ['where strings end', ['ab', 'c'], ['a', 'bc']],
  ['nesting', [[1], 2], [[1, 2]]],
  ['array and object', [1], { 0: 1 }],
  ['date and number', [new Date(1)], [1]],
  ['text that looks encoded', ['s1:a'], ['a']],
  ['name and value', { a: 'b' }, { ab: '' }],
])('encodeKey() tells apart: %s', (_name, a, b) => {
  expect(encode(a)).not.toBe(encode(b));
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
])('encodeKey() refuses what has no deterministic encoding, and names the path', (key, received) => {
  expect(() => encode(key)).toThrow(
    `Cannot group by key in "Group" as its keys must have a deterministic encoding: received ${received}`,
  );
});

test('encodeKey() gives equal text for structurally equal keys alone', () => {
  const leaf = fc.oneof(
    fc.string({ maxLength: 3 }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt(),
  );
  const { key } = fc.letrec((tie) => ({
    key: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('key'), { maxLength: 3 }),
      fc.dictionary(fc.string({ maxLength: 2 }), tie('key'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(key, key, (a, b) => {
      let isEqual = true;
      try {
        expect(a).toStrictEqual(b);
      } catch {
        isEqual = false;
      }
      expect(encode(a) === encode(b)).toBe(isEqual);
      expect(encode(structuredClone(a))).toBe(encode(a));
    }),
  );
});

test('KeyIndex numbers equal keys alike, in the order of first sight', () => {
  const index = new KeyIndex('Group');
  const first = { a: 1 };
  const keys = ['x', 1, '1', first, null, undefined, NaN, -0, 'x', { a: 1 }, NaN, 0, null, 1n, true];
  expect(keys.map((key) => index.numberOf(key))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0, 3, 6, 7, 4, 8, 9]);
  expect(index.size).toBe(10);
  const seen = index.drain();
  expect(seen).toEqual(['x', 1, '1', { a: 1 }, null, undefined, NaN, -0, 1n, true]);
  expect(seen[3]).toBe(first);
  expect(index.size).toBe(0);
  expect(index.numberOf('other')).toBe(0);
});
