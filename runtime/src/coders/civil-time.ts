/** Days and times of day that belong to no time zone, as ISO 8601 text and as Beam's integers. @module */

const DAY = 86_400_000;
const DAY_OF_NANOS = 86_400_000_000_000n;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?$/;
const DATE = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\d$/;

/** "2020-08-13" as days since 1970-01-01; undefined for what is no such day. */
export function epochDays(date: unknown): number | undefined {
  if (typeof date !== 'string' || !DATE.test(date)) return undefined;
  const millis = Date.parse(`${date}T00:00:00Z`);
  // Date.parse takes 31 April as 1 May.
  return Number.isNaN(millis) || dateText(millis / DAY) !== date ? undefined : millis / DAY;
}

/**
 * Days since 1970-01-01 as "2020-08-13".
 *
 * @throws {RangeError} beyond the years that a JavaScript Date has, about 270,000 before and after 1970.
 */
export function dateText(days: number | bigint): string {
  const date = new Date(Number(days) * DAY);
  if (Number.isNaN(date.getTime())) {
    throw new RangeError(`Cannot decode a date as it must be one of JavaScript: received day ${days}`);
  }
  return date.toISOString().split('T', 1).join('');
}

/** "14:05", "14:05:07", "14:05:07.123456789" as nanoseconds since midnight; undefined for what is no such time. */
export function nanosOfDay(time: unknown): number | undefined {
  const parts = typeof time === 'string' ? TIME.exec(time) : null;
  if (parts === null) return undefined;
  const [, hours, minutes, seconds = '0', fraction = ''] = parts;
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * 1e9 + Number(fraction.padEnd(9, '0'));
}

/**
 * Nanoseconds since midnight as "14:05:07", with 3, 6 or 9 digits of a second's fraction if it has one.
 *
 * @throws {RangeError} for what is not in a day.
 */
export function timeText(nanos: number | bigint): string {
  const all = BigInt(nanos);
  if (all < 0n || all >= DAY_OF_NANOS) {
    throw new RangeError(`Cannot decode a time of day as it must be within one: received ${nanos} ns`);
  }
  const seconds = Number(all / 1_000_000_000n);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const text = parts.map((part) => String(part).padStart(2, '0')).join(':');
  const fraction = String(all % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/(?:000){1,3}$/, '');
  return fraction === '' ? text : `${text}.${fraction}`;
}
