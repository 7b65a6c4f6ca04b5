import { expect, test } from 'vitest';

import { BOOL_CODER } from '../../../runtime/src/coders/bool.ts';
import { BYTES_CODER } from '../../../runtime/src/coders/bytes.ts';
import type { Coder } from '../../../runtime/src/coders/coder.ts';
import { DOUBLE_CODER } from '../../../runtime/src/coders/double.ts';
import { KVCoder } from '../../../runtime/src/coders/kv.ts';
import { NullableCoder } from '../../../runtime/src/coders/nullable.ts';
import { STRING_UTF8_CODER } from '../../../runtime/src/coders/string-utf8.ts';
import { VARINT_CODER } from '../../../runtime/src/coders/varint.ts';
import { PipelineError } from '../../../runtime/src/errors.ts';
import { decoded, encoded, hexOf } from '../../support/round-trip.ts';

// The bytes are what VarIntCoder of Beam's Python SDK 2.77 writes.
test.each([
  [2n ** 63n - 1n, 'ffffffffffffffff7f'],
  [-(2n ** 63n), '80808080808080808001'],
  [-5, 'fbffffffffffffffff01'],
  [2 ** 49, '8080808080808001'],
  [2n ** 53n + 1n, '8180808080808010'],
])('VARINT_CODER writes %s as Beam does, and gives it back exactly', (value, hex) => {
  expect(hexOf(VARINT_CODER, value)).toBe(hex);
  expect(decoded(VARINT_CODER, Buffer.from(hex, 'hex'))).toBe(value);
});

test('VARINT_CODER gives a number for a bigint that is one exactly', () => {
  expect(decoded(VARINT_CODER, encoded(VARINT_CODER, 7n))).toBe(7);
});

test('BYTES_CODER gives bytes of their own, not a view of the input', () => {
  const input = Uint8Array.of(1, 5);
  const bytes = decoded(BYTES_CODER, input);
  input[1] = 6;
  expect(bytes).toEqual(Uint8Array.of(5));
});

test.each<{ coder: Coder; value: unknown; message: string }>([
  { coder: VARINT_CODER, value: 0.5, message: 'an integer of 64 bits: received the number 0.5' },
  { coder: VARINT_CODER, value: 2n ** 63n, message: 'an integer of 64 bits: received the bigint' },
  { coder: BOOL_CODER, value: 1, message: 'a boolean: received the number 1' },
  { coder: DOUBLE_CODER, value: '1', message: 'a number: received the string "1"' },
  { coder: BYTES_CODER, value: [1], message: 'a Uint8Array: received an instance of Array' },
  { coder: STRING_UTF8_CODER, value: null, message: 'a string: received null' },
  { coder: STRING_UTF8_CODER, value: 'a\ud800', message: 'a string without lone surrogates: received' },
  {
    coder: new KVCoder(BOOL_CODER, BOOL_CODER),
    value: 'a',
    message: '{ key, value }: received the string "a"',
  },
])('$coder.urn refuses $value, with what it must be', ({ coder, value, message }) => {
  expect(() => encoded(coder, value)).toThrow(PipelineError);
  expect(() => encoded(coder, value)).toThrow(`Cannot encode by ${coder.urn} as it must be ${message}`);
});

test.each<{ coder: Coder; bytes: readonly number[] }>([
  { coder: BOOL_CODER, bytes: [2] },
  { coder: new NullableCoder(BOOL_CODER), bytes: [3, 0] },
  { coder: VARINT_CODER, bytes: new Array<number>(11).fill(0xff) },
])('$coder.urn refuses bytes that no value has', ({ coder, bytes }) => {
  expect(() => decoded(coder, Uint8Array.from(bytes))).toThrow(RangeError);
});
