import { expect, test } from 'vitest';
import { wireName } from '../../../runtime/src/promote/wire-name.ts';

test.each([
  { name: 'word-count [1]', want: 'word-count [1]' },
  { name: 'größe', want: 'gr%C3%B6%C3%9Fe' },
  { name: 'a\nb\t"c"', want: 'a%0Ab%09"c"' },
  { name: '日', want: '%E6%97%A5' },
])('wireName() gives $want for $name', ({ name, want }) => {
  expect(wireName(name)).toBe(want);
});

test('wireName() gives printable ASCII for half of a surrogate pair', () => {
  expect(wireName('\ud800')).toBe('%EF%BF%BD');
});
