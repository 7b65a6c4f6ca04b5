import { describeValue } from '../model/describe-value.ts';

/**
 * Gives the options of a transform. A name that it does not know is a mistake, and would have no effect.
 *
 * @param action What is tried, for the error: "generate a sequence".
 * @throws {TypeError}
 */
export function requireOptions<O extends object>(options: O, action: string, names: readonly string[]): O {
  const received: unknown = options; // the types do not hold in plain JavaScript
  const isPlain = typeof received === 'object' && received !== null && !Array.isArray(received);
  const unknown = isPlain ? Object.keys(received).find((name) => !names.includes(name)) : undefined;
  if (isPlain && unknown === undefined) return options;
  throw new TypeError(
    `Cannot ${action} as its options are ${names.join(', ')}: received ${unknown ?? describeValue(received)}`,
  );
}
