import * as beam from 'millrace';
import type { ConformanceCase } from '../case.ts';
import { events, grouped } from '../event-time.ts';
import { INPUTS } from '../inputs.ts';

const { windows } = beam;

const dated = (p: beam.Pipeline) =>
  events(
    p,
    INPUTS.dated.map(([text, value]) => [Date.parse(text) / 1000, 'k', value] as const),
  );

const inWindows = (p: beam.Pipeline, windowFn: beam.WindowFn<unknown>) =>
  dated(p).apply(beam.windowInto(windowFn)).apply(grouped);

export const CALENDAR: readonly ConformanceCase[] = [
  {
    name: 'calendar windows: days',
    build: (p) => ({ out: inWindows(p, windows.calendarDays()) }),
  },
  {
    name: 'calendar windows: days of a time zone, whose clocks change',
    build: (p) => ({ out: inWindows(p, windows.calendarDays({ timeZone: 'Europe/Berlin' })) }),
  },
  {
    name: 'calendar windows: weeks from a Monday, in a time zone',
    build: (p) => ({
      out: inWindows(
        p,
        windows.calendarDays({ days: 7, startDate: '2026-01-05', timeZone: 'America/New_York' }),
      ),
    }),
  },
  {
    name: 'calendar windows: months',
    build: (p) => ({ out: inWindows(p, windows.calendarMonths({ timeZone: 'Europe/Berlin' })) }),
  },
  {
    name: 'calendar windows: quarters from the fifth of a month',
    build: (p) => ({ out: inWindows(p, windows.calendarMonths({ months: 3, startDate: '2026-02-05' })) }),
  },
  {
    name: 'calendar windows: years, and years that start in April',
    build: (p) => ({
      years: inWindows(p, windows.calendarYears({ timeZone: 'Asia/Tokyo' })),
      april: inWindows(p, windows.calendarYears({ startDate: '2026-04-06' })),
    }),
  },
];
