import fc from 'fast-check';
import { expect, test } from 'vitest';

import { GLOBAL_WINDOW_CODER } from '../../../runtime/src/coders/global-window.ts';
import { InputBytes } from '../../../runtime/src/coders/input-bytes.ts';
import { INTERVAL_WINDOW_CODER } from '../../../runtime/src/coders/interval-window.ts';
import { OutputBytes } from '../../../runtime/src/coders/output-bytes.ts';
import { ParamWindowedValueCoder } from '../../../runtime/src/coders/param-windowed-value.ts';
import { VARINT_CODER } from '../../../runtime/src/coders/varint.ts';
import {
  decodeWindowed,
  encodeWindowed,
  WindowedValueCoder,
} from '../../../runtime/src/coders/windowed-value.ts';
import { NO_FIRING, type PaneInfo } from '../../../runtime/src/model/pane-info.ts';
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from '../../../runtime/src/model/timestamp.ts';
import { GLOBAL_WINDOWS, type BoundedWindow } from '../../../runtime/src/model/window.ts';
import { windowedValue, type WindowedValue } from '../../../runtime/src/model/windowed-value.ts';
import { decoded, encoded, hexOf } from '../../support/round-trip.ts';

/** As a coder of any window: which ones it is given is up to the test. */
const INTERVAL = INTERVAL_WINDOW_CODER;
const inGlobal = () => new WindowedValueCoder(VARINT_CODER, GLOBAL_WINDOW_CODER);

test.each([
  { name: 'the earliest', timestamp: MIN_TIMESTAMP, hex: '7fdf3b645a1cac09' },
  { name: 'the last', timestamp: MAX_TIMESTAMP, hex: '8020c49ba5e353f7' },
  { name: 'the end of the global window', timestamp: Number(9223371950454775n), hex: '8020c49ba0bcf7f7' },
  { name: 'the epoch', timestamp: 0, hex: '8000000000000000' },
  { name: 'a millisecond before it', timestamp: -1, hex: '7fffffffffffffff' },
  { name: 'a date of today', timestamp: 1454293425000, hex: '800001529aa49b68' },
])('WindowedValueCoder writes $name exactly', ({ timestamp, hex }) => {
  const exact = BigInt.asUintN(64, BigInt(`0x${hex}`) ^ (1n << 63n));
  expect(Number(BigInt.asIntN(64, exact))).toBe(timestamp);
  const element = windowedValue(2, { timestamp });
  expect(hexOf(inGlobal(), element)).toBe(`${hex}000000010f02`);
  expect(decoded(inGlobal(), encoded(inGlobal(), element))).toEqual(element);
});

test.each([0.5, NaN, Infinity, 2 * MAX_TIMESTAMP])(
  'WindowedValueCoder refuses the timestamp %f',
  (timestamp) => {
    expect(() => encoded(inGlobal(), windowedValue(2, { timestamp }))).toThrow(
      'Cannot encode by a timestamp as it must be whole milliseconds since the epoch: received the number',
    );
  },
);

test('encodeWindowed() and decodeWindowed() share windows and panes', () => {
  const coder = inGlobal();
  const to = new OutputBytes();
  for (let value = 0; value < 3; value++) {
    encodeWindowed(to, coder, value, MIN_TIMESTAMP, GLOBAL_WINDOWS, NO_FIRING);
  }
  encodeWindowed(to, coder, 3, 5, GLOBAL_WINDOWS, NO_FIRING);
  const from = new InputBytes(to.take());
  const seen: unknown[] = [];
  const wait = Promise.resolve();
  while (from.left > 0) {
    const returned = decodeWindowed(from, coder, (value, timestamp, windows, pane) => {
      seen.push([value, timestamp]);
      expect(windows).toBe(GLOBAL_WINDOWS);
      expect(pane).toBe(NO_FIRING);
      return wait;
    });
    expect(returned).toBe(wait);
  }
  expect(seen).toEqual([
    [0, MIN_TIMESTAMP],
    [1, MIN_TIMESTAMP],
    [2, MIN_TIMESTAMP],
    [3, 5],
  ]);
});

const timestamp = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(MIN_TIMESTAMP, MAX_TIMESTAMP, Number(9223371950454775n)),
);
const window: fc.Arbitrary<BoundedWindow> = fc
  .record({ start: fc.integer(), length: fc.nat() })
  .map(({ start, length }) => ({ kind: 'interval', start, end: start + length }));
const pane: fc.Arbitrary<PaneInfo> = fc
  .record({
    timing: fc.constantFrom('early' as const, 'onTime' as const, 'late' as const),
    index: fc.nat(),
    onTimeIndex: fc.nat(),
    isFirst: fc.boolean(),
    isLast: fc.boolean(),
  })
  // An early firing has no index among those that are not early.
  .map((pane) => (pane.timing === 'early' ? { ...pane, onTimeIndex: -1 } : pane));

test('WindowedValueCoder gives back any element, whatever came before it', () => {
  const element: fc.Arbitrary<WindowedValue<number | bigint>> = fc.record({
    value: fc.oneof(fc.maxSafeInteger(), fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n))),
    timestamp,
    windows: fc.array(window, { maxLength: 6 }),
    pane: fc.oneof(pane, fc.constant(NO_FIRING)),
  });
  const coder = new WindowedValueCoder(VARINT_CODER, INTERVAL);
  fc.assert(
    fc.property(fc.array(element, { maxLength: 6 }), fc.boolean(), (elements, isTwice) => {
      const all = isTwice ? elements.flatMap((each) => [each, each, each]) : elements;
      const to = new OutputBytes();
      for (const each of all) coder.encode(each, to);
      const from = new InputBytes(to.take());
      expect(all.map(() => coder.decode(from))).toEqual(all);
      expect(from.left).toBe(0);
    }),
  );
});

