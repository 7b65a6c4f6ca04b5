import { describeValue } from './describe-value.ts';

/** An element in one line, for an error message: as JSON, as far as that tells it, or in a few words. */
export function elementText(element: unknown): string {
  if (typeof element !== 'object' || element === null) return describeValue(element);
  let text: unknown;
  try {
    text = JSON.stringify(element);
  } catch {
    // A cycle, or a big integer.
  }
  if (typeof text !== 'string') return describeValue(element);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
