import { describe, expect, test } from 'vitest';
import * as beam from '../../../runtime/src/index.ts';
import type { WindowFn } from '../../../runtime/src/model/window-fn.ts';
import type { BoundedWindow } from '../../../runtime/src/model/window.ts';

const { windows, MIN_TIMESTAMP, MAX_TIMESTAMP } = beam;

/** "[0, 10) [5, 15)". */
const text = (given: readonly BoundedWindow[]) =>
  given.map((each) => (each.kind === 'global' ? 'global' : `[${each.start}, ${each.end})`)).join(' ');

/** Says what an element with a timestamp is in, asked by assign and by an assigner; the two must agree. */
function windowsAt(windowFn: WindowFn, timestamp: number): string {
  const assigned = text(windowFn.assign(timestamp, undefined as never)); // these look at the timestamp alone
  expect(
    text(
      windowFn.assigner?.()(timestamp, undefined as never) ?? windowFn.assign(timestamp, undefined as never),
    ),
  ).toBe(assigned);
  return assigned;
}

// Expected windows are those of apache_beam 2.77: test/support/beam_windows.py.
test.each([
  { name: 'at a start, which belongs', t: 60_000, want: '[60000, 120000)' },
  { name: 'just before an end', t: 119_999, want: '[60000, 120000)' },
  { name: 'at an end, which does not', t: 120_000, want: '[120000, 180000)' },
  { name: 'before the epoch', t: -1, want: '[-60000, 0)' },
  { name: 'at a start before the epoch', t: -60_000, want: '[-60000, 0)' },
  { name: 'just before that', t: -60_001, want: '[-120000, -60000)' },
])('windows.fixed() of a minute $name', ({ t, want }) => {
  expect(windowsAt(windows.fixed({ minutes: 1 }), t)).toBe(want);
});

test.each([
  { t: 0, want: '[-50000, 10000)' },
  { t: 9999, want: '[-50000, 10000)' },
  { t: 10_000, want: '[10000, 70000)' },
  { t: -50_001, want: '[-110000, -50000)' },
])('windows.fixed() counts from an offset: $t', ({ t, want }) => {
  expect(windowsAt(windows.fixed({ minutes: 1 }, { offset: { seconds: 10 } }), t)).toBe(want);
});

test.each([
  { name: 'in two windows', t: 7, size: 10, period: 5, want: '[0, 10) [5, 15)' },
  { name: 'at an end, which does not belong', t: 10, size: 10, period: 5, want: '[5, 15) [10, 20)' },
  { name: 'before the epoch', t: -1, size: 10, period: 5, want: '[-10, 0) [-5, 5)' },
  { name: 'where the period does not divide the size', t: 7, size: 10, period: 4, want: '[0, 10) [4, 14)' },
  { name: 'there, a window more', t: 8, size: 10, period: 4, want: '[0, 10) [4, 14) [8, 18)' },
  { name: 'in a gap between windows', t: 22, size: 2, period: 20, want: '' },
  { name: 'between gaps', t: 21, size: 2, period: 20, want: '[20, 22)' },
])('windows.sliding() $name', ({ t, size, period, want }) => {
  expect(windowsAt(windows.sliding({ size, period }), t)).toBe(want);
});

test('windows.sliding() counts from an offset', () => {
  const windowFn = windows.sliding({ size: 10, period: 5, offset: 2 });
  expect(windowsAt(windowFn, 1)).toBe('[-8, 2) [-3, 7)');
  expect(windowsAt(windowFn, 2)).toBe('[-3, 7) [2, 12)');
});

test('windows.sessions() gives each element a window of the gap', () => {
  expect(windowsAt(windows.sessions({ seconds: 1 }), -5)).toBe('[-5, 995)');
});

test('windows.global() is one window', () => {
  expect(windowsAt(windows.global(), MIN_TIMESTAMP)).toBe('global');
});

