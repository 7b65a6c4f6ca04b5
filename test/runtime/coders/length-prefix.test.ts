import { expect, test } from 'vitest';

import { BYTES_CODER } from '../../../runtime/src/coders/bytes.ts';
import type { Coder } from '../../../runtime/src/coders/coder.ts';
import { EndOfInput } from '../../../runtime/src/coders/end-of-input.ts';
import { KVCoder } from '../../../runtime/src/coders/kv.ts';
import { LengthPrefixCoder } from '../../../runtime/src/coders/length-prefix.ts';
import { NullableCoder } from '../../../runtime/src/coders/nullable.ts';
import { STRING_UTF8_CODER } from '../../../runtime/src/coders/string-utf8.ts';
import { ValueCoder } from '../../../runtime/src/coders/value-coder.ts';
import { VARINT_CODER } from '../../../runtime/src/coders/varint.ts';
import { decoded, encoded, hexOf } from '../../support/round-trip.ts';

// The bytes are what LengthPrefixCoder of Beam's Python SDK 2.77 writes.
test.each<{ name: string; coder: Coder; value: unknown; hex: string }>([
  { name: 'a string', coder: STRING_UTF8_CODER, value: 'abc', hex: '03616263' },
  {
    name: 'a pair whose value ends by itself',
    coder: new KVCoder(STRING_UTF8_CODER, VARINT_CODER),
    value: { key: 'k', value: 300 },
    hex: '04016bac02',
  },
  {
    name: 'a pair of strings and bytes',
    coder: new KVCoder(STRING_UTF8_CODER, BYTES_CODER),
    value: { key: 'k', value: Buffer.from('xyz') },
    hex: '05016b78797a',
  },
  {
    name: 'nullable bytes',
    coder: new NullableCoder(BYTES_CODER),
    value: Buffer.from('xyz'),
    hex: '040178797a',
  },
])('LengthPrefixCoder writes $name without a length of its own, as Beam does', ({ coder, value, hex }) => {
  const prefixed = new LengthPrefixCoder(coder);
  expect(hexOf(prefixed, value)).toBe(hex);
  expect(hexOf(prefixed, decoded(prefixed, Buffer.from(hex, 'hex')))).toBe(hex);
});

test('LengthPrefixCoder gives back values of any length', () => {
  const coder = new LengthPrefixCoder(new ValueCoder());
  for (const length of [0, 1, 124, 125, 126, 127, 128, 20_000, 3_000_000]) {
    const value = 'x'.repeat(length);
    expect(decoded(coder, encoded(coder, value)) === value).toBe(true);
  }
});

test('LengthPrefixCoder asks for all that is missing at once', () => {
  const bytes = encoded(new LengthPrefixCoder(new ValueCoder()), 'x'.repeat(1000));
  expect(() => decoded(new LengthPrefixCoder(new ValueCoder()), bytes.subarray(0, 100))).toThrow(
    new EndOfInput(bytes.length - 100),
  );
});

test('LengthPrefixCoder refuses a value that ends elsewhere than its bytes', () => {
  expect(() => decoded(new LengthPrefixCoder(VARINT_CODER), Uint8Array.of(2, 1, 1))).toThrow(
    'Cannot decode a length-prefixed value as it must end with its 2 bytes: received one of 1',
  );
});
