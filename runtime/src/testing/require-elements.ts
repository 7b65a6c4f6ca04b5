import { describeValue } from '../model/describe-value.ts';

/**
 * A copy of the elements that a matcher expects, so that a later change to the array changes nothing.
 *
 * @throws {TypeError} if they are no array: the types do not hold in plain JavaScript.
 */
export function requireElements<T>(matcher: string, expected: readonly T[]): readonly T[] {
  const received: unknown = expected;
  if (Array.isArray(received)) return [...expected];
  throw new TypeError(
    `Cannot expect elements as ${matcher} takes an array of them: received ${describeValue(received)}`,
  );
}

/** @throws {TypeError} if what must be a function is none. */
export function requireFunction(matcher: string, fn: unknown): void {
  if (typeof fn === 'function') return;
  throw new TypeError(`Cannot judge elements as ${matcher} takes a function: received ${describeValue(fn)}`);
}