describe('at the ends of time', () => {
  test.each([
    { name: 'fixed', windowFn: windows.fixed({ minutes: 1 }), end: -9_223_372_036_800_000 },
    { name: 'fixed, days', windowFn: windows.fixed({ days: 1 }), end: -9_223_372_022_400_000 },
  ])(
    'windows.$name of an element without a timestamp begin with time, as Beam decodes them',
    ({ windowFn, end }) => {
      expect(windowsAt(windowFn, MIN_TIMESTAMP)).toBe(`[${MIN_TIMESTAMP}, ${end})`);
    },
  );

  test('windows.sliding() of an element without a timestamp all begin with time', () => {
    const windowFn = windows.sliding({ size: { minutes: 1 }, period: { seconds: 30 } });
    expect(windowsAt(windowFn, MIN_TIMESTAMP)).toBe(
      `[${MIN_TIMESTAMP}, -9223372036830000) [${MIN_TIMESTAMP}, -9223372036800000)`,
    );
  });

  test('windows.fixed() end with the global window, a day before the last time', () => {
    const [window] = windows.fixed({ days: 2 }).assign(MAX_TIMESTAMP - 86_400_000 - 1000, undefined);
    expect(window).toMatchObject({ kind: 'interval', end: 9_223_371_950_454_776 });
  });
});

test.each([
  { name: 'fixed', windowFn: windows.fixed(10) },
  { name: 'sliding', windowFn: windows.sliding({ size: 10, period: 5 }) },
  { name: 'calendarDays', windowFn: windows.calendarDays() },
])('windows.$name: an assigner gives equal windows as one frozen array', ({ windowFn }) => {
  const assign = windowFn.assigner?.();
  const [first, second] = [assign?.(3, undefined), assign?.(4, undefined)];
  expect(first).toBe(second);
  expect(Object.isFrozen(first)).toBe(true);
  assign?.(200_000_000, undefined);
  expect(assign?.(2, undefined)).toBe(first);
});

test.each([
  {
    name: 'fixed of nothing',
    make: () => windows.fixed(0),
    want: /size must be .* at least 1 ms.*received 0 ms/,
  },
  { name: 'fixed of less', make: () => windows.fixed({ minutes: -1 }), want: 'received -60000 ms' },
  { name: 'fixed by a fraction', make: () => windows.fixed(0.5), want: 'received 0.5 ms' },
  { name: 'fixed of NaN', make: () => windows.fixed(NaN), want: 'received NaN ms' },
  { name: 'fixed of {}', make: () => windows.fixed({}), want: 'received {}' },
  {
    name: 'fixed of an unknown unit',
    make: () => windows.fixed({ weeks: 1 } as never),
    want: 'received {"weeks":1}',
  },
  { name: 'fixed of a text', make: () => windows.fixed('1m' as never), want: 'such as { minutes: 1 }' },
  {
    name: 'fixed with an offset of its size',
    make: () => windows.fixed(10, { offset: 10 }),
    want: 'offset must be less than size: received 10 ms and 10 ms',
  },
  {
    name: 'sliding without a period',
    make: () => windows.sliding({ size: 10, period: 0 }),
    want: 'period must be',
  },
  {
    name: 'sliding with an offset of its period',
    make: () => windows.sliding({ size: 10, period: 5, offset: 5 }),
    want: 'offset must be less than period',
  },
  { name: 'sessions without a gap', make: () => windows.sessions(0), want: 'gap must be' },
  { name: 'a window that ends where it starts', make: () => beam.intervalWindow(5, 5), want: '[5, 5)' },
  { name: 'a window of fractions', make: () => beam.intervalWindow(0.5, 5), want: '[0.5, 5)' },
  { name: 'a window before time', make: () => beam.intervalWindow(-1e16, 5), want: 'start before end' },
])('windows refuse $name', ({ make, want }) => {
  expect(make).toThrow(RangeError);
  expect(make).toThrow(want);
});
