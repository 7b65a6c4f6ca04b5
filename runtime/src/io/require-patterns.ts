/**
 * Gives file patterns as a list.
 *
 * @param action What is tried, for the error: "read text".
 * @throws {TypeError} if there is none, or one is no text.
 */
export function requirePatterns(patterns: string | readonly string[], action: string): readonly string[] {
  const received: unknown = patterns; // the types do not hold in plain JavaScript
  const list: readonly unknown[] = Array.isArray(received) ? [...(received as unknown[])] : [received];
  if (list.length > 0 && list.every((pattern) => typeof pattern === 'string' && pattern !== '')) {
    return list as readonly string[]; // seen above
  }
  throw new TypeError(
    `Cannot ${action} as patterns must be paths: received ${JSON.stringify(list.length === 1 ? list[0] : list)}`,
  );
}
