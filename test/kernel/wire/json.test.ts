import { expect, test } from 'vitest';
import { decodeJson, encodeJson } from '../../../kernel/src/wire/json.ts';

test.each([
  { name: 'NaN and infinities', value: { a: NaN, b: [-Infinity] }, want: '{"a":null,"b":[null]}' },
  { name: 'a BigInt that a number holds', value: { n: 12n }, want: '{"n":12}' },
  { name: 'a larger BigInt', value: { n: 2n ** 64n }, want: '{"n":"18446744073709551616"}' },
  { name: 'nothing', value: undefined, want: '{}' },
])('encodeJson() writes $name', ({ value, want }) => {
  expect(encodeJson(value).toString()).toBe(want);
});

test('decodeJson() reads what Python writes beyond JSON, and leaves strings alone', () => {
  const text = '{"a": NaN, "b": [-Infinity, Infinity], "c": "NaN \\" Infinity", "d": 1}';
  expect(decodeJson(Buffer.from(text))).toEqual({ a: null, b: [null, null], c: 'NaN " Infinity', d: 1 });
});

test('decodeJson() throws on what is neither', () => {
  expect(() => decodeJson(Buffer.from('{"a": NaN'))).toThrow(SyntaxError);
});
