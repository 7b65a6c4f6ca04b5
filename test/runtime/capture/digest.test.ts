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

test.each([
  'return (x) => x + process.env.MILLRACE_TEST;',
  'return (x) => x + globalThis.process.env["MILLRACE_TEST"];',
  'const { env } = process; return (x) => x + env.MILLRACE_TEST;',
  'return (x) => ({ ...process.env, x });',
  'const read = () => process.env.MILLRACE_TEST; return (x) => x + read();',
])('digestValue() differs when the environment that %j reads does', (body) => {
  const keys = ['a', 'b', undefined].map((value) => {
    if (value === undefined) delete process.env.MILLRACE_TEST;
    else process.env.MILLRACE_TEST = value;
    return keyOf(body);
  });
  expect(new Set(keys).size).toBe(3);
});

test('digestValue() does not see variables of the environment that are not read', () => {
  const body = 'return (x) => x + process.env.HOME + process.platform;';
  delete process.env.MILLRACE_TEST;
  const before = keyOf(body);
  process.env.MILLRACE_TEST = 'set';
  expect(keyOf(body)).toBe(before);
  delete process.env.MILLRACE_TEST;
});
