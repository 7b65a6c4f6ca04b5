import { multisetDifference } from '../coders/multiset-difference.ts';
import { valuesOf, type Matcher } from './matcher.ts';
import { countText, elementsLine, receivedText } from './report.ts';

/** Expects these elements, each at least as often as it is given, and lets others be there too. */
export function contains<T>(...expected: readonly T[]): Matcher<T> {
  const name = 'contains';
  return {
    name,
    judge: (elements) => {
      const received = valuesOf(elements);
      const { onlyLeft: missing } = multisetDifference(expected, received);
      if (missing.length === 0) return undefined;
      return {
        summary: `${name} expects ${countText(expected.length)} among others, ${receivedText(received.length)}: ${missing.length} missing`,
        lines: [...elementsLine('missing', missing), ...elementsLine('received', received)],
      };
    },
  };
}
