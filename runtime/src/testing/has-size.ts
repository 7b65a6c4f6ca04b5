import { valuesOf, type Matcher } from './matcher.ts';
import { countText, elementsLine, receivedText } from './report.ts';

/**
 * Expects so many elements.
 *
 * @throws {RangeError} if `size` is not a whole number, 0 or more.
 */
export function hasSize(size: number): Matcher<unknown> {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new RangeError(
      `Cannot expect a number of elements as it must be a whole number, 0 or more: received ${size}`,
    );
  }
  return {
    name: 'hasSize',
    judge: (elements) =>
      elements.length === size
        ? undefined
        : {
            summary: `hasSize expects ${countText(size)}, ${receivedText(elements.length)}`,
            lines: elementsLine('received', valuesOf(elements)),
          },
  };
}

/** Expects no elements. */
export function isEmpty(): Matcher<unknown> {
  return {
    name: 'isEmpty',
    judge: (elements) =>
      elements.length === 0
        ? undefined
        : {
            summary: `isEmpty expects no elements, ${receivedText(elements.length)}`,
            lines: elementsLine('received', valuesOf(elements)),
          },
  };
}

/** Expects one element or more. */
export function isNotEmpty(): Matcher<unknown> {
  return {
    name: 'isNotEmpty',
    judge: (elements) =>
      elements.length > 0
        ? undefined
        : { summary: 'isNotEmpty expects at least one element, received none', lines: [] },
  };
}
