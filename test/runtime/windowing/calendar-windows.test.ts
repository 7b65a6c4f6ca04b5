import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PipelineError, windows, MIN_TIMESTAMP } from '../../../runtime/src/index.ts';
import type { WindowFn } from '../../../runtime/src/model/window-fn.ts';
import type { IntervalWindow } from '../../../runtime/src/model/window.ts';

const HOUR = 3_600_000;

/** The window of a time that is in one interval window, as are all of the calendar's. */
function windowAt(windowFn: WindowFn<unknown>, timestamp: number): IntervalWindow {
  const [window] = windowFn.assign(timestamp, undefined);
  if (window?.kind !== 'interval') throw new RangeError('received no interval window');
  return window;
}

const text = ({ start, end }: IntervalWindow) =>
  `${new Date(start).toISOString().slice(0, 16)} ${new Date(end).toISOString().slice(0, 16)}`;

// When clocks change, by the tz database: Berlin's at 01:00 UTC, New York's at 2:00 of its own, Lord Howe Island's by half an
// hour, Havana's at 1:00 back to midnight, São Paulo's at midnight back to 23:00, Cairo's at midnight on to 1:00, St John's
// at 0:01 back to 23:01. Samoa left out 30 December 2011.
test.each([
  { zone: 'UTC', t: '2026-03-29T12:00Z', hours: 24, want: '2026-03-29T00:00 2026-03-30T00:00' },
  { zone: 'Europe/Berlin', t: '2026-03-29T12:00Z', hours: 23, want: '2026-03-28T23:00 2026-03-29T22:00' },
  { zone: 'Europe/Berlin', t: '2026-03-28T22:59Z', hours: 24, want: '2026-03-27T23:00 2026-03-28T23:00' },
  { zone: 'Europe/Berlin', t: '2026-03-29T22:00Z', hours: 24, want: '2026-03-29T22:00 2026-03-30T22:00' },
  { zone: 'Europe/Berlin', t: '2026-10-25T00:30Z', hours: 25, want: '2026-10-24T22:00 2026-10-25T23:00' },
  { zone: 'America/New_York', t: '2026-03-08T12:00Z', hours: 23, want: '2026-03-08T05:00 2026-03-09T04:00' },
  { zone: 'America/New_York', t: '2026-11-01T12:00Z', hours: 25, want: '2026-11-01T04:00 2026-11-02T05:00' },
  { zone: 'Asia/Kathmandu', t: '2026-01-01T12:00Z', hours: 24, want: '2025-12-31T18:15 2026-01-01T18:15' },
  {
    zone: 'Australia/Lord_Howe',
    t: '2026-04-04T20:00Z',
    hours: 24.5,
    want: '2026-04-04T13:00 2026-04-05T13:30',
  },
  { zone: 'Africa/Cairo', t: '2023-04-28T12:00Z', hours: 23, want: '2023-04-27T22:00 2023-04-28T21:00' },
  { zone: 'America/Havana', t: '2025-11-02T12:00Z', hours: 25, want: '2025-11-02T04:00 2025-11-03T05:00' },
  { zone: 'America/Havana', t: '2025-11-02T05:30Z', hours: 25, want: '2025-11-02T04:00 2025-11-03T05:00' },
  { zone: 'Pacific/Apia', t: '2011-12-30T05:00Z', hours: 24, want: '2011-12-29T10:00 2011-12-30T10:00' },
  { zone: 'America/Havana', t: '2025-11-02T04:30Z', hours: 25, want: '2025-11-02T04:00 2025-11-03T05:00' },
  { zone: 'America/Havana', t: '2025-11-02T03:59Z', hours: 24, want: '2025-11-01T04:00 2025-11-02T04:00' },
  { zone: 'America/Sao_Paulo', t: '2018-02-18T02:30Z', hours: 25, want: '2018-02-17T02:00 2018-02-18T03:00' },
  { zone: 'America/St_Johns', t: '2010-11-07T02:31Z', hours: 25, want: '2010-11-06T02:30 2010-11-07T03:30' },
  { zone: 'America/St_Johns', t: '2010-11-07T02:30Z', hours: 25, want: '2010-11-06T02:30 2010-11-07T03:30' },
])('windows.calendarDays() has a day of $hours hours in $zone at $t', ({ zone, t, hours, want }) => {
  const window = windowAt(windows.calendarDays({ timeZone: zone }), Date.parse(t));
  expect(text(window)).toBe(want);
  expect((window.end - window.start) / HOUR).toBe(hours);
});

