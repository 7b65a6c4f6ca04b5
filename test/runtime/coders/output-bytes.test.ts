import fc from 'fast-check';
import { expect, test } from 'vitest';

import { EndOfInput } from '../../../runtime/src/coders/end-of-input.ts';
import { InputBytes } from '../../../runtime/src/coders/input-bytes.ts';
import { OutputBytes } from '../../../runtime/src/coders/output-bytes.ts';

test('OutputBytes never writes again what was taken, which can be transferred', () => {
  const to = new OutputBytes();
  to.raw(Uint8Array.of(1, 2, 3));
  const first = to.take();
  to.raw(Uint8Array.of(9, 9, 9, 9));
  expect([...first]).toEqual([1, 2, 3]);
  const second = to.take();
  const copy = structuredClone(first, { transfer: [first.buffer] });
  expect([...copy]).toEqual([1, 2, 3]);
  expect([...second]).toEqual([9, 9, 9, 9]);
  expect(to.length).toBe(0);
  expect([...to.take()]).toEqual([]);
});

test('OutputBytes grows by little after a large take', () => {
  const to = new OutputBytes();
  to.raw(new Uint8Array(50_000_000));
  to.take();
  to.byte(1);
  expect(to.take().buffer.byteLength).toBeLessThan(2_000_000);
});

test('OutputBytes writes counts as unsigned LEB128, which InputBytes reads', () => {
  const to = new OutputBytes();
  const table: readonly (readonly [number, string])[] = [
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [300, 'ac02'],
    [2 ** 31, '8080808008'],
    [Number.MAX_SAFE_INTEGER, 'ffffffffffffff0f'],
  ];
  for (const [count, hex] of table) {
    to.count(count);
    const bytes = to.take();
    expect(Buffer.from(bytes).toString('hex')).toBe(hex);
    expect(new InputBytes(bytes).count()).toBe(count);
  }
  expect(() => new InputBytes(Buffer.from('ffffffffffffffff7f', 'hex')).count()).toThrow(RangeError);
  expect(() => new InputBytes(Buffer.alloc(20, 0xff)).count()).toThrow(RangeError);
});

test.each([0, 1, 127, 128, 16_383, 16_384, 3_000_000])(
  'OutputBytes.prefixLength() puts the length in front of %i bytes',
  (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => index % 251);
    const to = new OutputBytes();
    to.byte(42);
    to.raw(bytes);
    to.prefixLength(1);
    to.byte(43);
    const from = new InputBytes(to.take());
    expect(from.byte()).toBe(42);
    expect(from.count()).toBe(length);
    expect(Buffer.compare(from.raw(length), bytes)).toBe(0);
    expect(from.byte()).toBe(43);
    expect(from.left).toBe(0);
  },
);

test('OutputBytes writes whatever InputBytes reads, of any size', () => {
  const text = fc.string({ maxLength: 100, unit: 'binary' });
  fc.assert(
    fc.property(
      text,
      fc.double(),
      fc.nat(),
      fc.uint8Array({ maxLength: 100 }),
      (text, double, count, bytes) => {
        const to = new OutputBytes(1);
        to.doubleBE(double);
        to.doubleLE(double);
        to.uint32(count);
        to.tagged(7, count);
        to.utf16(text);
        to.raw(bytes);
        const length = to.length;
        const isLatin1 = to.latin1(text);
        expect(isLatin1).toBe(Buffer.from(text, 'latin1').toString('latin1') === text);
        if (!isLatin1) expect(to.length).toBe(length);
        to.utf8(text);
        const from = new InputBytes(to.take());
        expect(from.doubleBE()).toBe(double);
        expect(from.doubleLE()).toBe(double);
        expect(from.uint32()).toBe(count);
        expect(from.byte()).toBe(7);
        expect(from.count()).toBe(count);
        expect(from.utf16(text.length)).toBe(text);
        expect([...from.raw(bytes.length)]).toEqual([...bytes]);
        if (isLatin1) expect(from.latin1(text.length)).toBe(text);
        expect(from.utf8(from.left)).toBe(Buffer.from(text).toString());
      },
    ),
  );
});

test('InputBytes tells how many bytes are missing, and reads none of them', () => {
  const from = new InputBytes(Uint8Array.of(1, 2, 3));
  from.byte();
  expect(() => from.raw(10)).toThrow(new EndOfInput(8));
  expect(() => from.doubleLE()).toThrow(new EndOfInput(6));
  expect(from.position).toBe(1);
  expect(from.skip(Uint8Array.of(2, 4))).toBe(false);
  expect(from.skip(Uint8Array.of(2, 3, 4))).toBe(false);
  expect(from.skip(Uint8Array.of(2, 3))).toBe(true);
  expect(() => from.byte()).toThrow(EndOfInput);
});