// The bytes are what PaneInfoCoderImpl of Beam's Python SDK 2.77 writes.
test.each<[string, PaneInfo]>([
  ['1100', { timing: 'early', isFirst: true, isLast: false, index: 0, onTimeIndex: -1 }],
  ['1003', { timing: 'early', isFirst: false, isLast: false, index: 3, onTimeIndex: -1 }],
  ['260301', { timing: 'onTime', isFirst: false, isLast: true, index: 3, onTimeIndex: 1 }],
  ['07', { timing: 'onTime', isFirst: true, isLast: true, index: 0, onTimeIndex: 0 }],
  ['1803', { timing: 'late', isFirst: false, isLast: false, index: 3, onTimeIndex: 3 }],
  ['0f', { timing: 'unknown', isFirst: true, isLast: true, index: 0, onTimeIndex: 0 }],
])('WindowedValueCoder writes the pane %s as Beam does', (hex, pane) => {
  const element = windowedValue(2, { timestamp: 0, pane });
  expect(hexOf(inGlobal(), element)).toBe(`800000000000000000000001${hex}02`);
  expect(decoded(inGlobal(), encoded(inGlobal(), element))).toEqual(element);
});

test('WindowedValueCoder tells elements apart that differ in one thing alone', () => {
  const coder = new WindowedValueCoder(VARINT_CODER, INTERVAL);
  const windows: readonly BoundedWindow[] = [{ kind: 'interval', start: 0, end: 9 }];
  const first = windowedValue(1, { timestamp: 1, windows, pane: NO_FIRING });
  const elements = [
    first,
    first,
    first,
    { ...first, pane: { ...NO_FIRING, isFirst: false } },
    { ...first, timestamp: 2 },
    { ...first, windows: [] },
    { ...first, windows: [...windows, ...windows] },
    { ...first, value: 2 },
  ];
  const to = new OutputBytes();
  for (const each of elements) {
    for (const one of [first, each, each, each, first]) coder.encode(one, to);
  }
  const from = new InputBytes(to.take());
  for (const each of elements) {
    for (const one of [first, each, each, each, first]) expect(coder.decode(from)).toEqual(one);
  }
});

test('WindowedValueCoder gives elements of one interval window the same array, and others another', () => {
  const coder = new WindowedValueCoder(VARINT_CODER, INTERVAL);
  const to = new OutputBytes();
  const at = (start: number, timestamp: number) =>
    windowedValue(1, { timestamp, windows: [{ kind: 'interval', start, end: 10 }] });
  for (const element of [at(0, 1), at(0, 2), at(5, 3)]) coder.encode(element, to);
  const from = new InputBytes(to.take());
  const [one, two, three] = [coder.decode(from), coder.decode(from), coder.decode(from)];
  expect(two.windows).toBe(one.windows);
  expect(three.windows).toEqual([{ kind: 'interval', start: 5, end: 10 }]);
});

test('WindowedValueCoder refuses a window of another kind, and a pane that Beam has not', () => {
  const coder = new WindowedValueCoder(VARINT_CODER, INTERVAL);
  expect(() => encoded(coder, windowedValue(1))).toThrow('as it must be an interval window: received');
  const bytes = Buffer.from('8000000000000000' + '00000000' + '3f' + '02', 'hex');
  expect(() => decoded(inGlobal(), bytes)).toThrow(
    'Cannot decode a pane as its encoding must be 0, 1 or 2: received 3',
  );
});

test('INTERVAL_WINDOW_CODER keeps windows at the ends of time exactly', () => {
  // From Beam's standard_coders.yaml: the end, and the length in milliseconds.
  const first = { kind: 'interval', start: MIN_TIMESTAMP, end: -9223372036854410 } as const;
  expect(hexOf(INTERVAL_WINDOW_CODER, first)).toBe('7fdf3b645a1cad76' + 'ed02');
  const last = { kind: 'interval', start: MAX_TIMESTAMP, end: MAX_TIMESTAMP } as const;
  expect(hexOf(INTERVAL_WINDOW_CODER, last)).toBe('8020c49ba5e353f7' + '00');
  for (const each of [first, last]) {
    expect(decoded(INTERVAL_WINDOW_CODER, encoded(INTERVAL_WINDOW_CODER, each))).toEqual(each);
  }
});

test('ParamWindowedValueCoder writes the value alone, and gives it what its payload says', () => {
  const coder = new ParamWindowedValueCoder(VARINT_CODER, GLOBAL_WINDOW_CODER);
  expect(hexOf(coder, windowedValue(2, { timestamp: 7 }))).toBe('02');
  expect(decoded(coder, Uint8Array.of(2))).toEqual(windowedValue(2));
  const same = new ParamWindowedValueCoder(VARINT_CODER, GLOBAL_WINDOW_CODER, coder.payload);
  expect(decoded(same, Uint8Array.of(2))).toEqual(windowedValue(2));
});
