import { formatCount, formatPlural } from '../display/format.ts';
import { preview } from '../display/preview.ts';

/** Of an element, in characters. */
const ELEMENT_WIDTH = 70;
/** Of all elements on a line, in characters; a line of an error has 160. */
const LINE_WIDTH = 130;
/** Elements on a line. */
const MOST_SHOWN = 5;

/** An element in a report: one short line. */
export function elementText(value: unknown): string {
  return preview(value, ELEMENT_WIDTH);
}

/** `missing: 1, 2, … 3 more`: as many as fit a line, at least one; no line for no elements. */
export function elementsLine(title: string, values: readonly unknown[]): readonly string[] {
  if (values.length === 0) return [];
  const shown: string[] = [];
  let used = 0;
  for (const value of values.slice(0, MOST_SHOWN)) {
    const text = elementText(value);
    used += text.length + 2;
    if (used > LINE_WIDTH && shown.length > 0) break;
    shown.push(text);
  }
  const more = values.length - shown.length;
  return [`${title}: ${[...shown, ...(more > 0 ? [`… ${formatCount(more)} more`] : [])].join(', ')}`];
}

/** "no elements", "1 element", "1,234 elements". */
export function countText(count: number): string {
  return count === 0 ? 'no elements' : formatPlural(count, 'element');
}

/** "none", "1", "1,234": of elements that were named just before. */
export function receivedText(count: number): string {
  return `received ${count === 0 ? 'none' : formatCount(count)}`;
}
