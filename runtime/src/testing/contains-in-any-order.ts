import { multisetDifference } from '../coders/multiset-difference.ts';
import { formatCount } from '../display/format.ts';
import { valuesOf, type Matcher, type Mismatch } from './matcher.ts';
import { countText, elementsLine, receivedText } from './report.ts';
import { requireElements } from './require-elements.ts';
import { whereTheyDiffer } from './where-they-differ.ts';

/**
 * Expects these elements and no others, each as often as it is given; in any order, as a PCollection has none.
 *
 * Elements are equal as node's `isDeepStrictEqual` says: NaN equals NaN, -0 differs from 0, and the order of an object's
 * properties, of a Map's entries and of a Set's items does not matter; that of an array's items does.
 *
 * @throws {TypeError} if `expected` is no array.
 */
export function containsInAnyOrder<T>(expected: readonly T[]): Matcher<T> {
  return inAnyOrder('containsInAnyOrder', expected);
}

/** The same as containsInAnyOrder, under the name that Beam's Python SDK has for it. */
export function equalTo<T>(expected: readonly T[]): Matcher<T> {
  return inAnyOrder('equalTo', expected);
}

function inAnyOrder<T>(name: string, expected: readonly T[]): Matcher<T> {
  const wanted = requireElements(name, expected);
  return { name, judge: (elements) => compareInAnyOrder(name, wanted, valuesOf(elements)) };
}

function compareInAnyOrder(
  name: string,
  wanted: readonly unknown[],
  received: readonly unknown[],
): Mismatch | undefined {
  const { onlyLeft: missing, onlyRight: unexpected } = multisetDifference(wanted, received);
  return describeDifference(name, { wanted, received, missing, unexpected });
}

/** What a comparison of elements found. */
export interface FoundDifference {
  readonly wanted: readonly unknown[];
  readonly received: readonly unknown[];
  readonly missing: readonly unknown[];
  readonly unexpected: readonly unknown[];
}

/** Says which elements are missing and which are not expected; undefined if there are none of either. */
export function describeDifference(
  name: string,
  { wanted, received, missing, unexpected }: FoundDifference,
): Mismatch | undefined {
  if (missing.length === 0 && unexpected.length === 0) return undefined;
  const counts = [
    ...(missing.length === 0 ? [] : [`${formatCount(missing.length)} missing`]),
    ...(unexpected.length === 0 ? [] : [`${formatCount(unexpected.length)} unexpected`]),
  ];
  const isPair = missing.length === 1 && unexpected.length === 1;
  return {
    summary: `${name} expects ${countText(wanted.length)}, ${receivedText(received.length)}: ${counts.join(', ')}`,
    lines: [
      ...elementsLine('missing', missing),
      ...elementsLine('unexpected', unexpected),
      ...(isPair ? whereTheyDiffer(missing[0], unexpected[0]) : []),
    ],
  };
}
