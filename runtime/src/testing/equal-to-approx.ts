import { areEqualValues } from '../coders/value-text.ts';
import { describeDifference } from './contains-in-any-order.ts';
import { valuesOf, type Matcher } from './matcher.ts';
import { requireElements } from './require-elements.ts';

/** How far a number may be from the one that is expected: the larger of the two counts. */
export interface Tolerance {
  /** As a part of the larger number; 1e-9 unless told otherwise. */
  readonly relTol?: number;
  /** As a number; 0 unless told otherwise. */
  readonly absTol?: number;
}

/**
 * Expects these elements, in any order, with numbers that need not be equal to the last digit: sums of floating point
 * numbers depend on the order in which they were added up. Numbers within arrays and plain objects count too.
 *
 * Cost: O(n · m) comparisons.
 */
export function equalToApprox<T>(
  expected: readonly T[],
  { relTol = 1e-9, absTol = 0 }: Tolerance = {},
): Matcher<T> {
  const name = 'equalToApprox';
  const wanted = requireElements(name, expected);
  const isClose = (a: number, b: number) =>
    Object.is(a, b) ||
    (Number.isFinite(a - b) &&
      Math.abs(a - b) <= Math.max(relTol * Math.max(Math.abs(a), Math.abs(b)), absTol));
  return {
    name,
    judge: (elements) => {
      const received = valuesOf(elements);
      const missing = [...wanted];
      const unexpected = received.filter((value) => {
        const at = missing.findIndex((each) => areClose(each, value, isClose));
        return at === -1 || missing.splice(at, 1).length === 0;
      });
      return describeDifference(name, { wanted, received, missing, unexpected });
    },
  };
}

function areClose(a: unknown, b: unknown, isClose: (a: number, b: number) => boolean): boolean {
  if (typeof a === 'number' && typeof b === 'number') return isClose(a, b);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => areClose(item, b[index], isClose));
  }
  if (!isPlain(a) || !isPlain(b)) return areEqualValues(a, b);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && areClose(a[key], b[key], isClose))
  );
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
