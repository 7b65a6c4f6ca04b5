import { expect, test } from 'vitest';

import { KeyIndex } from '../../../runtime/src/coders/key-index.ts';

test('KeyIndex numbers equal keys alike, in the order of first sight', () => {
  const index = new KeyIndex('Group');
  const first = { a: 1 };
  const keys = ['x', 1, '1', first, null, undefined, NaN, -0, 'x', { a: 1 }, NaN, 0, null, 1n, true];
  expect(keys.map((key) => index.numberOf(key))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0, 3, 6, 7, 4, 8, 9]);
  expect(index.size).toBe(10);
  const seen = index.drain();
  expect(seen).toEqual(['x', 1, '1', { a: 1 }, null, undefined, NaN, 0, 1n, true]);
  expect(seen[3]).toBe(first);
  expect(index.size).toBe(0);
  expect(index.numberOf('other')).toBe(0);
});
