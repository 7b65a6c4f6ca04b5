/**
 * Checks an option that has a few values.
 *
 * @param options.action What is tried, for the error: "read text".
 * @throws {RangeError}
 */
export function requireOneOf(
  value: unknown,
  allowed: readonly unknown[],
  { action, name }: { readonly action: string; readonly name: string },
): void {
  if (allowed.includes(value)) return;
  throw new RangeError(
    `Cannot ${action} as ${name} must be ${allowed.join(' or ')}: received ${String(value)}`,
  );
}
