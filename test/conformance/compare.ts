import type { Outputs } from './run-case.ts';

/** How much of an element is shown. */
const SHOWN = 100;

/** Says in a few words how outputs differ; undefined if they are equal. Of some outputs elements may come in any order. */
export function difference(expected: Outputs, actual: Outputs): string | undefined {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
  const found = names.flatMap((name) => {
    const what = differenceOf(expected[name], actual[name]);
    return what === undefined ? [] : [`${name}: ${what}`];
  });
  return found.length === 0 ? undefined : found.join('; ');
}

function differenceOf(
  expected: readonly string[] | undefined,
  actual: readonly string[] | undefined,
): string | undefined {
  if (expected === undefined) return 'Beam Python has no such output';
  if (actual === undefined) return 'there is no such output';
  const missing = without(expected, actual);
  const extra = without(actual, expected);
  if (missing.length === 0 && extra.length === 0) return undefined;
  return [
    `${missing.length} of ${expected.length} missing, ${extra.length} extra`,
    ...missing.slice(0, 1).map((text) => `missing ${shorten(text)}`),
    ...extra.slice(0, 1).map((text) => `extra ${shorten(text)}`),
  ].join(', ');
}

/** The elements of a list that are not in another, as often as they are not. */
function without(elements: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const other of others) left.set(other, (left.get(other) ?? 0) + 1);
  return elements.filter((element) => {
    const count = left.get(element) ?? 0;
    left.set(element, count - 1);
    return count <= 0;
  });
}

function shorten(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
