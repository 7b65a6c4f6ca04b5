import { describeValue } from '../model/describe-value.ts';

/** A span of time: `{ minutes: 1, seconds: 30 }`, or a number of milliseconds. A day has 24 hours. */
export type Duration =
  | number
  | {
      readonly days?: number;
      readonly hours?: number;
      readonly minutes?: number;
      readonly seconds?: number;
      readonly milliseconds?: number;
    };

const MILLISECONDS: Readonly<Record<string, number>> = {
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1000,
  milliseconds: 1,
};

/**
 * A duration in milliseconds.
 *
 * @param action What is tried and what the duration is there, for the error: "window as size".
 * @throws {RangeError} if it is not a whole number of milliseconds, or less than `least`.
 */
export function durationMs(
  duration: Duration,
  { action, least = 0 }: { readonly action: string; readonly least?: number },
): number {
  const ms = millisecondsOf(duration);
  if (ms !== undefined && Number.isSafeInteger(ms) && ms >= least) return ms;
  const received = ms === undefined ? textOf(duration) : `${ms} ms`;
  throw new RangeError(
    `Cannot ${action} must be a duration of at least ${least} ms, such as { minutes: 1 } or 60_000: received ${received}`,
  );
}

function millisecondsOf(duration: unknown): number | undefined {
  if (typeof duration === 'number') return duration;
  if (typeof duration !== 'object' || duration === null || Object.keys(duration).length === 0)
    return undefined;
  let sum = 0;
  for (const [unit, amount] of Object.entries(duration) as [string, unknown][]) {
    const factor = Object.hasOwn(MILLISECONDS, unit) ? MILLISECONDS[unit] : undefined;
    if (factor === undefined || typeof amount !== 'number') return undefined;
    sum += amount * factor;
  }
  return sum;
}

function textOf(duration: unknown): string {
  return typeof duration === 'object' && duration !== null
    ? JSON.stringify(duration)
    : describeValue(duration);
}
