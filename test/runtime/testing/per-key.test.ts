import type { KV } from 'millrace';
import { containsInAnyOrder, equalToPerKey, hasSize, isEmpty, matchesPerKey } from 'millrace/testing';
import { expect, test } from 'vitest';
import { reportOf } from '../../support/report-of.ts';

const kv = <K, V>(key: K, value: V): KV<K, V> => ({ key, value });
const WORDS = [kv('sea', 1), kv('whale', 3), kv('sea', 2)];

test('equalToPerKey() holds of one value for each key, also for keys that are no strings', async () => {
  expect(await reportOf([kv('a', [1]), kv('b', [2])], equalToPerKey({ b: [2], a: [1] }))).toEqual(['holds']);
  const rows = [kv({ x: 1, y: 2 }, 'a'), kv({ x: 1, y: 3 }, 'b')];
  const expected: [{ x: number; y: number }, string][] = [
    [{ y: 2, x: 1 }, 'a'],
    [{ y: 3, x: 1 }, 'b'],
  ];
  expect(await reportOf(rows, equalToPerKey(expected))).toEqual(['holds']);
  expect(await reportOf(rows, equalToPerKey(new Map(expected)))).toEqual(['holds']);
});

test('equalToPerKey() tells keys that are different, missing and unexpected', async () => {
  const matcher = equalToPerKey({ whale: 4, sea: 1, ship: 5 });
  expect(await reportOf([...WORDS, kv('rope', 7), kv('rope', 8)], matcher, { label: 'words' })).toEqual([
    'Assertion "words" failed: equalToPerKey expects 3 keys, received 3: 2 different, 1 missing, 1 unexpected',
    'key "whale": expected 4, received 3',
    'key "sea": expected 1, received 2 values; received: 1, 2',
    'key "ship": expected 5, received nothing',
    'key "rope": unexpected: 7, 8',
  ]);
});

test('equalToPerKey() tells a few keys of many, and elements that have none', async () => {
  const many = Array.from({ length: 9 }, (_, n) => kv(`k${n}`, n));
  expect(await reportOf(many, equalToPerKey<number>({}))).toEqual([
    'Assertion failed: equalToPerKey expects 0 keys, received 9: 9 unexpected',
    ...[0, 1, 2, 3, 4].map((n) => `key "k${n}": unexpected: ${n}`),
    '… 4 more keys',
  ]);
  expect(await reportOf([5 as never], equalToPerKey<number>({ a: 1 }))).toEqual([
    'Assertion failed: equalToPerKey expects elements with a key and a value, received another one',
    'received: 5',
  ]);
});

test('matchesPerKey() has the values of each key judged by its own matcher', async () => {
  const right = matchesPerKey({ sea: containsInAnyOrder([2, 1]), whale: hasSize(1), ship: isEmpty() });
  expect(await reportOf(WORDS, right)).toEqual(['holds']);
  const wrong = matchesPerKey({ sea: containsInAnyOrder([1, 5]), whale: hasSize(1), ship: hasSize(1) });
  expect(await reportOf(WORDS, wrong)).toEqual([
    'Assertion failed: matchesPerKey expects 3 keys, received 2: 1 different, 1 missing',
    'key "sea": containsInAnyOrder expects 2 elements, received 2: 1 missing, 1 unexpected; missing: 5; unexpected: 2',
    'key "ship": hasSize expects 1 element, received none',
  ]);
});
