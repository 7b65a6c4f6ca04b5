import { DateTime, IANAZone } from 'luxon';
import { PipelineError } from '../errors.ts';
import type { Timestamp } from '../model/timestamp.ts';
import type { WindowFn } from '../model/window-fn.ts';
import type { BoundedWindow, IntervalWindow } from '../model/window.ts';
import { rememberingSpans } from './remembering-spans.ts';

/** Where calendar windows are, and from where they are counted. */
export interface CalendarOptions {
  /** An IANA name: "Europe/Berlin". "UTC" unless told otherwise. */
  readonly timeZone?: string;
  /** A date on which a window starts, as ISO 8601: "2026-01-01". The epoch's unless told otherwise. */
  readonly startDate?: string;
}

type Unit = 'days' | 'months' | 'years';

/**
 * Windows of whole days, from midnight to midnight of a time zone: `windows.calendarDays({ timeZone: 'Europe/Berlin' })`.
 * A day has 23 or 25 hours when the clocks change.
 *
 * @param options.days How many; 1 unless told otherwise.
 * @throws {RangeError} for a number that is not a positive integer, a time zone or date that there is not.
 */
export function calendarDays({
  days = 1,
  ...options
}: CalendarOptions & { readonly days?: number } = {}): WindowFn<unknown> {
  return new CalendarWindows('days', days, options);
}

/** Windows of whole months; those of a start date are counted from its day. See calendarDays. */
export function calendarMonths({
  months = 1,
  ...options
}: CalendarOptions & { readonly months?: number } = {}): WindowFn<unknown> {
  return new CalendarWindows('months', months, options);
}

/** Windows of whole years; those of a start date are counted from its day and month. See calendarDays. */
export function calendarYears({
  years = 1,
  ...options
}: CalendarOptions & { readonly years?: number } = {}): WindowFn<unknown> {
  return new CalendarWindows('years', years, options);
}

class CalendarWindows implements WindowFn<unknown> {
  readonly name: string;
  readonly unit: Unit;
  readonly count: number;
  readonly timeZone: string;
  readonly startDate: string;

  constructor(unit: Unit, count: number, { timeZone = 'UTC', startDate = '1970-01-01' }: CalendarOptions) {
    if (!Number.isSafeInteger(count) || count < 1) {
      throw refusal(`${unit} must be a positive integer`, String(count));
    }
    if (!IANAZone.isValidZone(timeZone)) throw refusal('timeZone must be an IANA time zone', timeZone);
    const start = DateTime.fromISO(startDate, { zone: timeZone });
    if (!/^\d{4}-\d\d-\d\d$/.test(startDate) || !start.isValid) {
      throw refusal('startDate must be a date such as "2026-01-01"', startDate);
    }
    if (unit !== 'days' && start.day > 28) {
      throw refusal('startDate must be a day that every month has', startDate);
    }
    this.name = `Calendar ${unit}`;
    this.unit = unit;
    this.count = count;
    this.timeZone = timeZone;
    this.startDate = startDate;
  }

  assign(timestamp: Timestamp): readonly BoundedWindow[] {
    return [this.#windowOf(timestamp)];
  }

  assigner(): (timestamp: Timestamp) => readonly BoundedWindow[] {
    return rememberingSpans((timestamp) => this.#windowOf(timestamp));
  }

  #windowOf(timestamp: Timestamp): IntervalWindow {
    const { unit, count, timeZone } = this;
    const local = DateTime.fromMillis(timestamp, { zone: timeZone });
    if (!local.isValid) {
      throw new PipelineError(
        `Cannot window by ${unit} of the calendar as a timestamp must be a date: received ${timestamp} ms`,
        {
          hint: 'Elements that have no timestamp yet are at the beginning of time: use assignTimestamps first',
        },
      );
    }
    const first = DateTime.fromISO(this.startDate, { zone: timeZone });
    const at = (units: number) => startOfDay(first.plus({ [unit]: units }));
    let past = Math.floor(unitsBetween(first, local, unit) / count) * count;
    // Clocks that go back just after midnight show the day before once more, which no window can do.
    if (timestamp < at(past)) past -= count;
    else if (timestamp >= at(past + count)) past += count;
    return Object.freeze({ kind: 'interval', start: at(past), end: at(past + count) });
  }
}

/** The first time of a local day: the first of two midnights, where clocks go back to it. */
function startOfDay(day: DateTime): Timestamp {
  const midnight = day.startOf('day');
  const before = midnight.minus({ milliseconds: 1 });
  const isSecond = before.hasSame(midnight, 'day');
  return midnight.toMillis() - (isSecond ? (before.offset - midnight.offset) * 60_000 : 0);
}

/** Whole days, months or years from one local date to another; negative if that is before. */
function unitsBetween(from: DateTime, to: DateTime, unit: Unit): number {
  switch (unit) {
    case 'days':
      return (
        (Date.UTC(to.year, to.month - 1, to.day) - Date.UTC(from.year, from.month - 1, from.day)) / 86_400_000
      );
    case 'months':
      return (to.year - from.year) * 12 + (to.month - from.month) - (to.day < from.day ? 1 : 0);
    case 'years': {
      const isBefore = to.month < from.month || (to.month === from.month && to.day < from.day);
      return to.year - from.year - (isBefore ? 1 : 0);
    }
  }
}

function refusal(must: string, received: string): RangeError {
  return new RangeError(`Cannot window by the calendar as ${must}: received ${received}`);
}
