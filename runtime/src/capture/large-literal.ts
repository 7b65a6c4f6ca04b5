/** Shorter literals are read by the bundler and by V8 as they stand. */
const SHORTEST = 100_000;

/**
 * Code for the same value as `literal`, for which JSON.parse reads the large data in one string: parsers of JavaScript
 * make a node of each part of it. All else than a literal of JSON, or a Map or Set of one, stays as it is.
 */
export function largeLiteral(literal: string): string {
  if (literal.length < SHORTEST) return literal;
  const [, made = '', data = literal] = /^(new (?:Map|Set))\((\[.*\])\)$/s.exec(literal) ?? [];
  try {
    JSON.parse(data);
  } catch {
    return literal;
  }
  const parsed = `JSON.parse(${JSON.stringify(data)})`;
  return made === '' ? parsed : `${made}(${parsed})`;
}
