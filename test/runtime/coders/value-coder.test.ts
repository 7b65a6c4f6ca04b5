import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';

import { EndOfInput } from '../../../runtime/src/coders/end-of-input.ts';
import { InputBytes } from '../../../runtime/src/coders/input-bytes.ts';
import { OutputBytes } from '../../../runtime/src/coders/output-bytes.ts';
import { ValueCoder } from '../../../runtime/src/coders/value-coder.ts';
import { PipelineError } from '../../../runtime/src/errors.ts';
import { anyValue } from '../../support/any-value.ts';
import { decoded, encoded, hexOf } from '../../support/round-trip.ts';

test('ValueCoder gives back any value, from its own bytes alone', () => {
  const coder = new ValueCoder();
  fc.assert(
    fc.property(anyValue, (value) => {
      const bytes = encoded(coder, value);
      // By the coder that wrote it, and by one that has seen nothing before.
      for (const reader of [coder, new ValueCoder()]) {
        const back = decoded(reader, bytes);
        if (!isDeepStrictEqual(back, value)) expect(back).toStrictEqual(value);
      }
    }),
    { numRuns: 300 },
  );
});

test('ValueCoder writes values one after another, and says where each ends', () => {
  const coder = new ValueCoder();
  fc.assert(
    fc.property(fc.array(anyValue, { maxLength: 5 }), (values) => {
      const to = new OutputBytes();
      for (const value of values) coder.encode(value, to);
      const from = new InputBytes(to.take());
      const back = values.map(() => coder.decode(from));
      expect(from.left).toBe(0);
      if (!isDeepStrictEqual(back, values)) expect(back).toStrictEqual(values);
    }),
    { numRuns: 100 },
  );
});

test('ValueCoder asks for more, wherever the bytes end too early', () => {
  const coder = new ValueCoder();
  const value = { a: [1, 'text', -0.5, 'é漢'], m: new Map([[1n, new Date(5)]]), b: new Float32Array([1, 2]) };
  const bytes = encoded(coder, value);
  for (let length = 0; length < bytes.length; length++) {
    expect(() => coder.decode(new InputBytes(bytes.subarray(0, length)))).toThrow(EndOfInput);
  }
  expect(decoded(coder, bytes)).toEqual(value);
});

test('ValueCoder never reads bytes that are no values as one, but may refuse them', () => {
  const coder = new ValueCoder();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        coder.decode(new InputBytes(bytes));
      } catch (error) {
        // Also the SyntaxError of what is no RegExp and no BigInt would do: no crash, no endless loop.
        expect(error).toBeInstanceOf(Error);
      }
    }),
    { numRuns: 1000 },
  );
});

test('ValueCoder keeps shared references and cycles within an element, and none between elements', () => {
  const shared = { a: 1 };
  const cycle: unknown[] = [shared, new Map([[shared, 1]])];
  cycle.push(cycle);
  const coder = new ValueCoder();
  const to = new OutputBytes();
  coder.encode(cycle, to);
  coder.encode(cycle, to);
  const from = new InputBytes(to.take());
  const [one, two] = [coder.decode(from), coder.decode(from)] as [unknown[], unknown[]];
  expect(one[2]).toBe(one);
  expect([...(one[1] as Map<unknown, unknown>).keys()][0]).toBe(one[0]);
  expect(two[0]).not.toBe(one[0]);
  expect(two[2]).toBe(two);
});

test('ValueCoder tells many shapes apart, also when there are more than it remembers', () => {
  const coder = new ValueCoder();
  const wide = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i]));
  const values = Array.from({ length: 3000 }, (_, i) =>
    i % 7 === 0 ? wide : { [`k${i}`]: { [`漢${i}`]: i }, a: 1 },
  );
  for (const value of values) {
    const back = decoded(coder, encoded(coder, value));
    expect(Object.keys(back as object)).toEqual(Object.keys(value));
    expect(back).toEqual(value);
  }
});

test('ValueCoder gives back what another process wrote: the form of its bytes is fixed', () => {
  const coder = new ValueCoder();
  expect(hexOf(coder, 'ab')).toBe('06026162');
  expect(hexOf(coder, '漢')).toBe('1401226f');
  expect(hexOf(coder, -2)).toBe('0403');
  expect(hexOf(coder, 0.5)).toBe('05000000000000e03f');
  expect(hexOf(coder, { a: 1, b: null })).toBe('0b060601610601620402' + '01');
  expect(hexOf(coder, [undefined, true])).toBe('09020003');
  expect(hexOf(coder, 255n)).toBe('07026666');
});

test('ValueCoder keeps a large string and large bytes', () => {
  const coder = new ValueCoder();
  const text = 'x'.repeat(300_000) + '漢';
  const bytes = new Uint8Array(300_000).fill(7);
  const back = decoded(coder, encoded(coder, { text, bytes })) as { text: string; bytes: Uint8Array };
  // Compared at once: expect() would look at each item.
  expect(back.text === text).toBe(true);
  expect(Buffer.compare(back.bytes, bytes)).toBe(0);
});

test('ValueCoder writes a small part of a large buffer without the rest', () => {
  const coder = new ValueCoder();
  const large = new ArrayBuffer(1_000_000);
  const shared = { a: 1 };
  const value: object[] = [
    new Uint8Array(large, 8, 4).fill(7),
    new DataView(large, 8, 2),
    shared,
    new Float64Array(large, 16, 2).fill(0.5),
    shared,
    ...Array.from({ length: 20 }, () => []),
  ];
  const [first] = value;
  if (first !== undefined) value.push(first);
  const bytes = encoded(coder, value);
  expect(bytes.length).toBeLessThan(150);
  const back = decoded(coder, bytes) as [Uint8Array, DataView, object, Float64Array, object];
  expect(back).toEqual(value);
  expect(back.at(-1)).toBe(back[0]);
  expect(back[0].byteOffset).toBe(0);
  expect(back[0].buffer.byteLength).toBe(4);
  expect(back[1].getUint8(1)).toBe(7);
  expect(back[4]).toBe(back[2]);
});

class Point {
  x = 1;
}

test.each([
  [() => 1, 'a function'],
  [{ user: { socket: new Point() } }, 'an instance of Point at element.user.socket'],
  [[1, { f: Symbol('s') }], 'a symbol at element[1].f'],
  [new Map([['k', Promise.resolve()]]), 'an instance of Promise at element.values()[0]'],
])('ValueCoder refuses %o, and names the path', (value, received) => {
  const coder = new ValueCoder();
  const to = new OutputBytes();
  coder.encode({ before: 1 }, to);
  const { length } = to;
  const encode = () => {
    coder.encode(value, to);
  };
  expect(encode).toThrow(PipelineError);
  expect(encode).toThrow(
    `Cannot send an element to another step as all of it must be data: received ${received}`,
  );
  expect(to.length).toBe(length);
  expect(decoded(coder, encoded(coder, { after: 1 }))).toEqual({ after: 1 });
});

test('ValueCoder refuses what is nested too deeply as an author’s error', () => {
  let nested: unknown = 1;
  for (let level = 0; level < 200_000; level++) nested = [nested];
  expect(() => encoded(new ValueCoder(), nested)).toThrow(PipelineError);
  expect(() => encoded(new ValueCoder(), nested)).toThrow('too deeply nested or too large');
});