test.each([
  {
    name: 'weeks from a Monday',
    windowFn: windows.calendarDays({ days: 7, startDate: '2026-01-05' }),
    t: '2026-03-29T12:00Z',
    want: '2026-03-23T00:00 2026-03-30T00:00',
  },
  {
    name: 'weeks before the start date',
    windowFn: windows.calendarDays({ days: 7, startDate: '2026-01-05' }),
    t: '2026-01-04T23:59Z',
    want: '2025-12-29T00:00 2026-01-05T00:00',
  },
  {
    name: 'months, one with a leap day',
    windowFn: windows.calendarMonths({}),
    t: '2028-02-29T12:00Z',
    want: '2028-02-01T00:00 2028-03-01T00:00',
  },
  {
    name: 'quarters',
    windowFn: windows.calendarMonths({ months: 3 }),
    t: '2026-06-30T23:59Z',
    want: '2026-04-01T00:00 2026-07-01T00:00',
  },
  {
    name: 'months before the epoch',
    windowFn: windows.calendarMonths({}),
    t: '1969-12-31T23:59Z',
    want: '1969-12-01T00:00 1970-01-01T00:00',
  },
  {
    name: 'months from a later day, on the day before it',
    windowFn: windows.calendarMonths({ startDate: '2026-01-15' }),
    t: '2026-03-14T23:59Z',
    want: '2026-02-15T00:00 2026-03-15T00:00',
  },
  {
    name: 'months in a time zone, over a change of clocks',
    windowFn: windows.calendarMonths({ timeZone: 'Europe/Berlin' }),
    t: '2026-03-31T21:59Z',
    want: '2026-02-28T23:00 2026-03-31T22:00',
  },
  {
    name: 'years',
    windowFn: windows.calendarYears(),
    t: '2028-12-31T23:59Z',
    want: '2028-01-01T00:00 2029-01-01T00:00',
  },
  {
    name: 'years that start in April',
    windowFn: windows.calendarYears({ startDate: '2026-04-06', timeZone: 'Europe/London' }),
    t: '2026-04-05T22:59Z',
    want: '2025-04-05T23:00 2026-04-05T23:00',
  },
  {
    name: 'decades',
    windowFn: windows.calendarYears({ years: 10, startDate: '2000-01-01' }),
    t: '1999-06-01T00:00Z',
    want: '1990-01-01T00:00 2000-01-01T00:00',
  },
])('windows of the calendar: $name', ({ windowFn, t, want }) => {
  expect(text(windowAt(windowFn, Date.parse(t)))).toBe(want);
});

test('windows of the calendar hold their element, and follow one another without gap or overlap', () => {
  const timeZone = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'America/Havana',
    'Africa/Cairo',
    'America/St_Johns',
  );
  const windowFn = fc
    .tuple(fc.constantFrom('days', 'months', 'years'), fc.integer({ min: 1, max: 9 }), timeZone)
    .map(([unit, count, zone]) => {
      if (unit === 'days') return windows.calendarDays({ days: count, timeZone: zone });
      if (unit === 'months') return windows.calendarMonths({ months: count, timeZone: zone });
      return windows.calendarYears({ years: count, timeZone: zone });
    });
  const changes = ['2025-11-02T05:00Z', '2023-04-27T22:00Z', '2010-11-07T02:31Z', '2026-04-04T15:00Z'].map(
    Date.parse,
  );
  const time = fc.oneof(
    fc.integer({ min: Date.UTC(1980, 0), max: Date.UTC(2037, 0) }),
    fc
      .tuple(fc.constantFrom(...changes), fc.integer({ min: -2 * HOUR, max: 2 * HOUR }))
      .map(([change, off]) => change + off),
  );
  fc.assert(
    fc.property(windowFn, time, (fn, timestamp) => {
      const { start, end } = windowAt(fn, timestamp);
      expect(start <= timestamp && timestamp < end).toBe(true);
      expect(windowAt(fn, start)).toEqual({ kind: 'interval', start, end });
      expect(windowAt(fn, start - 1).end).toBe(start);
      expect(windowAt(fn, end).start).toBe(end);
    }),
    { numRuns: 40 },
  );
});

test('an assigner of the calendar gives what assign gives, in whatever order elements come', () => {
  const times = fc.array(fc.integer({ min: Date.UTC(2026, 2, 20), max: Date.UTC(2026, 3, 10) }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(times, (timestamps) => {
      const windowFn = windows.calendarDays({ timeZone: 'Europe/Berlin' });
      const assign = windowFn.assigner?.() ?? windowFn.assign.bind(windowFn);
      const assigned = timestamps.map((timestamp) => assign(timestamp, undefined));
      expect(assigned).toEqual(timestamps.map((timestamp) => windowFn.assign(timestamp, undefined)));
      const starts = assigned.flat().map((window) => (window.kind === 'interval' ? window.start : 0));
      expect(new Set(assigned).size).toBe(new Set(starts).size); // one array for each window
    }),
    { numRuns: 25 },
  );
});

test('windows of the calendar refuse elements without a timestamp, with what to do', () => {
  const assign = () => windows.calendarDays().assign(MIN_TIMESTAMP, undefined);
  expect(assign).toThrow(PipelineError);
  expect(assign).toThrow('Cannot window by days of the calendar as a timestamp must be a date');
});

test.each([
  { make: () => windows.calendarDays({ days: 0 }), want: 'days must be a positive integer: received 0' },
  { make: () => windows.calendarMonths({ months: 1.5 }), want: 'months must be a positive integer' },
  {
    make: () => windows.calendarDays({ timeZone: 'Mars/Base' }),
    want: 'an IANA time zone: received Mars/Base',
  },
  { make: () => windows.calendarDays({ startDate: '2026-02-30' }), want: 'received 2026-02-30' },
  { make: () => windows.calendarDays({ startDate: '2026' }), want: 'such as "2026-01-01": received 2026' },
  { make: () => windows.calendarMonths({ startDate: '2026-01-31' }), want: 'a day that every month has' },
])('windows of the calendar refuse $want', ({ make, want }) => {
  expect(make).toThrow(RangeError);
  expect(make).toThrow(want);
});
