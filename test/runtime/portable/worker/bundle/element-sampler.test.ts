import { expect, test } from 'vitest';

import type { Coder } from '../../../../../runtime/src/coders/coder.ts';
import { ValueCoder } from '../../../../../runtime/src/coders/value-coder.ts';
import { added, ElementSampler } from '../../../../../runtime/src/portable/worker/bundle/element-sampler.ts';

const VALUE = new ValueCoder();

test('ElementSampler keeps elements as they were when it looked', () => {
  const sampler = new ElementSampler(() => 0);
  const element = { n: 1 };
  const size = sampler.look('p', VALUE, element);
  element.n = 2;
  const [kept] = sampler.kept(['p']).get('p') ?? [];
  expect(size).toBe(kept?.bytes.length);
  sampler.look('q', VALUE, 1);
  expect([...sampler.kept().keys()]).toEqual(['p', 'q']);
  expect(sampler.kept(['other']).get('other')).toEqual([]);
});

test('ElementSampler passes over what its coder refuses, and measures without keeping what is large', () => {
  const sampler = new ElementSampler(() => 0);
  expect(sampler.look('p', VALUE, () => 1)).toBeUndefined();
  expect(sampler.look('p', VALUE, 'x'.repeat(100_000))).toBeGreaterThan(100_000);
  expect(sampler.kept(['p']).get('p')).toEqual([]);
});

test('ElementSampler takes no more than its share of the time, but for the first three elements', () => {
  let now = 0;
  const sampler = new ElementSampler(() => now);
  // Each look takes a second.
  const slow = coderOf(() => (now += 1000));
  for (let i = 0; i < 3; i++) expect(sampler.look('p', slow, 1)).toBeDefined();
  expect(sampler.look('p', slow, 1)).toBeUndefined();
  expect(sampler.look('q', slow, 1)).toBeDefined();
  now = 1_000_000;
  expect(sampler.look('p', slow, 1)).toBeDefined();
});

/** A coder of one byte that does something first. */
function coderOf(before: () => void): Coder {
  return {
    urn: 'test',
    components: [],
    isDeterministic: true,
    encode(_value, to) {
      before();
      to.byte(1);
    },
    decode: () => 1,
  };
}

test('added() adds to count, sum, least and greatest', () => {
  expect([3, -1, 7].reduce<ReturnType<typeof added> | undefined>(added, undefined)).toEqual({
    count: 3,
    sum: 9,
    min: -1,
    max: 7,
  });
});
