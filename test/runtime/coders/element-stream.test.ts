import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Coder } from '../../../runtime/src/coders/coder.ts';
import { ElementStream } from '../../../runtime/src/coders/element-stream.ts';
import { GLOBAL_WINDOW_CODER } from '../../../runtime/src/coders/global-window.ts';
import { KVCoder } from '../../../runtime/src/coders/kv.ts';
import { LengthPrefixCoder } from '../../../runtime/src/coders/length-prefix.ts';
import { OutputBytes } from '../../../runtime/src/coders/output-bytes.ts';
import { ValueCoder } from '../../../runtime/src/coders/value-coder.ts';
import { WindowedValueCoder } from '../../../runtime/src/coders/windowed-value.ts';
import { NO_FIRING } from '../../../runtime/src/model/pane-info.ts';
import { GLOBAL_WINDOWS } from '../../../runtime/src/model/window.ts';
import { windowedValue } from '../../../runtime/src/model/windowed-value.ts';

const coderOf = (value: Coder) => new WindowedValueCoder(value, GLOBAL_WINDOW_CODER);

function bytesOf(values: readonly unknown[], coder = coderOf(new ValueCoder())): Uint8Array {
  const to = new OutputBytes();
  values.forEach((value, index) => {
    coder.encode(windowedValue(value, { timestamp: index }), to);
  });
  return to.take();
}

/** All elements that are whole now: [value, timestamp]. */
function drain(stream: ElementStream): unknown[] {
  const seen: unknown[] = [];
  while (stream.next()) {
    expect(stream.windows).toBe(GLOBAL_WINDOWS);
    expect(stream.pane).toBe(NO_FIRING);
    seen.push([stream.value, stream.timestamp]);
  }
  return seen;
}

test('ElementStream gives all elements, wherever the chunks end', () => {
  const anything = fc.array(fc.anything({ maxDepth: 1 }), { maxLength: 5 });
  fc.assert(
    fc.property(anything, fc.array(fc.nat(40), { maxLength: 20 }), fc.boolean(), (values, sizes, isLate) => {
      const bytes = bytesOf(values);
      const stream = new ElementStream(coderOf(new ValueCoder()));
      const seen: unknown[] = [];
      let at = 0;
      for (const size of [...sizes, Infinity]) {
        stream.push(bytes.subarray(at, at + size));
        at = Math.min(bytes.length, at + size);
        if (!isLate) seen.push(...drain(stream));
      }
      stream.end();
      seen.push(...drain(stream));
      expect(seen).toEqual(values.map((value, index) => [value, index]));
      expect(stream.bytesLeft).toBe(0);
    }),
  );
});

test('ElementStream gives an element as soon as it is whole, if it is small', () => {
  const bytes = bytesOf(['a', 'b']);
  const stream = new ElementStream(coderOf(new ValueCoder()));
  const half = bytes.length / 2;
  stream.push(bytes.subarray(0, half + 3));
  expect(drain(stream)).toEqual([['a', 0]]);
  expect(stream.bytesLeft).toBe(3);
  stream.push(bytes.subarray(half + 3));
  expect(drain(stream)).toEqual([['b', 1]]);
});

/** Counts how often values are begun. */
function counted<T>(coder: Coder<T>): { readonly coder: Coder<T>; readonly begun: () => number } {
  let begun = 0;
  return {
    coder: {
      urn: coder.urn,
      components: coder.components,
      isDeterministic: coder.isDeterministic,
      encode: (value, to) => {
        coder.encode(value, to);
      },
      decode: (from) => {
        begun++;
        return coder.decode(from);
      },
    },
    begun: () => begun,
  };
}

test.each([
  { name: 'whose length is known', value: 'x'.repeat(800_000), most: 3 },
  { name: 'of many small parts', value: Array.from({ length: 300_000 }, (_, i) => i % 100), most: 20 },
])('ElementStream tries an element of many chunks $name a few times', ({ value, most }) => {
  const bytes = bytesOf([value, 'after']);
  const { coder, begun } = counted(new ValueCoder());
  const stream = new ElementStream(coderOf(coder));
  const seen: unknown[] = [];
  for (let at = 0; at < bytes.length; at += 1000) {
    stream.push(bytes.subarray(at, at + 1000));
    seen.push(...drain(stream));
  }
  stream.end();
  seen.push(...drain(stream));
  expect(seen[0]).toEqual([value, 0]);
  expect(seen[1]).toEqual(['after', 1]);
  expect(begun()).toBeLessThanOrEqual(most);
});

test('ElementStream reads a length-prefixed element of many chunks twice at most', () => {
  const value = { key: 'k', value: Array.from({ length: 50_000 }, (_, i) => i) };
  const { coder, begun } = counted(new ValueCoder());
  const kv = new KVCoder(new ValueCoder(), new LengthPrefixCoder(coder));
  const to = new OutputBytes();
  new WindowedValueCoder(kv, GLOBAL_WINDOW_CODER).encode(windowedValue(value), to);
  const bytes = to.take();
  const stream = new ElementStream(new WindowedValueCoder(kv, GLOBAL_WINDOW_CODER));
  for (let at = 0; at < bytes.length; at += 1000) {
    expect(stream.next()).toBe(false);
    stream.push(bytes.subarray(at, at + 1000));
  }
  expect(stream.next()).toBe(true);
  expect(stream.value).toEqual(value);
  expect(begun()).toBe(1);
});

test('ElementStream refuses a stream that ends within an element', () => {
  const bytes = bytesOf(['a', 'bcd']);
  const stream = new ElementStream(coderOf(new ValueCoder()));
  stream.push(bytes.subarray(0, bytes.length - 2));
  expect(drain(stream)).toEqual([['a', 0]]);
  stream.end();
  expect(() => stream.next()).toThrow(
    'Cannot decode an element as its stream must end after it: received 16 bytes, and at least 2 are missing',
  );
});

test('ElementStream gives nothing of a stream without bytes', () => {
  const stream = new ElementStream(coderOf(new ValueCoder()));
  expect(stream.next()).toBe(false);
  stream.push(new Uint8Array());
  stream.end();
  expect(stream.next()).toBe(false);
});
