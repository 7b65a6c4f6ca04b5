import { areEqualValues } from '../coders/value-text.ts';
import { elementText } from './report.ts';

/** Shorter elements are compared at a glance. */
const LONG = 40;
const MOST_STEPS = 20;

/**
 * Says where in it an element differs from the one that was expected: `differs at .place.city: expected "Bern", received
 * "Basel"`. No line for elements that are short, or differ as a whole.
 */
export function whereTheyDiffer(expected: unknown, received: unknown): readonly string[] {
  if (Math.max(elementText(expected).length, elementText(received).length) < LONG) return [];
  const found = firstDifference(expected, received, []);
  if (found.path.length === 0) return [];
  return [`differs at ${found.path.join('')}: expected ${found.expected}, received ${found.received}`];
}

interface FirstDifference {
  readonly path: readonly string[];
  readonly expected: string;
  readonly received: string;
}

function firstDifference(left: unknown, right: unknown, path: readonly string[]): FirstDifference {
  const whole = { path, expected: elementText(left), received: elementText(right) };
  if (path.length >= MOST_STEPS || !isPlain(left) || !isPlain(right)) return whole;
  if (Array.isArray(left) !== Array.isArray(right)) return whole;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  for (const key of keys) {
    const step = [...path, Array.isArray(left) ? `[${key}]` : `.${key}`];
    if (!(key in left)) return { path: step, expected: 'nothing', received: elementText(right[key]) };
    if (!(key in right)) return { path: step, expected: elementText(left[key]), received: 'nothing' };
    if (!areEqualValues(left[key], right[key])) return firstDifference(left[key], right[key], step);
  }
  return whole;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
