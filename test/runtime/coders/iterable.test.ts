import { expect, test } from 'vitest';

import { InputBytes } from '../../../runtime/src/coders/input-bytes.ts';
import { IterableCoder } from '../../../runtime/src/coders/iterable.ts';
import { VARINT_CODER } from '../../../runtime/src/coders/varint.ts';
import { decoded, encoded, hexOf } from '../../support/round-trip.ts';

const coder = new IterableCoder(VARINT_CODER);

test('IterableCoder writes an array with its length in front, and gives it back', () => {
  expect(hexOf(coder, [1, 300])).toBe('00000002' + '01' + 'ac02');
  const many = Array.from({ length: 3000 }, (_, index) => index);
  expect(decoded(coder, encoded(coder, many))).toEqual(many);
});

test('IterableCoder writes what has no length in blocks, once through', () => {
  expect(hexOf(coder, new Set([1, 2]))).toBe('ffffffff' + '02' + '0102' + '00');
  expect(hexOf(coder, new Set<number>())).toBe('ffffffff' + '00');
  function* numbers(count: number) {
    for (let number = 0; number < count; number++) yield number;
  }
  for (const count of [1023, 1024, 1025, 5000]) {
    const bytes = encoded(coder, numbers(count));
    expect(decoded(coder, bytes)).toEqual([...numbers(count)]);
  }
});

test('IterableCoder hands the rest that is in the runner’s state to `open`', () => {
  const token = Uint8Array.of(7, 8);
  const bytes = Buffer.from(
    'ffffffff' + '02' + '0102' + 'ffffffffffffffffff01' + '02' + '0708' + '2a',
    'hex',
  );
  const rests: unknown[] = [];
  const iterable = new Set([1]);
  const backed = new IterableCoder(VARINT_CODER, {
    urn: 'beam:coder:state_backed_iterable:v1',
    open: (rest) => {
      rests.push(rest);
      return iterable;
    },
  });
  const from = new InputBytes(bytes);
  expect(backed.decode(from)).toBe(iterable);
  expect(rests).toEqual([{ first: [1, 2], token, coder: VARINT_CODER }]);
  expect(from.byte()).toBe(42);
  expect(() => coder.decode(new InputBytes(bytes))).toThrow(
    'Cannot decode an iterable by beam:coder:iterable:v1 as its values must be there: received the token of a state key',
  );
});

test('IterableCoder refuses what cannot be iterated', () => {
  expect(() => encoded(coder, 5 as unknown as number[])).toThrow(
    'Cannot encode by beam:coder:iterable:v1 as it must be an iterable: received the number 5',
  );
});
