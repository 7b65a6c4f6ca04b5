import { expect, test } from 'vitest';
import { digestValue } from '../../../runtime/src/capture/digest.ts';
import { evaluate } from './evaluate.ts';
import { DIFFERENT, SAME } from './pairs.ts';

const keyOf = (body: string) => digestValue(evaluate(body)).key;

test.each(SAME)('digestValue() is the same for $name', ({ before, after }) => {
  expect(keyOf(after)).toBe(keyOf(before));
});

test.each(DIFFERENT)('digestValue() differs for $name', ({ before, after }) => {
  expect(keyOf(before)).toBe(keyOf(before));
  expect(keyOf(after)).not.toBe(keyOf(before));
});
